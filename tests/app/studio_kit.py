"""A producer in Studio: the window on a resource, devices open, takes recorded with the keys."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.screens.studio import StudioScreen
from capture.phone_network import Network
from tests.app.window_kit import Producer
from tests.capture.phone_kit import Phone


def enters(
    producer: Producer, resource_id: str, *, camera: str, mic: str, picture: bool = True
) -> StudioScreen:
    """Open the window and Studio with these devices, and wait until they are there."""
    window = producer.opens()
    window.desk.settings.change(camera=camera, mic=mic, countdown_s=0)
    screen = producer.goes_to("studio", resource_id)
    producer.wait(lambda: screen.recorder.session is not None, timeout=30_000)
    if picture:
        producer.wait(lambda: screen.view.video.has_picture, timeout=30_000)
    return screen


def sample_devices(sample: Path) -> dict[str, str]:
    """The first answer of the sample interview as camera and microphone."""
    return {"camera": f"file:{sample / '1-what.camera.mp4'}", "mic": f"file:{sample / '1-what.flac'}"}


def takes_of(screen: StudioScreen) -> list:
    return [take for row in screen.state_now.rows for take in row.takes]


def records(producer: Producer, screen: StudioScreen, *, seconds: float = 1.2) -> None:
    producer.presses("R", on=screen)
    producer.wait(lambda: screen.take is not None and screen.at_us > seconds * 1e6, timeout=30_000)


def keeps(producer: Producer, screen: StudioScreen, count: int) -> None:
    """Wait until so many takes are safe in the library."""

    def kept() -> bool:
        takes = takes_of(screen)
        return len(takes) == count and all(take.state in ("safe", "damaged") for take in takes)

    producer.wait(kept, timeout=60_000)
    producer.rest()


def why(takes: list) -> list:
    """What a failing test should tell of its takes."""
    return [(take.state, [event.text for event in take.events]) for take in takes]


class PhoneBeside:
    """Chromium as the phone, in a thread of its own: the window must go on while the browser works."""

    def __init__(self, producer: Producer, profile: Path, **options: object) -> None:
        self._producer = producer
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._playwright = self._does(lambda: sync_playwright().start())
        self.phone = Phone(self._playwright, profile, **options)

    def _does(self, fn):
        future = self._thread.submit(fn)
        self._producer.wait(future.done, timeout=90_000)
        return future.result()

    def opens(self, url: str) -> None:
        self._does(lambda: self.phone.open(url))

    def does(self, act):
        """Do something with the page, and return what comes of it."""
        return self._does(lambda: act(self.phone.page))

    def is_out_of_reach(self, *, away: bool) -> None:
        self._does(lambda: self.phone.context.set_offline(away))

    def dies(self) -> None:
        self._does(self.phone.kill)

    def close(self) -> None:
        # Without the window: it may be closed already.
        self._thread.submit(self.phone.close).result(30)
        self._thread.submit(self._playwright.stop).result(30)
        self._thread.shutdown()


def lets_in(producer: Producer, screen: StudioScreen, beside: PhoneBeside) -> None:
    """Choose the phone as the camera, and let the phone open what the code says."""
    screen.phone.find_networks = lambda: (Network("loopback", "127.0.0.1", "other"),)
    screen.devices.use(camera="phone")
    producer.wait(lambda: screen.phone.invitation is not None, timeout=30_000)
    beside.opens(screen.phone.invitation.url)
    producer.wait(lambda: screen.phone.present, timeout=30_000)
