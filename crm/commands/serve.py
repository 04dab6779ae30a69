"""flask --app crm serve: what `make run` calls."""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from crm.accounts.models import Account
from crm.accounts.session import account_session
from crm.commands.beside import SERVED_BY
from crm.commands.database import bring_up_to_date, refuse_the_demo_in_production, the_practice
from crm.core.db import db
from crm.core.settings import PREFIX

ROOT = Path(__file__).parent.parent.parent
SHARED_MEMORY = "/dev/shm"  # noqa: S108  where gunicorn's heartbeats wait for no disk
PAUSE, LONGEST_STOP = 1.0, 20.0  # seconds


@click.command()
@click.option("--port", default=8000, envvar="PORT", type=click.IntRange(1, 65535), show_default=True)
@click.option("--bind", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--workers", default=2, type=click.IntRange(1, 64), show_default=True, help="Server processes.")
@click.option("--threads", default=4, type=click.IntRange(1, 64), show_default=True, help="Threads of each process.")
@click.option(
    "--demo/--no-demo", default=True, show_default=True, help="Load the demo practice into an empty database."
)
@click.option(
    "--worker/--no-worker", default=True, show_default=True, help="Run the background worker beside the server."
)
@click.pass_context
@with_appcontext
def serve(ctx: click.Context, *, port: int, bind: str, workers: int, threads: int, demo: bool, worker: bool) -> None:
    """Bring the database up to date, then serve until stopped with Ctrl+C.

    An empty database gets the demo practice, unless the settings are those of production. A SQLite file is copied
    before its tables are changed. The background worker runs beside the server, and both end together.
    """
    refuse_an_open_door(bind)
    refuse_a_taken_port(bind, port)
    bring_up_to_date()
    if demo:
        load_the_demo(ctx)
    refuse_the_demo_in_production()
    here = f"http://{f'[{bind}]' if ':' in bind else bind}:{port}"
    db.engine.dispose()
    was_asked = supervise(
        server_command(bind, port, workers, threads),
        [sys.executable, "-m", "flask", "--app", "crm", "worker", "--leave-with", str(os.getpid())] if worker else None,
        environment={**os.environ, **said_to_children(here), SERVED_BY: str(os.getpid())},
        answers=lambda: is_answering(bind, port),
        greet=lambda: greet(ctx, here),
    )
    if not was_asked:
        raise click.ClickException("The server ended by itself. What it said last stands above.")


def refuse_an_open_door(bind: str) -> None:
    """Without the settings of production nobody but this machine is served."""
    try:
        is_open = not ipaddress.ip_address(bind).is_loopback
    except ValueError:
        is_open = bind != "localhost"
    if is_open and current_app.config["ENV"] != "production":
        raise click.ClickException(
            f"Only this machine may be served here, at 127.0.0.1 and not {bind}:"
            f" serving others needs the settings of production (docs/settings.md, {PREFIX}ENV)."
        )


def refuse_a_taken_port(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((bind, port))
        except PermissionError:
            raise click.ClickException(f"Port {port} is not for everybody. Take one above 1023: PORT=8000.") from None
        except OSError as error:
            raise click.ClickException(
                f"Port {port} of {bind} is taken by another program ({error.strerror}). Take another: make run PORT={port + 1}"
            ) from None


def load_the_demo(ctx: click.Context) -> None:
    """Into an empty database only, and never under the settings of production."""
    if the_practice() or current_app.config["ENV"] == "production":
        return
    load = current_app.cli.commands["demo"].get_command(ctx, "load")  # type: ignore[attr-defined]
    if load:
        ctx.invoke(load)
        db.engine.dispose()


def said_to_children(site: str) -> Mapping[str, str]:
    """What a machine of one's own needs: links to the port in use, and a terminal without a line for each request."""
    if current_app.config["ENV"] == "production":
        return {}
    said = {f"{PREFIX}BASE_URL": site, f"{PREFIX}LOG_LEVEL": "WARNING"}
    return {name: value for name, value in said.items() if name not in os.environ}


def patience() -> int:
    """How many seconds a stop waits for open lines. On one's own machine they are mostly a browser's idle ones."""
    return 10 if current_app.config["ENV"] == "production" else 3


def server_command(bind: str, port: int, workers: int, threads: int) -> list[str]:
    memory = ["--worker-tmp-dir", SHARED_MEMORY] if os.access(SHARED_MEMORY, os.W_OK) else []
    return [
        sys.executable, "-m", "gunicorn", "crm.wsgi:application", "--config", "python:crm.commands.beside",
        "--bind", f"[{bind}]:{port}" if ":" in bind else f"{bind}:{port}", "--worker-class", "gthread",
        "--workers", str(workers), "--threads", str(threads), "--no-control-socket", "--preload",
        "--graceful-timeout", str(patience()), "--forwarded-allow-ips", "", "--log-level", "warning", *memory,
    ]  # fmt: skip


def greet(ctx: click.Context, here: str) -> None:
    """The address that people use, and who may sign in."""
    if current_app.config["ENV"] == "production":
        click.secho(f"\nTwelvefold is at {current_app.config['BASE_URL']}, and listens at {here}\n", bold=True)
    else:
        click.secho(f"\nTwelvefold is at {here}\n", bold=True)
    practice = the_practice()
    accounts = current_app.cli.commands["demo"].get_command(ctx, "accounts")  # type: ignore[attr-defined]
    if practice and practice.is_demo and accounts:
        ctx.invoke(accounts)
    else:
        with account_session(writes=False) as session:
            if session.scalar(select(Account.id).limit(1)) is None:
                click.echo("Nobody can sign in yet. Make the first account: flask --app crm user create --role admin")
    click.echo("\nStop with Ctrl+C.")


def supervise(
    server: Sequence[str],
    worker: Sequence[str] | None,
    *,
    environment: Mapping[str, str],
    answers: Callable[[], bool],
    greet: Callable[[], None],
) -> bool:
    """Run both until asked to stop: True. False when the server ended by itself. Neither outlives this call."""
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: stopping.set())

    def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603

    running = [start(server)]
    try:
        while not answers():
            if running[0].poll() is not None or stopping.wait(0.1):
                return stopping.is_set()
        greet()
        running += [start(worker)] if worker else []
        while not stopping.wait(PAUSE):
            if running[0].poll() is not None:
                return False
            if worker and running[1].poll() is not None:
                running[1] = start(worker)
        return True
    finally:
        end(running)


def end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask each to end, wait for what they have in hand, and end what does not."""
    for one in running:
        one.terminate()
    for one in running:
        try:
            one.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def is_answering(bind: str, port: int) -> bool:
    """Whether somebody answers there, whatever the answer is."""
    line = HTTPConnection(bind, port, timeout=5)
    try:
        line.request("GET", "/healthz")
        line.getresponse()
    except OSError:
        return False
    finally:
        line.close()
    return True
