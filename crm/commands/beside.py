"""For gunicorn, when `serve` started it: it goes when `serve` goes, however that ended."""

import os
import signal
import threading
from typing import Any


def on_starting(server: Any) -> None:  # noqa: ARG001
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()


def _leave_with(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
