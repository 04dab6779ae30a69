"""What a consultant says of one area."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from wtforms import HiddenField

from crm.audit.trail import history_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Choice, Day, Form, Line, Prose
from crm.core.words import amount, clock_time
from crm.engagements.scopes import AreaScope, Rag, Trend
from crm.reviews.models import Review, ReviewState, Verdict, level_name

RAG_WORDS = {Rag.GREEN: "Green", Rag.AMBER: "Amber", Rag.RED: "Red"}
TREND_WORDS = {Trend.IMPROVING: "Better", Trend.STEADY: "Same", Trend.WORSENING: "Worse"}
LEVEL_WORDS = [
    (amount(level), f"{amount(level)}, {level_name(level)}") for level in (Decimal(n) / 2 for n in range(11))
]
NO_DRAFT = "0"  # the version that a form carries when there was no draft to go on with


class ReviewForm(Form):
    """A draft to go on with, or a new one."""

    rag = Choice("Status", RAG_WORDS.items(), kind=Rag, ask="Choose a status")
    trend = Choice("Since the last review", TREND_WORDS.items(), kind=Trend, blank="As the colours say")
    maturity = Choice("Maturity now", LEVEL_WORDS, kind=Decimal, blank="Not judged")
    sentence = Prose("What is going on", at_most=500)
    ask = Prose("What you need", at_most=500)
    ask_of = Line("From whom")
    ask_by = Day("By when")
    override_reason = Prose("Why it is better than the evidence says", at_most=500)
    override_until = Day("Until when that holds")

    def __init__(self, draft: Review | None, level: Decimal | None = None, **options: Any) -> None:
        """`level`: the one that stands, and stays where no other is chosen."""
        self.stale: Review | None = None
        super().__init__(obj=draft, **options)
        if level is not None:
            self.maturity.blank = f"As before, {amount(level)}"
            self.maturity.of(LEVEL_WORDS)
        if draft is None and not self.version.raw_data:
            self.version.data = NO_DRAFT

    @property
    def verdict(self) -> Verdict:
        return Verdict(**self.fields())

    def show_clash(self, subject: Review) -> None:
        super().show_clash(subject)
        self.stale = subject
        if subject.state is not ReviewState.DRAFT:  # published meanwhile: what is typed begins a new draft
            self.version.data, self.version.raw_data = NO_DRAFT, [NO_DRAFT]


def review_form(scope: AreaScope, draft: Review | None, suggested: Rag | None, override_days: int) -> ReviewForm:
    """The draft to go on with, else the suggested colour; a reason, where one is given, holds as long as is usual here."""
    form = ReviewForm(draft, scope.maturity, data={"rag": suggested} if draft is None else None)
    if not form.override_until.data and not form.override_until.raw_data:
        form.override_until.data = today() + timedelta(days=override_days)
    return form


def say_who(form: ReviewForm) -> None:
    """Who was faster, and when: one statement, where somebody was."""
    if form.stale is None:
        return
    deed = db.session.scalars(history_of(form.stale, newest=1)).first()
    if deed:
        form.trouble = f"Not saved: {deed.who} changed this review at {clock_time(deed.at)}. Your text is below, beside what stands now."


class PublishForm(Form):
    """The button that publishes all drafts: it carries how they stood on the page that it was pressed on."""

    seen = HiddenField()

    def show(self, seen: str) -> None:
        """From now on the page says how they stand now."""
        self.seen.data = seen
