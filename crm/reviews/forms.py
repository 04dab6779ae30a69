"""What a consultant says of one area."""

from decimal import Decimal
from typing import Any

from crm.core.forms import Choice, Day, Form, Line, Prose
from crm.core.words import amount
from crm.engagements.models import Rag, Trend
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
        if subject.state is not ReviewState.DRAFT:  # published meanwhile: what is typed begins a new draft
            self.version.data, self.version.raw_data = NO_DRAFT, [NO_DRAFT]
