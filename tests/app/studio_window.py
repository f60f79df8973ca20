"""A window of its own process that records, to be killed by a test."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.shell.crash import Faults
from app.window import make_window


def main() -> None:
    folder, settings, resource_id, camera, mic = sys.argv[1:]
    application = QApplication(sys.argv[:1])
    faults = Faults(Path(settings) / "lapel.log")
    window = make_window(application, Path(folder), settings=Path(settings), faults=faults)
    window.desk.settings.change(first_run_done=True, countdown_s=0, camera=camera, mic=mic)
    window.show()
    window.start()
    while window.screen_name is None:
        application.processEvents()
    window.to("studio", resource_id)
    asked = QTimer()

    def look() -> None:
        screen = window.screens.get("studio")
        if screen is None or screen.recorder.session is None or not screen.view.video.has_picture:
            return
        if screen.take is None:
            screen.record()
        elif screen.at_us > 1_000_000:
            print(screen.take.id, flush=True)
            asked.stop()

    asked.timeout.connect(look)
    asked.start(50)
    application.exec()


main()
