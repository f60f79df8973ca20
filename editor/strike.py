"""Strike words and put them back as a producer selects them, also over several takes at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from editor import cutlist, tidy
from editor.model import Edit, Take, Word
from editor.selection import Run
from editor.speech import Levels


def strike_runs(
    edit: Edit,
    selected: Sequence[Run],
    *,
    takes: Mapping[str, Take],
    words: Mapping[str, Sequence[Word]],
    levels: Mapping[str, Levels],
) -> Edit:
    """Return the edit without the selected words.

    Args:
        edit: What was decided so far.
        selected: Words by their indexes, as ``selection.runs`` returns them.
        takes: By id.
        words: Of each take, corrected as the text shows them.
        levels: Of each take; one whose levels are not there yet is cut by the times of its words alone.
    """
    for run in selected:
        own = words[run.take_id]
        if run.take_id in levels:
            take = takes[run.take_id]
            edit = tidy.strike(edit, take, levels[run.take_id], own, first=run.first, last=run.last)
        else:
            edit = cutlist.strike(edit, run.take_id, own[run.first : run.last + 1])
    return edit


def restore_runs(edit: Edit, selected: Sequence[Run], *, words: Mapping[str, Sequence[Word]]) -> Edit:
    """Return the edit with the selected words in the result again, with the pauses that went with them."""
    for run in selected:
        own = words[run.take_id]
        cuts = cutlist.take_edit(edit, run.take_id).cuts
        in_us, out_us = own[run.first].start_us, own[run.last].end_us
        # Of the pause to a neighbour that stays struck it gets half; one that is there had lost all of it.
        before = own[run.first - 1] if run.first else None
        if before is None or not cutlist.is_struck(cuts, before):
            low_us = before.end_us if before else 0
        else:
            low_us = (before.end_us + in_us) // 2
        after = own[run.last + 1] if run.last + 1 < len(own) else None
        if after is None:
            high_us = max([out_us, *(cut.out_us for cut in cuts if cut.in_us <= out_us)])
        elif not cutlist.is_struck(cuts, after):
            high_us = after.start_us
        else:
            high_us = (out_us + after.start_us) // 2
        touched = [cut for cut in cuts if cut.in_us < out_us and in_us < cut.out_us]
        if touched:
            low_us = min(in_us, max(low_us, min(cut.in_us for cut in touched)))
            high_us = max(out_us, min(high_us, max(cut.out_us for cut in touched)))
            edit = cutlist.restore(edit, run.take_id, in_us=low_us, out_us=high_us)
    return edit
