"""The goals of the benchmark, and whether they are met. A miss is said, not hidden."""

from dataclasses import dataclass, replace

from tests.bench.jobs import IMPORT, LOCK
from tests.bench.pages import PAGES

STATEMENTS, WRITES, HTML, MEMORY = 12, 8, 100_000, 180
IMPORTED_IN, GROWS_BY = 120, 40  # seconds; megabytes that a hundred thousand rows take more than a hundred

# What a miss would take, by words of the goal: the first that fits is said.
TAKES = (
    ("can be measured", "the page must answer: see its error in the server's log"),
    ("locking", "statements that do not run once for each engagement"),
    ("statements of", "load what the page needs with fewer statements, or show part of it on a page of its own"),
    ("HTML of", "shorter markup for each row, shapes that are shared, or fewer rows on one page"),
    ("import", "larger steps of the dry run, or fewer of its rules as statements of their own"),
    ("memory", ("the statements that SQLAlchemy keeps compiled, about 200 kB each with the viewer's limits in them, are made in"
               " every process: fewer different ones, or making them before the fork; and a Python (3.12 on) that does not"
               " write to constants it shares")),
    ("logging", "fewer writes in one entry: it also keeps the trail, the once-key and the search's lines"),
    ("against 50 rows", ("less drawn by Jinja (rings, icons, avatars: about half of a list's time) and fewer statements, each with"
                        " the viewer's limits (about a third)")),
    ("the quarter by week", "less markup for each cell, or the weeks' figures kept instead of reckoned"),
    ("against page 1", "going on from the last row of the page before instead of skipping rows, which gives up page numbers"),
    ("at a million entries", "an index for the statement that grows, or sums that are kept"),
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """One goal at one scale: what was wanted, what was found."""

    goal: str
    scale: str
    wanted: str
    found: str
    met: bool
    takes: str = ""


def judge(rows, memory):
    """Every goal of the issue, by the rows that could be measured; a miss with what it would take."""
    return [one if one.met else replace(one, takes=_takes(one.goal)) for one in _judged(rows, memory)]


def _takes(goal):
    return next((said for words, said in TAKES if words in goal), "")


def _judged(rows, memory):
    by = {(row["scale"], row["name"]): row for row in rows}
    scales = sorted({row["scale"] for row in rows if row["scale"]})
    verdicts = [
        Verdict(f"{row['name']} can be measured", row["scale"], "it answers", row["missing"], met=False)
        for row in rows
        if row["missing"]
    ]
    for scale in scales:
        seen = [by[scale, page.name] for page in PAGES if by.get((scale, page.name), {}).get("median")]
        log, minimal_log = by[scale, "log an entry"], by[scale, "minimal: log an entry"]
        floor, quarter = by[scale, "minimal: 50 rows"], by[scale, "minimal: quarter"]
        for row in seen:
            verdicts.append(_most(f"statements of {row['name']}", scale, row["statements"], STATEMENTS, ""))
            verdicts.append(_most(f"HTML of {row['name']}", scale, row["bytes"] / 1000, HTML / 1000, " kB"))
            if row["name"] != "workload":
                verdicts.append(
                    _times(f"{row['name']} against 50 rows of the minimal application", scale, row, floor, 4)
                )
        if log["median"]:
            verdicts.append(_most("statements of logging", scale, log["statements"], WRITES, ""))
            if line := by.get((scale, "log a line")):
                verdicts.append(_most("statements of logging a line", scale, line["statements"], WRITES, ""))
            verdicts.append(_times("logging against the minimal application", scale, log, minimal_log, 3))
        if by[scale, "workload"]["median"]:
            verdicts.append(
                _times("the quarter by week against the minimal application", scale, by[scale, "workload"], quarter, 3)
            )
        if by[scale, "deliverables 50"]["median"] and by[scale, "deliverables 1"]["median"]:
            verdicts.append(
                _times(
                    "page 50 of deliverables against page 1",
                    scale,
                    by[scale, "deliverables 50"],
                    by[scale, "deliverables 1"],
                    1.3,
                )
            )
        if by.get((scale, IMPORT), {}).get("median"):
            verdicts.append(_most(IMPORT, scale, by[scale, IMPORT]["median"] / 1000, IMPORTED_IN, " s"))
            verdicts.append(
                _most(f"memory that the {IMPORT} grows by", scale, memory[scale]["import"], GROWS_BY, " MB")
            )
        verdicts.append(_most("memory of the server, two workers (PSS)", scale, memory[scale]["pss"], MEMORY, " MB"))
    if {"tenth", "large"} <= set(scales):
        for name in [page.name for page in PAGES if page.same_window] + ["log an entry"]:
            small, large = by["tenth", name], by["large", name]
            if small["median"] and large["median"]:
                verdicts.append(
                    _times(f"{name} at a million entries against a hundred thousand", "both", large, small, 1.3)
                )
        for name in [*(page.name for page in PAGES), LOCK]:
            small, large = by["tenth", name], by["large", name]
            if small["statements"] and large["statements"]:
                goal = "statements of locking a month" if name == LOCK else f"statements of {name}"
                verdicts.append(
                    Verdict(f"{goal} do not grow", "both", f"{small['statements']}", f"{large['statements']}",
                            met=large["statements"] <= small["statements"])
                )  # fmt: skip
    return verdicts


def _most(goal, scale, found, wanted, unit):
    said = f"{found:.1f}" if isinstance(found, float) else str(found)
    return Verdict(goal, scale, f"at most {wanted:g}{unit}", f"{said}{unit}", met=found <= wanted)


def _times(goal, scale, row, other, wanted):
    found = row["median"] / other["median"]
    return Verdict(
        goal,
        scale,
        f"at most {wanted:g} times",
        f"{found:.2f} times ({row['median']:.1f} ms, {other['median']:.1f} ms)",
        met=found <= wanted,
    )
