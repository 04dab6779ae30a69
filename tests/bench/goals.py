"""The goals of the benchmark, and whether they are met. A miss is said, not hidden."""

from dataclasses import dataclass

from tests.bench.pages import PAGES

STATEMENTS, WRITES, HTML, MEMORY = 12, 8, 100_000, 180


@dataclass(frozen=True)
class Verdict:
    """One goal at one scale: what was wanted, what was found."""

    goal: str
    scale: str
    wanted: str
    found: str
    met: bool


def judge(rows, memory):
    """Every goal of the issue, by the rows that could be measured."""
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
        verdicts.append(_most("memory of the server, two workers (PSS)", scale, memory[scale]["pss"], MEMORY, " MB"))
    if {"tenth", "large"} <= set(scales):
        for name in [page.name for page in PAGES if page.same_window] + ["log an entry"]:
            small, large = by["tenth", name], by["large", name]
            if small["median"] and large["median"]:
                verdicts.append(
                    _times(f"{name} at a million entries against a hundred thousand", "both", large, small, 1.3)
                )
        for page in PAGES:
            small, large = by["tenth", page.name], by["large", page.name]
            if small["statements"] and large["statements"]:
                verdicts.append(
                    Verdict(f"statements of {page.name} do not grow", "both", f"{small['statements']}", f"{large['statements']}",
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
