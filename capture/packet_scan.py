"""Learn from the packets of a stream, without decoding them, when it is shown and where it can be entered."""

from __future__ import annotations

import struct
from array import array
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoStream

_NAL_SLICE = 1
_NAL_IDR = 5


class PacketScan:
    """What the packets of one stream say, in the ticks of its time base."""

    def __init__(self, stream: VideoStream | AudioStream) -> None:
        self.tick = stream.time_base or Fraction(1, 1_000_000)
        self.shown = array("q")  # presentation times
        self.keys = array("q")
        self.end = 0
        self.skipped_samples = 0
        self.cut_samples = 0
        self.last_duration = 0
        self.keepable = True
        self._next = 0
        extradata = stream.codec_context.extradata or b""
        is_h264 = stream.type == "video" and stream.codec_context.name == "h264"
        self._nal_size_bytes = (extradata[4] & 3) + 1 if len(extradata) > 4 and extradata[0] == 1 else 0
        self._key_check = self._starts_anew if is_h264 else (lambda packet: True)

    def add(self, packet: Packet[VideoStream] | Packet[AudioStream]) -> None:
        """Take one packet into account."""
        if packet.is_discard:  # hidden by an edit list, there only to decode others
            self.keepable = False
            return
        at = packet.pts if packet.pts is not None else packet.dts
        self.keepable = self.keepable and packet.pts is not None and packet.dts is not None
        if at is None:  # a raw stream: nothing but the order is known
            at = self._next
        self.last_duration = packet.duration or self.last_duration
        self._next = at + self.last_duration
        if self.keys and at < self.keys[-1]:
            self.keepable = False  # shown before the key frame that must be decoded first
        if packet.is_keyframe:
            self.keys.append(at)
            self.keepable = self.keepable and self._key_check(packet)
        self.shown.append(at)
        self.end = self._next if len(self.shown) == 1 else max(self.end, self._next)
        skipped, self.cut_samples = skipped_samples(packet)
        if len(self.shown) == 1:
            self.skipped_samples = skipped

    def _starts_anew(self, packet: Packet[VideoStream] | Packet[AudioStream]) -> bool:
        """Whether an H.264 key frame is an IDR picture: nothing reaches past it (ITU-T H.264, 7.4.1.2.4)."""
        return _first_slice(bytes(packet), self._nal_size_bytes) == _NAL_IDR


def skipped_samples(packet: Packet[Any]) -> tuple[int, int]:
    """Return how many samples its encoder put in front and behind that no one is to hear."""
    if not packet.has_sidedata("skip_samples"):
        return 0, 0
    front, behind = struct.unpack_from("<II", bytes(packet.get_sidedata("skip_samples")))
    return front, behind


def _first_slice(data: bytes, nal_size_bytes: int) -> int:
    """Return the type of the first slice in an H.264 packet, or 0.

    Args:
        data: One packet: a row of NAL units.
        nal_size_bytes: How long the size in front of each unit is; 0 for start codes (Annex B).
    """
    offset = 0
    while True:
        if nal_size_bytes:
            length = int.from_bytes(data[offset : offset + nal_size_bytes], "big")
            offset += nal_size_bytes
        else:
            offset = data.find(b"\0\0\1", offset) + 3
            length = 0
            if offset < 3:
                return 0
        if offset >= len(data):
            return 0
        kind = data[offset] & 0x1F
        if kind in (_NAL_SLICE, _NAL_IDR):
            return kind
        offset += length
