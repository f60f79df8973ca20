"""Make what a phone sent part of its take, laid against the lapel by sound."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from capture.errors import BadInputError
from capture.phone_journal import SegmentEnd, SegmentStore, read_end, segments_in
from capture.probe import MediaInfo, probe
from capture.sync import CannotSyncError, sync_take
from capture.take import Marker, Segment, Take, write_take
from capture.verify import verified
from capture.work import Work

DEVICE_ID = "phone"


def complete(folder: Path) -> bool:
    """Whether every file that a phone began in this folder has been finished, and there is one."""
    numbers = segments_in(folder)
    return bool(numbers) and all(_file(folder, number) is not None for number in numbers)


def was_stopped(folder: Path) -> bool:
    """Whether the last file of a phone in this folder ended because the take did, not by an interruption."""
    numbers = segments_in(folder)
    end = read_end(folder, numbers[-1]) if numbers else None
    return end is not None and end.why in {"stopped", "space"}


def is_left_out(folder: Path, take: Take) -> bool:
    """Whether a phone sent something of a take that its ``take.json`` does not know of yet."""
    return take.devices.camera_id != DEVICE_ID and bool(segments_in(folder))


def take_what_is_here(folder: Path) -> None:
    """Give every file that a phone began its name, although the phone will not send the rest.

    A decision of the person who knows that the phone is lost: should it come back, what it still has is
    refused, and stays on it.

    Raises:
        DamagedPartsError: A file is not what was acknowledged.
    """
    for number in segments_in(folder):
        store = SegmentStore(folder, number)
        if store.finished_file is None and store.parts:
            store.finish(SegmentEnd(store.next_seq, store.length, why="lost"))
        store.close()


def with_phone(folder: Path, take: Take, *, name: str = "", work: Work) -> Take:
    """Return the take with the phone's files in it, verified and synchronised, and write ``take.json``.

    To be called when the recorder has finished the take: until then ``take.json`` is the recorder's. May be
    called again when more has arrived.

    Args:
        folder: The take's folder.
        take: As the recorder left it; without other devices, fresh.
        name: What people call the phone.
        work: Told of progress; asked whether to stop.

    Raises:
        Cancelled: The person stopped the job; nothing was changed.
    """
    work.report(0.0, "phone.checking")
    others = tuple(segment for segment in take.segments if segment.track != "phone")
    found: list[tuple[Segment, MediaInfo]] = []
    lost = False
    for number in segments_in(folder):
        file = _file(folder, number)
        if file is None:
            continue
        work.checkpoint()
        try:
            info = probe(file, work=work.quiet())
        except BadInputError:
            # A phone that died in its first second sent a file's head and no more: nothing was lost in it.
            lost = lost or len(SegmentStore(folder, number).parts) > 1
            continue
        end = read_end(folder, number)
        length_us = info.duration_us if info.video is None else info.picture_end_us
        started_us = end.started_us if end is not None else 0
        found.append((Segment("phone", file.name, started_us, length_us), info))
    take = _described(take, others, found, name=name)
    take = verified(folder, take, work=work.part(0.2, 0.6))
    if lost:
        events = (*take.events, Marker(take.duration_us, "camera.unreadable"))
        take = replace(take, state="damaged", events=events)
    write_take(folder, take)
    try:
        return sync_take(folder, take, work=work.part(0.6, 1.0))
    except CannotSyncError as error:
        take = replace(take, events=(*take.events, Marker(0, f"phone.{error.message_key.split('.')[-1]}")))
        write_take(folder, take)
        return take


def _described(
    take: Take, others: tuple[Segment, ...], found: list[tuple[Segment, MediaInfo]], *, name: str
) -> Take:
    """Return the take with the phone's segments on its clock.

    Where the phone's clock was never compared, a segment is taken to follow the one before it.
    """
    # 0 of the take's clock on the laptop's is not in take.json: the lapel's sync says it, or the phone does.
    zero_us = found[0][0].start_us if found else 0
    segments: list[Segment] = []
    for segment, _ in found:
        before_us = segments[-1].start_us + segments[-1].duration_us if segments else 0
        start_us = max(before_us, segment.start_us - zero_us) if segment.start_us else before_us
        segments.append(replace(segment, start_us=start_us))
    rates = [info.video.rate for _, info in found if info.video is not None]
    mic = [each for each in others if each.track == "mic"]
    phone_end_us = max((each.start_us + each.duration_us for each in segments), default=0)
    return replace(
        take,
        segments=(*others, *segments),
        duration_us=take.duration_us if mic else phone_end_us,
        has_picture=take.has_picture or bool(rates),
        picture_rate=take.picture_rate or (str(_usual(rates[0])) if rates else ""),
        devices=replace(take.devices, camera_id=DEVICE_ID, camera_name=name or take.devices.camera_name),
    )


def _usual(rate: Fraction) -> Fraction:
    """Return the steady rate nearest to a phone's, which varies with the light."""
    usual = (Fraction(24), Fraction(25), Fraction(30), Fraction(50), Fraction(60))
    return min(usual, key=lambda each: abs(each - rate))


def _file(folder: Path, number: int) -> Path | None:
    candidates = (folder / f"phone-{number:03}{suffix}" for suffix in (".mp4", ".webm"))
    return next((path for path in candidates if path.exists()), None)
