"""Processes of an installation, that a test starts and kills as a machine without power does: all at once, unasked."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests import evening

ROOT = Path(__file__).parent.parent
FLASK = [sys.executable, "-u", "-m", "flask", "--app", "crm"]
PATIENCE = 60.0  # seconds for whatever should take one: a busy machine is slow, not wrong


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """This process and its children, in a group of their own; none of them outlives the block."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        kill(process)
        process.wait(PATIENCE)


def kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def environment(**settings: Any) -> dict[str, str]:
    """Nothing of ours but these settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("TWELVEFOLD_", "PORT"))}
    return plain | evening.for_processes() | {f"TWELVEFOLD_{name}": str(value) for name, value in settings.items()}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(true: Any, seconds: float = PATIENCE) -> bool:
    """Wait until it is so; False when it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False
