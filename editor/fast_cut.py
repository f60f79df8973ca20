"""Put a result together from working copies: most pictures are copied, only those at the joins encoded."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from editor.encode import CannotJoinError, encoded, house_settings
from editor.film import Film
from editor.joins import Run
from editor.working_copy import WorkingCopy

if TYPE_CHECKING:
    from av import Packet, VideoStream


def joined(
    film: Film, runs: Sequence[Run], copies: Mapping[str, WorkingCopy], *, headers: bytes
) -> Iterator[tuple[Packet[VideoStream], int]]:
    """Yield the pictures of a result in the order of decoding, each with where its run starts.

    Args:
        film: The same result, for the pictures that must be encoded.
        runs: As ``plan_runs`` found them.
        copies: The working copies of the takes in them.
        headers: The parameter sets of the file they go into.

    Raises:
        CannotJoinError: A copy or the encoder has others, or a copy is not what its settings say.
        NoPictureError: A picture cannot be decoded.
    """
    with _Copies(copies, headers=headers) as opened:
        for run in runs:
            if run.copied:
                packets = opened.packets(run)
            else:
                settings = house_settings(film.cut_list.rate, film.size, crf=run.crf)
                packets = encoded(settings, film.frames(run.result_frame, run.frames), headers=headers)
            for packet in packets:
                yield packet, run.result_frame


class _Copies:
    """Working copies that are being read, one at a time."""

    def __init__(self, copies: Mapping[str, WorkingCopy], *, headers: bytes) -> None:
        self._copies = copies
        self._headers = headers
        self._stack = contextlib.ExitStack()
        self._take_id = ""

    def __enter__(self) -> _Copies:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def packets(self, run: Run) -> Iterator[Packet[VideoStream]]:
        """Yield the pictures of a run; time stamps count frames from its start."""
        import av

        copy = self._copies[run.take_id]
        if self._take_id != run.take_id:
            self._stack.close()
            self._container = self._stack.enter_context(av.open(f"file:{copy.path.absolute()}"))
            self._take_id = run.take_id
        stream = self._container.streams.video[0]
        if bytes(stream.codec_context.extradata or b"") != self._headers:
            raise CannotJoinError
        step = 1 / copy.rate / (stream.time_base or 1)
        self._container.seek(round(run.copy_frame * step), stream=stream)
        left = run.frames
        for packet in self._container.demux(stream):
            if not left:
                return
            place = (packet.pts or 0) / step - run.copy_frame
            is_start = left == run.frames
            if is_start and not (place == 0 and packet.is_keyframe):
                raise CannotJoinError
            if place.denominator != 1 or not 0 <= place < run.frames:
                raise CannotJoinError
            packet.pts = int(place)
            left -= 1
            yield packet
        if left:
            raise CannotJoinError
