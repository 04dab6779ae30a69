"""A gunicorn of two workers with four threads each, and what it costs the machine."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent


class Served:
    """A running server: its address, its processor time and its memory."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    @property
    def family(self):
        master = psutil.Process(self.process.pid)
        return [master, *master.children(recursive=True)]

    def processor(self):
        """Seconds of processor that all its processes have used."""
        return sum(sum(one.cpu_times()[:2]) for one in self.family)

    def memory(self):
        """Megabytes: what its processes hold alone or share fairly (PSS), and as top adds it up (RSS)."""
        full = [one.memory_full_info() for one in self.family]
        return sum(one.pss for one in full) / 1e6, sum(one.rss for one in full) / 1e6


@contextmanager
def serve(application, **environment):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "2",
        "--threads",
        "4",
        "--preload",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
        application,
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"{application} did not start")
            time.sleep(0.1)
        yield Served(process, port)
    finally:
        process.terminate()
        process.wait(20)


class Browser:
    """One connection with its cookies, kept alive."""

    def __init__(self, port):
        self.port, self.cookies = port, {}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method, path, fields=""):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._answer(method, path, fields, headers)
        body = answer.read()
        for name, value in re.findall(
            r"^(\w+)=([^;]*)", "\n".join(answer.headers.get_all("Set-Cookie") or ()), re.MULTILINE
        ):
            self.cookies[name] = value
        return answer.status, body

    def _answer(self, method, path, fields, headers):
        """A connection that the server closed while nobody spoke is opened again."""
        try:
            self.line.request(method, path, fields or None, headers)
            return self.line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.line.close()
            self.line.request(method, path, fields or None, headers)
            return self.line.getresponse()

    def like(self):
        """Another connection of the same person."""
        other = Browser(self.port)
        other.cookies = dict(self.cookies)
        return other


def timed(browser, ask, number):
    """How long each of so many requests took, in milliseconds."""
    took = []
    for _ in range(number):
        method, path, fields, wanted = ask()
        began = time.perf_counter()
        status, _ = browser.ask(method, path, fields)
        took.append((time.perf_counter() - began) * 1000)
        if status != wanted:
            raise RuntimeError(f"{method} {path} answered {status}, not {wanted}")
    return took


def together(browsers, ask, number):
    """The same by several at once; how long each request took, all in one list."""
    found, errors = [], []

    def run(browser):
        try:
            found.extend(timed(browser, ask, number))
        except Exception as error:  # noqa: BLE001  it is raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return found
