"""Recordings in, checked packages out, in one go: what ``lapel make`` and ``lapel demo`` do."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import assets
from capture.errors import BadInputError
from capture.work import Work
from editor import guides, resources, suggest, tasks
from editor.ids import new_id
from editor.library import Library
from editor.model import STANDARD_RENDITION, Prompt, Rendition, Resource
from editor.preparing import Preparing, standard_steps
from editor.result import read_result
from export import places, publish
from export.terms import Terms

LONG_SILENCE_US = 1_200_000
MAX_FILES = 200


@dataclass(slots=True)
class Timings:
    """How long each named step took, in seconds, in the order of work."""

    steps_s: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time the block and add it to ``name``."""
        start_s = time.monotonic()
        yield
        self.steps_s[name] = round(self.steps_s.get(name, 0.0) + time.monotonic() - start_s, 3)


@dataclass(frozen=True, slots=True)
class Made:
    """A resource made in one go, and how long each step took."""

    resource: Resource
    published: publish.Published
    timings_s: dict[str, float]


def make(
    library: Library,
    files: Sequence[Path],
    *,
    title: str,
    expert: str = "",
    level: str | None = None,
    roles: Sequence[str] = (),
    targets: Sequence[str],
    out: Path | None = None,
    rendition: Rendition = STANDARD_RENDITION,
    work: Work,
) -> Made:
    """Import, tidy, caption, suggest tags, check and export.

    A file whose name holds the key of a guide prompt ("3-when.mp4") answers that prompt; another becomes a
    chapter of its own, named after the file.

    Raises:
        BadInputError: A file or an argument cannot be used; no resource is left behind.
    """
    if not 0 < len(files) <= MAX_FILES:
        raise BadInputError("make.files", count=len(files), most=MAX_FILES)
    publish.check_targets(targets)
    if out is not None:
        with places.rooms(out.expanduser().absolute(), out=None):
            pass  # better refused now than after the captions
    prompts = prompts_for(files)
    resource = resources.new_resource(library, title=title, expert=expert, prompts=prompts)
    timings = Timings()
    with Preparing(library, standard_steps()) as preparing:
        try:
            with timings.step("import"):
                for number, file in enumerate(files):
                    step = work.part(0.1 * number / len(files), 0.1 * (number + 1) / len(files))
                    take = tasks.import_file(library, resource.id, file, prompt=number + 1, work=step)
                    preparing.add(take)
        except BaseException:
            preparing.stop()
            library.erase(resource.id)
            raise
        with timings.step("prepare"):
            preparing.finish(work=work.part(0.1, 0.4))
    resources.tag(library, resource.id, level=level, roles=roles)
    return finish(
        library,
        resource.id,
        targets=targets,
        out=out,
        rendition=rendition,
        timings=timings,
        work=work.part(0.4, 1),
    )


def finish(
    library: Library,
    resource_id: str,
    *,
    targets: Sequence[str],
    out: Path | None,
    rendition: Rendition = STANDARD_RENDITION,
    timings: Timings,
    work: Work,
) -> Made:
    """Do what follows the takes: caption, tidy, suggest tags, check and export."""
    with timings.step("caption"):
        tasks.caption(library, resource_id, work=work.part(0, 0.35))
    with timings.step("tidy"):
        wanted = tasks.Tidy(trim=True, silence_us=LONG_SILENCE_US)
        tasks.edit(library, resource_id, wanted, work=work.part(0.35, 0.4))
    with timings.step("suggest"):
        found = read_result(library, resource_id)
        proposed = suggest.suggest(found.resource, found.takes, found.transcripts)
        resources.accept(library, resource_id, suggestions=proposed)
    published = publish.publish(
        library,
        resource_id,
        targets=targets,
        out=out,
        terms=Terms(rendition=rendition),
        work=work.part(0.4, 1),
    )
    resource = library.resource(resource_id)
    return Made(resource, published, {**timings.steps_s, **published.timings_s})


def prompts_for(files: Sequence[Path]) -> tuple[Prompt, ...]:
    """Return a prompt for each file: that of the guide whose key the name holds, else one named after it."""
    found = guides.find_guide(guides.LOCAL_EXPERT)
    guide: dict[str, Prompt] = {prompt.key: prompt for prompt in found.prompts}
    prompts: list[Prompt] = []
    for number, file in enumerate(files, start=1):
        words = [word for word in re.split(r"[\W_]+", file.stem) if word and not word.isdecimal()]
        key = next((word.lower() for word in words if word.lower() in guide), None)
        if key is not None:
            prompts.append(replace(guide.pop(key), id=new_id("p")))
        else:
            name = " ".join(words).strip() or assets.text("make.part", number=number)
            name = name[:1].upper() + name[1:]
            prompts.append(Prompt(id=new_id("p"), key="question", text=name, title=name))
    return tuple(prompts)
