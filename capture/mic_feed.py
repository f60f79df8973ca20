"""Read a microphone for as long as a session lasts: measure it, and feed the take being recorded."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator

from capture.devices import MIC_RATE_HZ, Microphone, SoundBlock, open_mic
from capture.feed import Feed
from capture.meter import Meter
from capture.mic_track import MicTrack
from capture.tracks import Tell

US = 1_000_000
_LAG_BLOCKS = 300  # three seconds: some of them come in time


class MicFeed(Feed[Microphone, SoundBlock, MicTrack]):
    """A microphone, read without end.

    Args:
        mic: It, open already; None to open it in the thread.
        paced: Whether a file plays at the speed of life.
        on_level: Told peak and RMS, dB below full scale, ten times a second.
    """

    name = "mic"
    opens_within_s = 8.0

    def __init__(
        self,
        source: str,
        mic: Microphone | None,
        *,
        paced: bool = True,
        on_level: Callable[[float, float], None],
        loops: bool = True,
        after: MicFeed | None = None,
        tell: Tell,
        on_standing: Callable[[], None],
    ) -> None:
        super().__init__(source, mic, loops=loops, after=after, tell=tell, on_standing=on_standing)
        self._paced = paced
        self._on_level = on_level
        self._meter: Meter | None = None
        self._lags_us: collections.deque[int] = collections.deque(maxlen=_LAG_BLOCKS)
        self._drift_us = 0

    def _opened_again(self) -> Microphone:
        mic = open_mic(self._device.id if self._device is not None else self.source, paced=self._paced)
        if mic is None:
            raise ValueError("there was no microphone")
        try:
            mic.open()
        except BaseException:
            mic.close()
            raise
        return mic

    def _items(self, device: Microphone) -> Iterator[SoundBlock]:
        return device.blocks(self._zero_us)

    def _opened(self, device: Microphone) -> None:
        self._lags_us.clear()
        self._drift_us = 0
        self._meter = self._fresh_meter()

    def _fresh_meter(self) -> Meter:
        return Meter(
            lambda key, at_us: self._say(key, self._zero_us + at_us), self._on_level, watch_quiet=self.is_live
        )

    def _begin_file(self, track: MicTrack) -> None:
        # Counted samples and this computer's clock drift apart while nothing is recorded.
        self._drift_us = min(self._lags_us, default=0)
        self._meter = self._fresh_meter()
        track.begin()

    def _at_us(self, block: SoundBlock, track: MicTrack) -> int:
        return block.at_us + self._drift_us + self._zero_us - track.start_us

    def _is_over(self, item: SoundBlock, track: MicTrack) -> bool:
        return track.ended(self._at_us(item, track))

    def _heed(self, item: SoundBlock, track: MicTrack | None) -> None:
        if item.came_us is not None:
            self._lags_us.append(item.came_us - item.at_us - len(item.samples) * US // MIC_RATE_HZ)
        if track is not None:
            came_us = None if item.came_us is None else item.came_us + self._zero_us - track.start_us
            track.add(item, at_us=self._at_us(item, track), came_us=came_us)
        if self._meter is not None:
            self._meter.add(item)
        if item.event is not None:
            self._say(item.event, self._zero_us + item.at_us)

    def _drain_into(self, track: MicTrack) -> None:
        """Nothing is ever held back."""
