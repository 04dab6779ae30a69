"""The table on the screen, and the summary that docs/benchmark.md carries."""

COLUMNS = (
    ("page", "name", "{}"), ("scale", "scale", "{}"), ("SQL", "statements", "{}"), ("kB", "bytes", "{:.1f}"), ("SQL ms", "sql_ms", "{:.1f}"),
    ("CPU ms", "processor_ms", "{:.1f}"), ("min", "least", "{:.1f}"), ("median", "median", "{:.1f}"), ("p95", "p95", "{:.1f}"),
    ("median 8", "median_of_eight", "{:.1f}"), ("p95 8", "p95_of_eight", "{:.1f}"),
)  # fmt: skip


def _cells(row):
    for _, name, form in COLUMNS:
        value = row[name]
        if name == "bytes" and value is not None:
            value /= 1000
        yield form.format(value) if value is not None else "–"


def _table(result):
    yield [title for title, _, _ in COLUMNS]
    for row in result["rows"]:
        yield [row["name"], row["scale"], row["missing"]] if row["missing"] else list(_cells(row))


def show(result):
    rows = list(_table(result))
    wide = [max(len(row[n]) for row in rows if len(row) == len(rows[0])) for n in range(len(rows[0]))]
    print(
        f"\n{result['about']['engine']}, {result['about']['requests']} requests of each, {result['about']['machine']}\n"
    )
    for row in rows:
        print("  ".join(cell.ljust(wide[n]) if n < 2 else cell.rjust(wide[n]) for n, cell in enumerate(row)))
    for scale, memory in result["about"]["memory_mb"].items():
        print(f"\nMemory, {scale}: {memory['pss']:.0f} MB shared fairly (PSS), {memory['rss']:.0f} MB added up (RSS)")
        if "import" in memory:
            print(f"The import of 100,000 rows grew by {memory['import']:.0f} MB")
    missed = [one for one in result["goals"] if not one["met"]]
    print(f"\n{len(result['goals']) - len(missed)} goals met, {len(missed)} missed")
    for one in missed:
        print(f"  missed  {one['goal']} ({one['scale']}): wanted {one['wanted']}, found {one['found']}")
    for takes in dict.fromkeys(one["takes"] for one in missed if one["takes"]):
        about = ", ".join(dict.fromkeys(one["goal"] for one in missed if one["takes"] == takes))
        print(f"\n  {about}\n    would take: {takes}")


def write(result, file):
    about, rows = result["about"], list(_table(result))
    lines = [
        f"## {about['engine']}",
        "",
        f"{about['requests']} requests of each page, {about['machine']}.",
        "",
        "| " + " | ".join(rows[0]) + " |",
        "| --- | --- |" + " ---: |" * (len(rows[0]) - 2),
    ]
    lines += ["| " + " | ".join(row + [""] * (len(rows[0]) - len(row))) + " |" for row in rows[1:]]
    lines += [
        "",
        *(
            f"Memory, {scale}: {one['pss']:.0f} MB (PSS), {one['rss']:.0f} MB (RSS)"
            + (f", the import grew by {one['import']:.0f} MB." if "import" in one else ".")
            for scale, one in about["memory_mb"].items()
        ),
        "",
    ]
    lines += ["| goal | scale | wanted | found | |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {one['goal']} | {one['scale']} | {one['wanted']} | {one['found']} | {'met' if one['met'] else '**missed**'} |"
        for one in result["goals"]
    ]
    missed = dict.fromkeys(one["takes"] for one in result["goals"] if one["takes"])
    lines += ["", "What the misses would take:", "", *(f"- {takes}" for takes in missed)] if missed else []
    file.write_text("\n".join(lines) + "\n")
