"""The part of the library that keeps takes, what is said in them, and what was published of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from capture.errors import BadInputError
from editor import cutlist, rows
from editor.ids import is_id
from editor.kept_resources import KeptResources
from editor.model import Feedback, Take, Transcript, Version
from editor.sentences import sentences
from editor.tables import now

_FEEDBACK_KEY = ("resource_id", "who", "number")
_OF_RESOURCE = (
    "SELECT takes.take, links.prompt_id, links.number FROM resource_takes AS links"
    " JOIN takes ON takes.id = links.take_id WHERE links.resource_id = ?"
)


class KeptTakes(KeptResources):
    """Takes with their transcripts, and versions."""

    def take_folder(self, take: Take) -> Path:
        """Return where the media of a take are, or would be."""
        if not (is_id(take.resource_id) and is_id(take.id)):
            raise ValueError(f"not ids: {take.resource_id!r}, {take.id!r}")
        return self.media / take.resource_id / take.id

    def adopt(self, take: Take, folder: Path) -> Take:
        """Keep what is known of a take whose folder is written, and return it; twice does no harm.

        A take that is known already is brought up to date, for instance with its sync; one in the bin stays
        there.

        Args:
            take: As in the ``take.json`` of its folder.
            folder: ``take_folder(take)``.

        Raises:
            BadInputError: Its resource is not in the library.
        """
        if folder.absolute() != self.take_folder(take):
            raise ValueError(f"not the folder of take {take.id}: {folder}")
        with self.transaction():
            known = self._row("SELECT id FROM takes WHERE id = ?", [take.id])
            if known is None:
                self.resource(take.resource_id)
            self._put("takes", rows.take_row(take), key=["id"])
            if known is None:
                self.link((take,), take.resource_id)
            self._stale.update(self.resources_with(take.id))
        return take

    def link(self, takes: Iterable[Take], resource_id: str) -> None:
        """Let a resource use takes, each for its ``take.prompt``, behind those it has; media are shared."""
        with self.transaction():
            last = self._number(
                "SELECT max(position) FROM resource_takes WHERE resource_id = ?", [resource_id]
            )
            for position, take in enumerate(takes, start=last + 1):
                self._run(
                    "INSERT INTO resource_takes (resource_id, take_id, prompt_id, number, position)"
                    " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    [resource_id, take.id, take.prompt.id, take.number, position],
                )
            self._stale.add(resource_id)

    def takes(self, resource_id: str, *, binned: bool = False) -> tuple[Take, ...]:
        """Return the takes of a resource in the order they came, or those of it that are in the bin."""
        which = "links.binned_at <> ''" if binned else "links.binned_at = ''"
        found = self._rows(f"{_OF_RESOURCE} AND {which} ORDER BY links.position", [resource_id])
        return tuple(rows.take_of(row) for row in found)

    def take(self, take_id: str) -> Take:
        """Return a take, in the bin or not.

        Raises:
            BadInputError: No such take.
        """
        row = self._row("SELECT take FROM takes WHERE id = ?", [take_id])
        if row is None:
            raise BadInputError("resource.unknown_take", take=take_id)
        return rows.take_of(row)

    def has_take(self, take_id: str) -> bool:
        """Return whether there is such a take, in the bin or not."""
        return bool(self._rows("SELECT 1 FROM takes WHERE id = ?", [take_id]))

    def next_number(self, resource_id: str, prompt_id: str) -> int:
        """Return the number of the next take of a prompt; those in the bin keep theirs."""
        last = self._number(
            "SELECT max(number) FROM resource_takes WHERE resource_id = ? AND prompt_id = ?",
            [resource_id, prompt_id],
        )
        return last + 1

    def bin_take(self, resource_id: str, take_id: str) -> None:
        """Move a take of a resource to the bin; other resources that share it keep it."""
        self._set_take_binned(resource_id, take_id, now())

    def restore_take(self, resource_id: str, take_id: str) -> None:
        """Take a take of a resource back out of the bin."""
        self._set_take_binned(resource_id, take_id, "")

    def save_transcript(self, transcript: Transcript) -> None:
        """Keep the words of a take in place of those it had.

        Raises:
            BadInputError: The take is not in the library.
        """
        with self.transaction():
            self.take(transcript.take_id)
            row = {
                "take_id": transcript.take_id,
                "language": transcript.language,
                "model": transcript.model,
                "transcript": msgspec.json.encode(transcript).decode(),
            }
            self._put("transcripts", row, key=["take_id"])
            self._index_take(transcript.take_id)
            self._stale.update(self.resources_with(transcript.take_id))

    def transcript(self, take_id: str) -> Transcript | None:
        """Return the words of a take, or None where nobody has written them yet."""
        row = self._row("SELECT transcript FROM transcripts WHERE take_id = ?", [take_id])
        return None if row is None else msgspec.json.decode(row["transcript"], type=Transcript)

    def add_version(self, version: Version) -> None:
        """Keep what was published. Once kept, only further targets may be added to a version.

        Raises:
            BadInputError: Its resource is not in the library.
        """
        with self.transaction():
            self.resource(version.resource_id)
            old = next((v for v in self.versions(version.resource_id) if v.number == version.number), None)
            if old is not None and replace(old, targets=()) != replace(version, targets=()):
                raise ValueError(f"version {version.number} of {version.resource_id} is frozen")
            self._put("versions", rows.version_row(version), key=["resource_id", "number"])
            self._stale.add(version.resource_id)

    def versions(self, resource_id: str) -> tuple[Version, ...]:
        """Return what was published of a resource, the oldest first."""
        found = self._rows(
            "SELECT version FROM versions WHERE resource_id = ? ORDER BY number", [resource_id]
        )
        return tuple(msgspec.json.decode(row["version"], type=Version) for row in found)

    def keep_feedback(self, resource_id: str, said: Sequence[Feedback], *, who: str) -> None:
        """Keep what somebody said of a resource, in place of what they said before.

        Raises:
            BadInputError: No such resource.
        """
        with self.transaction():
            self.resource(resource_id)
            self._run("DELETE FROM feedback WHERE resource_id = ? AND who = ?", [resource_id, who])
            for number, each in enumerate(said):
                self._put("feedback", rows.feedback_row(each, who=who, number=number), key=_FEEDBACK_KEY)

    def feedback(self, resource_id: str) -> tuple[Feedback, ...]:
        """Return what was said of a resource, the newest first."""
        found = self._rows(
            "SELECT * FROM feedback WHERE resource_id = ? ORDER BY said_at DESC, who, number", [resource_id]
        )
        return tuple(map(rows.feedback_of, found))

    def export_folder(self, resource_id: str, number: int) -> Path:
        """Return where the packages of a version go."""
        if not is_id(resource_id):
            raise ValueError(f"not an id: {resource_id!r}")
        return self.exports / resource_id / f"v{number}"

    def _set_take_binned(self, resource_id: str, take_id: str, when: str) -> None:
        with self.transaction():
            self._find_link(resource_id, take_id)
            self._run(
                "UPDATE resource_takes SET binned_at = ?"
                " WHERE resource_id = ? AND take_id = ? AND (binned_at = '') <> (? = '')",
                [when, resource_id, take_id, when],
            )
            self._stale.add(resource_id)

    def _find_link(self, resource_id: str, take_id: str) -> None:
        self.resource(resource_id)
        values = [resource_id, take_id]
        if not self._rows("SELECT 1 FROM resource_takes WHERE resource_id = ? AND take_id = ?", values):
            raise BadInputError("resource.unknown_take", take=take_id)

    def resources_with(self, take_id: str) -> tuple[str, ...]:
        """Return the resources that use a take."""
        found = self._rows("SELECT resource_id FROM resource_takes WHERE take_id = ?", [take_id])
        return tuple(row["resource_id"] for row in found)

    def _index_take(self, take_id: str) -> None:
        """Search what was said in a take, as it is corrected in one of the resources that use it."""
        self._forget_sentences(take_id)
        transcript = self.transcript(take_id)
        if transcript is None:
            return
        words = transcript.words
        edits = [each for id in self.resources_with(take_id) for each in self.resource(id).edit.takes]
        corrected = next((each for each in edits if each.take_id == take_id and each.corrections), None)
        if corrected is not None:
            words = cutlist.corrected_words(words, corrected)
        # All in one step: between two steps of a query a busy thread may keep this one waiting.
        rows_there = [(each.start_us, each.end_us, each.text) for each in sentences(take_id, words)]
        self._run(
            "INSERT INTO sentence_words (take_id, start_us, end_us, text)"
            " SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)",
            [take_id, msgspec.json.encode(rows_there).decode()],
        )

    def _forget_sentences(self, take_id: str) -> None:
        self._run(
            "DELETE FROM sentence_words WHERE rowid IN"
            " (SELECT rowid FROM sentence_words WHERE sentence_words MATCH ? AND take_id = ?)",
            [f'take_id : "{take_id}"', take_id],
        )

    def _spoken(self, resource_id: str) -> str:
        """Return all that is said in the takes of a resource that are not in the bin."""
        said: list[str] = []
        for take_id in self._take_ids([resource_id])[resource_id]:
            found = self._row(
                "SELECT group_concat(text, char(10)) AS said FROM (SELECT text FROM sentence_words"
                " WHERE sentence_words MATCH ? AND take_id = ? ORDER BY start_us)",
                [f'take_id : "{take_id}"', take_id],
            )
            said += [found["said"]] if found is not None and found["said"] else []
        return "\n".join(said)

    def _take_ids(self, resource_ids: Sequence[str]) -> dict[str, list[str]]:
        """Return the ids of the takes of each resource that are not in the bin, in the order they came."""
        found: dict[str, list[str]] = {resource_id: [] for resource_id in resource_ids}
        marks = ", ".join("?" * len(resource_ids))
        links = self._rows(
            "SELECT resource_id, take_id FROM resource_takes"
            f" WHERE binned_at = '' AND resource_id IN ({marks}) ORDER BY position",
            resource_ids,
        )
        for row in links:
            found[row["resource_id"]].append(row["take_id"])
        return found

    def _captioned(self, resource_id: str) -> set[str]:
        """Return the ids of the takes of a resource that have a transcript."""
        found = self._rows(
            "SELECT take_id FROM transcripts JOIN resource_takes USING (take_id) WHERE resource_id = ?",
            [resource_id],
        )
        return {row["take_id"] for row in found}
