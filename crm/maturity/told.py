"""The answer first: what an assessment says, in a sentence."""

from collections.abc import Sequence

from crm.core.words import amount, in_words, listed, plural
from crm.maturity.compare import Comparison, total
from crm.maturity.models import Assessment, Result

A_FEW = 4  # areas where one begins


def lowest(results: Sequence[Result], number: int = A_FEW) -> list[Result]:
    """The areas with the lowest levels below the best, in the order of the dial where they are equal."""
    found = [(one.level, one) for one in results if one.level is not None and one.level < 5]
    return [one for _, one in sorted(found, key=lambda pair: pair[0])[:number]]


def of_run(run: Assessment, results: Sequence[Result]) -> str:
    """24.5 of 60. Lowest are Talent and Innovation at 1. Two areas are provisional."""
    assessed = [one for one in results if one.level is not None]
    if not assessed:
        return "No question is answered yet."
    said = [f"{amount(total(results), 1)} of 60" + ("." if run.is_finished else " so far.")]
    low = lowest(results, len(results))
    if low and len({one.level for one in assessed}) > 1:
        names = [one.area.short for one in low if one.level == low[0].level]
        said.append(f"Lowest {'is' if len(names) == 1 else 'are'} {listed(names)} at {amount(low[0].level, 1)}.")
    if unsure := sum(one.is_provisional for one in assessed):
        said.append(f"{in_words(unsure)} {'area is' if unsure == 1 else 'areas are'} provisional.")
    if missing := len(results) - len(assessed):
        said.append(f"{in_words(missing)} {'was' if missing == 1 else 'were'} not assessed.")
    return " ".join(said)


def what_is_left(results: Sequence[Result]) -> str:
    """What would be missing if it were finished now."""
    left = sum(one.asked - one.done for one in results)
    if not left:
        return "Every question is dealt with."
    unasked = sum(not one.done for one in results)
    unsure = sum(one.is_provisional for one in results)
    said = [f"{plural(left, 'question')} {'is' if left == 1 else 'are'} still open"]
    if unasked:
        said.append(f"{plural(unasked, 'area')} would have no level")
    if unsure:
        said.append(f"{plural(unsure, 'area')} would be provisional")
    return f"{listed(said)}."


def of_both(both: Comparison) -> str:
    """From 11.5 to 28 of 60: 11 areas are better, none is worse. Vendors won most, 3 levels."""
    better, worse = both.better, both.worse
    changed = f"{plural(better, 'area is', 'areas are') if better else 'no area is'} better, {plural(worse, 'is', 'are') if worse else 'none is'} worse"
    sentence = f"From {amount(both.before, 1)} to {amount(both.now, 1)} of 60: {changed}."
    most = both.most
    if not most:
        return sentence
    won = plural(int(by), "level") if (by := most[0].by or 0) == int(by) else f"{amount(by, 1)} levels"
    return f"{sentence} {listed(one.now.area.short for one in most)} won most, {won}."
