"""Show the whole job on the bundled interview, recorded through file devices as hardware would be."""

from __future__ import annotations

from pathlib import Path

from capture.work import Work
from editor import resources, tasks
from editor.library import Library
from editor.preparing import Preparing, standard_steps
from export import make, registry

TITLE = "Turn a web enquiry into a booked call"
EXPERT = "Amara Osei, Regional Sales Lead"
PRIORITY = "Answer every web enquiry within the hour"


def demo(library: Library, sample: Path, *, out: Path, work: Work) -> make.Made:
    """Record the answers of ``sample``, each captioned while the next is recorded; tidy, tag and export.

    Args:
        sample: Folder with ``N-key.flac`` (lapel) and ``N-key.camera.mp4`` for each prompt.
        out: Folder for the packages.
    """
    resource = resources.new_resource(
        library, title=TITLE, guide="local-expert", expert=EXPERT, priority=PRIORITY
    )
    resources.consent(library, resource.id, shown_to="everybody who tries Lapel")
    voices = sorted(sample.glob("*.flac"))
    timings = make.Timings()
    with Preparing(library, standard_steps()) as preparing:
        with timings.step("record"):
            for number, voice in enumerate(voices):
                take = tasks.record(
                    library,
                    resource.id,
                    prompt=number + 1,
                    camera=f"file:{voice.with_suffix('.camera.mp4')}",
                    mic=f"file:{voice}",
                    paced=False,
                    work=work.part(0.2 * number / len(voices), 0.2 * (number + 1) / len(voices)),
                )
                preparing.add(take)
        with timings.step("prepare"):
            preparing.finish(work=work.part(0.2, 0.3))
    return make.finish(
        library, resource.id, targets=registry.BUILT, out=out, timings=timings, work=work.part(0.3, 1)
    )
