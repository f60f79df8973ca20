"""FFmpeg as a network camera: motion JPEG over HTTP, or a transport stream over TCP, on loopback."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

from capture.ffmpeg import ffmpeg_path

PICTURE = ["-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30"]
MJPEG = [*PICTURE, "-c:v", "mjpeg", "-q:v", "4", "-f", "mpjpeg", "-listen", "1"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"]
TS = [*H264, "-f", "mpegts"]
SOUND = ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-c:a", "aac"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def serving(*options: str) -> Iterator[subprocess.Popen]:
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-loglevel", "error", *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        time.sleep(0.7)  # until it listens: connecting to look would take its only place
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)
            process.kill()


def mjpeg(port: int):
    return serving(*MJPEG, f"http://127.0.0.1:{port}")


def transport(port: int, gop: int):
    return serving(*PICTURE, *SOUND, *TS, "-g", str(gop), f"tcp://127.0.0.1:{port}?listen=1")
