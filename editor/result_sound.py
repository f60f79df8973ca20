"""Let a producer hear the result's sound as learners will, and as it was recorded, equally loud."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from capture.take import Take
from capture.work import Work
from editor.audio import RATE_HZ, Sound
from editor.clean_sound import clean_and_level
from editor.encode import told_of_disk
from editor.even_answers import write_even_sound
from editor.loudness import SOUND_SUFFIX, Levelled, Loudness, read_blocks
from editor.model import CleanSound, CutList

_FILE = {"samplerate": RATE_HZ, "channels": 1, "format": "FLAC", "subtype": "PCM_24"}


@dataclass(frozen=True, slots=True)
class ResultSound:
    """The whole sound of a result in files, sample by sample as long as its frames last.

    Args:
        strength: How much of the noise was taken out.
        before: How loud it is as it was recorded, all answers alike.
        after: How loud it is as learners hear it.
        published: The file of that; where the other cannot be made as loud, a little quieter.
        original: The file of what was recorded, as loud as the other, so that ears judge fairly.
    """

    strength: CleanSound
    before: Loudness
    after: Loudness
    published: Path
    original: Path

    @property
    def gain_db(self) -> float:
        """How much louder it was made; 0 for silence."""
        gain_db = self.after.integrated_lufs - self.before.integrated_lufs
        return gain_db if math.isfinite(gain_db) else 0.0


def write_result_sound(
    cut_list: CutList,
    takes: Mapping[str, Take],
    folders: Mapping[str, Path],
    *,
    strength: CleanSound,
    into: Path,
    work: Work,
) -> ResultSound:
    """Write the sound of a result as it will be published, and as it was recorded at the same loudness.

    Args:
        cut_list: The result.
        takes: Its takes by their ids.
        folders: The folder of each take by its id.
        strength: How much of the noise to take out.
        into: An empty folder for the files.
        work: Told of progress; asked often whether to stop.

    Raises:
        MediaMissingError: A file of a take is gone.
        UserError: The disk is full.
        Cancelled: The person stopped the job.
    """
    source = into / f"source{SOUND_SUFFIX}"
    with told_of_disk(source):
        write_even_sound(cut_list, takes, folders, source, work=work.part(0.0, 0.2))
        wanted: tuple[tuple[str, CleanSound], ...] = (("published", strength), ("original", "off"))
        made: list[tuple[Path, Levelled]] = []
        for n, (name, strong) in enumerate(wanted[: 1 if strength == "off" else 2]):
            out = into / f"{name}{SOUND_SUFFIX}"
            step = work.part(0.2 + 0.5 * n, 0.7 + 0.3 * n)
            made.append((out, clean_and_level(source, out, strength=strong, work=step)))
        source.unlink()
        # A voice of high peaks cannot be made as loud as its cleaned, compressed self.
        common_lufs = min(done.after.integrated_lufs for _, done in made)
        files = [_as_flac(out, gain_db=common_lufs - done.after.integrated_lufs) for out, done in made]
    work.report(1.0)
    return ResultSound(strength, made[0][1].before, made[0][1].after, files[0], files[-1])


def _as_flac(sound: Path, *, gain_db: float) -> Path:
    """Write a file of ``write_sound`` as one that takes less room, in its place."""
    import soundfile

    out = sound.with_suffix(".flac")
    factor = np.float32(10 ** (gain_db / 20)) if math.isfinite(gain_db) else np.float32(1)
    with soundfile.SoundFile(out, "w", **_FILE) as file:
        for block in read_blocks(sound):
            file.write(block * factor)
    sound.unlink()
    return out


def file_sound(path: Path, *, start: int, block_s: float, work: Work) -> Iterator[Sound]:
    """Yield such a file in blocks, from a sample on.

    Raises:
        Cancelled: The person stopped it.
    """
    import soundfile

    with soundfile.SoundFile(path) as file:
        file.seek(min(start, file.frames))
        while len(block := file.read(round(block_s * RATE_HZ), dtype="float32")):
            work.checkpoint()
            yield block
