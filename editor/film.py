"""Show the result frame by frame: the camera's pictures where there are any, a card where there are none."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from capture.probe import open_media
from capture.take import Take
from capture.work import Work
from editor.cutlist import chapter_titles
from editor.fit import Fitter, Size, canvas
from editor.model import CutList, Placed, Resource
from editor.overlay import Overlay
from editor.picture import Picture, PictureReader, frames_shown, take_pictures
from editor.poster import card
from editor.working_copy import WorkingCopy

if TYPE_CHECKING:
    from av import VideoFrame


def copy_picture(copy: WorkingCopy) -> Picture:
    """Return the frames of a working copy: each is where it belongs on the take's grid."""
    with open_media(copy.path) as container:
        tick_s = Fraction(container.streams.video[0].time_base or 1)
    frames = np.arange(copy.frames)
    ticks = 1 / (copy.rate * tick_s)
    pts = frames * ticks.numerator // ticks.denominator
    return Picture(
        path=copy.path,
        pts=pts,
        keys=pts[list(copy.keys)],
        shown=frames,
        shown_from=frames,
        counted=False,
        sample_aspect=Fraction(1),
        size=copy.size,
    )


class Film:
    """The pictures of a result, all of one size and kind, read forward.

    Args:
        resource: Whose texts stand on cards.
        takes: The takes of the cut list by their ids.
        folders: The folder of each take by its id.
        cut_list: The result.
        limit_px: Most the shorter side may have.
        copies: Working copies to show instead of the cameras' files, by the ids of their takes.
        overlays_of: Returns what is drawn on pictures of a size.
        work: Asked often whether to stop.

    Raises:
        MediaMissingError: A file of a take is gone.
        BadInputError: A file cannot be read.
        Cancelled: The person stopped the job.
    """

    def __init__(
        self,
        resource: Resource,
        takes: Mapping[str, Take],
        folders: Mapping[str, Path],
        cut_list: CutList,
        *,
        limit_px: int,
        copies: Mapping[str, WorkingCopy] = MappingProxyType({}),
        overlays_of: Callable[[Size], Sequence[Overlay]] = lambda _: (),
        work: Work,
    ) -> None:
        self.cut_list = cut_list
        self._resource = resource
        self._titles = chapter_titles(resource)
        self._pictures: dict[str, tuple[Picture, ...]] = {}
        for each in cut_list.placed:
            take_id = each.span.take_id
            if take_id not in self._pictures:
                copy = copies.get(take_id)
                if copy is not None and copy.rate == cut_list.rate:
                    self._pictures[take_id] = (copy_picture(copy),)
                    continue
                found = take_pictures(folders[take_id], takes[take_id], rate=cut_list.rate, work=work)
                self._pictures[take_id] = tuple(picture for picture in found if len(picture.pts))
        self.size = canvas(self._sizes(), limit_px=limit_px)
        self.overlays = overlays_of(self.size)
        self._fitter = Fitter(self.size)
        self._reader: tuple[Picture, PictureReader] | None = None

    @property
    def is_filmed(self) -> bool:
        """Whether any of it was filmed, rather than being cards over a voice."""
        return any(self._pictures.values())

    def _sizes(self) -> Iterator[tuple[Size, int]]:
        for each in self.cut_list.placed:
            for picture in self._pictures[each.span.take_id][:1]:
                yield picture.size, each.frames

    def frames(self, first: int, count: int) -> Iterator[VideoFrame]:
        """Yield ``count`` frames of the result from ``first`` on; one that stands still comes again.

        Raises:
            NoPictureError: A picture cannot be decoded.
        """
        for each in self.cut_list.placed:
            start = max(first, each.result_frame)
            end = min(first + count, each.result_frame + each.frames)
            if start < end:
                shown = self._take_frames(each, start - each.result_frame + each.take_frame, end - start)
                yield from map(self._drawn_on, shown, itertools.count(start))

    def _drawn_on(self, frame: VideoFrame, number: int) -> VideoFrame:
        for overlay in self.overlays:
            if overlay.first <= number < overlay.last:
                frame = overlay.draw(frame, number)
        return frame

    def close(self) -> None:
        """Let the files go."""
        if self._reader is not None:
            self._reader[1].close()
            self._reader = None

    def _take_frames(self, each: Placed, take_frame: int, count: int) -> Iterator[VideoFrame]:
        pictures = self._pictures[each.span.take_id]
        if not pictures:
            frame = self._card(each.span.prompt_id)
            yield from (frame for _ in range(count))
            return
        files, indexes = frames_shown(pictures, take_frame, count)
        changes = np.flatnonzero((np.diff(files) != 0) | (np.diff(indexes) != 0)) + 1
        edges = [0, *changes.tolist(), count]
        for begin, end in itertools.pairwise(edges):
            picture = pictures[int(files[begin])]
            decoded = self._reading(picture).frame(int(indexes[begin]))
            frame = self._fitter.fit(decoded, sample_aspect=picture.sample_aspect)
            yield from (frame for _ in range(begin, end))

    def _reading(self, picture: Picture) -> PictureReader:
        """Return the reader of a file; only one file is open at a time."""
        if self._reader is None or self._reader[0] is not picture:
            self.close()
            self._reader = picture, PictureReader(picture)
        return self._reader[1]

    def _card(self, prompt_id: str) -> VideoFrame:
        from av import VideoFrame

        expert = self._resource.brief.expert
        image = card(
            self.size,
            heading=self._titles.get(prompt_id, "") or self._resource.title,
            label=self._resource.title if self._titles.get(prompt_id) else "",
            name=expert.name,
            role=expert.role,
        )
        return self._fitter.fit(
            VideoFrame.from_ndarray(np.asarray(image), format="rgb24"), sample_aspect=Fraction(1)
        )
