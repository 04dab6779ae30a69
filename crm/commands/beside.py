"""For gunicorn, when `serve` started it: it goes when `serve` goes, however that ended."""

import os
import signal
import threading
from typing import Any

SERVED_BY = "SERVED_BY"  # the process number of `serve`


def on_starting(server: Any) -> None:  # noqa: ARG001
    """`serve` says who it is: it may have gone while this was still starting."""
    parent = int(os.environ.get(SERVED_BY) or os.getppid())
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
