"""F10, the health of an engagement: four parts of a hundred each, what they come to, and what forces the verdict."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from crm.core.twelve import Area
from crm.deliverables.measures import OnTime
from crm.engagements.scopes import Rag
from crm.invoices.lateness import lateness_of

ALL, HALF = Fraction(100), Fraction(1, 2)
GREEN_FROM, AMBER_FROM = 75, 50
WEIGHTS = (Fraction(30, 100), Fraction(30, 100), Fraction(20, 100), Fraction(20, 100))  # in the order of the parts
COLOURS = {Rag.GREEN: ALL, Rag.AMBER: ALL / 2, Rag.RED: Fraction(0)}
CONTACT, CONTACT_HALF, CONTACT_RED = 31, 45, 60  # days since the last sponsor contact
LATE_AMBER = 30  # days: a deliverable that is later holds the whole at amber
SCORES = 4  # steps between the lowest and the highest sponsor score


class Part(StrEnum):
    """What health is made of."""

    DELIVERY = "delivery"
    PROGRESS = "progress"
    COMMERCIAL = "commercial"
    RELATIONSHIP = "relationship"


class Cause(StrEnum):
    """What forces the verdict, whatever the score: the gravest first."""

    ESCALATION = "escalation"
    INVOICE = "invoice"
    CONTACT = "contact"
    LATE = "late"
    LEAD = "lead"


FORCES_RED = (Cause.ESCALATION, Cause.INVOICE, Cause.CONTACT)  # the others: at best amber


@dataclass(frozen=True)
class AreaWork:
    """How well one area in scope is looked after."""

    area: Area
    rag: Rag | None
    is_fresh: bool  # its last published review is: X1 is green
    is_worsening: bool = False
    is_worked_on: bool = False  # a live initiative serves it, or a deliverable is under way

    @property
    def is_good(self) -> bool:
        """A red area is good work where it is worked on and does not get worse: this judges us, not the client."""
        return self.is_fresh and (self.rag is not Rag.RED or (self.is_worked_on and not self.is_worsening))


@dataclass(frozen=True)
class Work:
    """All that the health of one engagement is judged by, on one day."""

    on_time: OnTime
    areas: tuple[AreaWork, ...]  # in scope
    commercial: Rag | None  # F6 of a retainer, else F7; None: not judged
    contact_days: int  # since the last sponsor contact, or since the engagement began
    score: int | None = None  # the sponsor's, 1 to 5, of the last 120 days
    invoice_late: int = 0  # days past due of the oldest unpaid invoice
    most_late: int = 0  # days past its agreed date of the latest deliverable that is ours to do
    has_lead: bool = True
    escalations: int = 0  # that are open


@dataclass(frozen=True)
class Health:
    """F10. Nothing is rounded."""

    delivery: Fraction
    progress: Fraction
    commercial: Fraction
    relationship: Fraction
    forced_by: tuple[Cause, ...] = ()

    @property
    def parts(self) -> tuple[Fraction, ...]:
        return self.delivery, self.progress, self.commercial, self.relationship

    @cached_property
    def score(self) -> Fraction:
        return sum((weight * part for weight, part in zip(WEIGHTS, self.parts, strict=True)), Fraction(0))

    @cached_property
    def verdict(self) -> Rag:
        """Red first, then amber; the limits belong to the better colour."""
        if self.score < AMBER_FROM or any(one in FORCES_RED for one in self.forced_by):
            return Rag.RED
        return Rag.AMBER if self.score < GREEN_FROM or self.forced_by else Rag.GREEN


def health(work: Work) -> Health:
    """F10: what the work on one engagement comes to."""
    return Health(_delivery(work), _progress(work), _commercial(work), _relationship(work), tuple(_forces(work)))


def _delivery(work: Work) -> Fraction:
    return ALL * work.on_time.kept / work.on_time.due if work.on_time.due else ALL


def _progress(work: Work) -> Fraction:
    return ALL * sum(one.is_good for one in work.areas) / len(work.areas) if work.areas else ALL


def _commercial(work: Work) -> Fraction:
    points = COLOURS[work.commercial] if work.commercial else ALL
    at_most = lateness_of(work.invoice_late).at_most
    return points if at_most is None else min(points, Fraction(at_most))


def _relationship(work: Work) -> Fraction:
    days = work.contact_days
    contact = Fraction(1) if days <= CONTACT else HALF if days <= CONTACT_HALF else Fraction(0)
    said = HALF if work.score is None else Fraction(work.score - 1, SCORES)
    return ALL * (contact + said) / 2


def _forces(work: Work) -> list[Cause]:
    holds = {
        Cause.ESCALATION: work.escalations > 0,
        Cause.INVOICE: lateness_of(work.invoice_late).is_red,
        Cause.CONTACT: work.contact_days >= CONTACT_RED,
        Cause.LATE: work.most_late > LATE_AMBER,
        Cause.LEAD: not work.has_lead,
    }
    return [cause for cause in Cause if holds[cause]]
