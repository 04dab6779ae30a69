"""make bench: what a page costs, beside the least that it could cost. `python -m tests.bench --help`."""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import create_engine

from crm.core.settings import database_url
from tests.bench import counting, data, jobs, pages
from tests.bench.goals import judge
from tests.bench.report import show, write
from tests.bench.server import Browser, serve, timed, together

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Row:
    """One line of the table."""

    scale: str
    name: str
    statements: int | None = None
    bytes: int | None = None
    sql_ms: float | None = None
    processor_ms: float | None = None
    least: float | None = None
    median: float | None = None
    p95: float | None = None
    median_of_eight: float | None = None
    p95_of_eight: float | None = None
    missing: str = ""


def measure(row, served, browser, ask, number):
    """At one client and at eight; the processor's time is that of the quiet run."""
    timed(browser, ask, 4)  # both workers have seen it
    before = served.processor()
    took = sorted(timed(browser, ask, number))
    row.processor_ms = (served.processor() - before) * 1000 / number
    row.least, row.median, row.p95 = took[0], statistics.median(took), took[int(len(took) * 0.95) - 1]
    eight = sorted(together([browser.like() for _ in range(8)], ask, max(3, number // 8)))
    row.median_of_eight, row.p95_of_eight = statistics.median(eight), eight[int(len(eight) * 0.95) - 1]
    return row


def get(path):
    return lambda: ("GET", path, "", 200)


def the_floor(number):
    with serve("tests.bench.bare:app") as served:
        return [measure(Row("", "bare Flask"), served, Browser(served.port), get("/"), number)]


def the_minimal(scale, url, who, ids, number):
    """The same jobs by the least application that does them."""
    found = []
    with serve("tests.bench.minimal:app", BENCH_DATABASE_URL=url) as served:
        browser = Browser(served.port)
        browser.ask("GET", f"/in/{who['partner'].id}")
        for name, path in (("minimal: 50 rows", "/rows"), ("minimal: quarter", "/quarter")):
            _, body = browser.ask("GET", path)
            found.append(measure(Row(scale, name, bytes=len(body)), served, browser, get(path), number))
        _, body = browser.ask("GET", "/log")
        somebody = who[
            "partner"
        ].person_id  # not the consultant, whose Today and week would then show these entries too
        fields = {"csrf_token": pages.token_of(body.decode()), "person": somebody, "engagement": ids["engagement"],
                  "client": ids["client"], "minutes": 1}  # fmt: skip
        post = lambda: ("POST", "/log", urlencode(fields), 303)  # noqa: E731
        found.append(measure(Row(scale, "minimal: log an entry"), served, browser, post, number))
    return found


def the_product(scale, url, who, ids, number, folder):
    found, memory = [], {}
    app = counting.application(url, folder)
    engine = create_engine(database_url(url, folder))
    settings = {
        "TWELVEFOLD_DATABASE_URL": url,
        "TWELVEFOLD_LOG_LEVEL": "ERROR",
        "TWELVEFOLD_ENV": "local",
        "TWELVEFOLD_SECRET_KEY": "bench-only-" * 4,
    }
    inside = {role: counting.browser_of(app, one.id) for role, one in who.items()}
    with serve("crm.wsgi:application", **settings) as served:
        browsers = {role: _signed_in(app, served, one.id) for role, one in who.items()}
        for page in pages.PAGES:
            row, path = Row(scale, page.name), page.path.format(**ids)
            found.append(row)
            inside[page.who].get(path)
            with counting.statements() as seen:
                answer = inside[page.who].get(path)
            if answer.status_code != 200:
                row.missing = f"{path} answers {answer.status_code}"
                continue
            row.statements, row.bytes, row.sql_ms = len(seen), len(answer.data), counting.replay(engine, seen)
            measure(row, served, browsers[page.who], get(path), number)
        for name, ask_of, what in (
            ("log an entry", pages.log_form, ids["engagement"]), ("log a line", pages.line_form, ids["code"]),
        ):  # fmt: skip
            row = Row(scale, name)
            found.append(
                _logging(row, served, browsers["consultant"], inside["consultant"], partial(ask_of, what), number)
            )
        memory["pss"], memory["rss"] = served.memory()
    jobs.open_months(engine)
    found.append(jobs.import_rows(Row(scale, jobs.IMPORT), memory, url, engine, ids, folder))
    found.append(jobs.lock_month(Row(scale, jobs.LOCK), engine, inside["partner"]))
    engine.dispose()
    return found, memory


def _signed_in(app, served, account_id):
    """A browser with a session that the table knows: signing in itself is slow on purpose, and not what is measured."""
    from flask.sessions import SecureCookieSessionInterface

    inside = counting.browser_of(app, account_id)
    with inside.session_transaction() as session:
        token = session["sid"]
    browser = Browser(served.port)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    browser.cookies[app.config["SESSION_COOKIE_NAME"]] = signer.dumps({"sid": token})
    return browser


def _logging(row, served, browser, inside, ask_of, number):
    try:
        _, body = browser.ask("GET", "/today")
        ask = ask_of(body.decode())
        _, action, fields, _ = ask()
        with counting.statements() as seen:
            answer = inside.post(action, data=fields, content_type="application/x-www-form-urlencoded")
        if answer.status_code != 303:
            raise RuntimeError(f"POST {action} answers {answer.status_code}")
        row.statements = len(seen)
        return measure(row, served, browser, ask, number)
    except RuntimeError as error:
        row.missing = str(error)
        return row


def run(scales, given, number):
    rows, memory, made = the_floor(number), {}, {}
    for scale in scales:
        print(f"{scale}: data set ...", file=sys.stderr, flush=True)
        url, made[scale] = data.dataset(scale, given)
        engine = create_engine(database_url(url, ROOT))
        with engine.connect() as connection:
            who, ids = pages.rows_of(connection)
        engine.dispose()
        print(f"{scale}: measuring ...", file=sys.stderr, flush=True)
        plain = url.replace("postgresql://", "postgresql+psycopg://")
        rows += the_minimal(scale, plain, who, ids, number)
        with tempfile.TemporaryDirectory() as folder:
            measured, memory[scale] = the_product(scale, url, who, ids, number, Path(folder))
        rows += measured
    return rows, memory, made


def main():
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure the main pages beside the least that they could cost."
    )
    parser.add_argument("--quick", action="store_true", help="the tenth only, few requests: while developing")
    parser.add_argument("--requests", type=int, help="how many of each page (200; 24 when quick)")
    asked = parser.parse_args()
    number = asked.requests or (24 if asked.quick else 200)
    scales = ["tenth"] if asked.quick else ["tenth", "large"]
    given = os.environ.pop("TWELVEFOLD_DATABASE_URL", "")
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    for engine, address in (("sqlite", ""), *((("postgresql", given),) if given.startswith("postgres") else ())):
        began = time.perf_counter()
        rows, memory, made = run(scales, address, number)
        verdicts = judge([asdict(row) for row in rows], memory)
        about = {
            "engine": engine, "requests": number, "scales": scales, "took_s": round(time.perf_counter() - began), "loading_s": made,
            "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}", "memory_mb": memory,
        }  # fmt: skip
        result = {"about": about, "rows": [asdict(row) for row in rows], "goals": [asdict(one) for one in verdicts]}
        (build / f"bench-{engine}.json").write_text(json.dumps(result, indent=1))
        write(result, build / f"bench-{engine}.md")
        show(result)


main()
