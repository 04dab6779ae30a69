"""What a page asks of the database, counted in this process, and how long the bare statements take."""

import secrets
import statistics
import time
from contextlib import contextmanager

from sqlalchemy import Engine, event, insert

import crm
from crm.accounts.models import SignedIn
from crm.accounts.session import account_session, digest_of
from crm.core.clock import now


def application(url, instance):
    return crm.create_app(
        {
            "DATABASE_URL": url,
            "INSTANCE": instance,
            "LOG_LEVEL": "CRITICAL",
            "WTF_CSRF_ENABLED": False,
            "SECRET_KEY": "bench-only-" * 4,
        }
    )


def browser_of(app, account_id):
    token, moment = secrets.token_urlsafe(16), now()
    with app.app_context(), account_session(writes=True) as accounts:
        accounts.execute(
            insert(SignedIn).values(
                account_id=account_id,
                token_hash=digest_of(token),
                began_at=moment,
                seen_at=moment,
                address="",
                device="",
            )
        )
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["sid"] = token
    return browser


@contextmanager
def statements():
    """Those of the viewer's session; account, session and practice are one more, and not counted."""
    seen = []

    def note(connection, cursor, statement, parameters, context, executemany):
        own = connection.get_execution_options().get("opened_by") == "session"
        if own and not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def replay(engine, seen, number=5):
    """Milliseconds of the bare SELECT statements, on the driver's own cursor: the middle of a few runs."""
    asked = [
        (statement, parameters)
        for statement, parameters in seen
        if statement.lstrip().upper().startswith(("SELECT", "WITH"))
    ]
    raw = engine.raw_connection()
    took = []
    try:
        cursor = raw.cursor()
        for _ in range(number):
            began = time.perf_counter()
            for statement, parameters in asked:
                cursor.execute(statement, parameters)
                cursor.fetchall()
            took.append((time.perf_counter() - began) * 1000)
        raw.rollback()
    finally:
        raw.close()
    return statistics.median(took)
