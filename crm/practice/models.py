"""The consultancy that runs this installation, and the numbers it gives to things."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.clock import keep_time_of
from crm.core.columns import LineType
from crm.core.db import Model, db
from crm.core.ownership import Sealed


class Approval(StrEnum):
    """Whether a month is locked while time in it is not approved."""

    WARN = "warn"
    REQUIRE = "require"


class Practice(Model):
    """One practice per installation: its name, money, calendar and limits."""

    __tablename__ = "practice"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("review_days BETWEEN 1 AND 60 AND override_days BETWEEN 1 AND 366", name="days"),
        CheckConstraint("consultant_share BETWEEN 1 AND 100 AND partner_share BETWEEN 1 AND 100", name="shares"),
        CheckConstraint("consultant_target BETWEEN 1 AND 100 AND partner_target BETWEEN 1 AND 100", name="targets"),
        CheckConstraint("timer_step IN (1, 5, 6, 10, 15)", name="steps_of_timers"),
        CheckConstraint("file_quota BETWEEN 1 AND 1000000", name="room"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str]
    town: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(default="GBP")
    zone: Mapped[str] = mapped_column(default="Europe/London")
    region: Mapped[str] = mapped_column(default="GB-ENG")  # of public holidays: country, then part of it
    review_days: Mapped[int] = mapped_column(default=10)  # working days a sponsor has to answer
    override_days: Mapped[int] = mapped_column(default=92)
    consultant_share: Mapped[int] = mapped_column(default=80)  # % of net capacity meant for clients (F4)
    partner_share: Mapped[int] = mapped_column(default=40)
    consultant_target: Mapped[int] = mapped_column(default=70)  # % of billable utilisation (F2)
    partner_target: Mapped[int] = mapped_column(default=40)
    code_always: Mapped[bool] = mapped_column(default=False)  # before every answer from a mail, a code by mail
    code_from_days: Mapped[int | None]  # or from so many days of estimate on; always for what is confidential
    accent: Mapped[str] = mapped_column(LineType(7), default="")  # #24418e; empty: the house's own blue
    logo: Mapped[str] = mapped_column(LineType(64), default="")  # which picture, by its digest
    file_quota: Mapped[int] = mapped_column(default=2048)  # MB of files that a client may have
    approval: Mapped[Approval] = mapped_column(default=Approval.WARN)  # of time, before a month is locked
    timer_step: Mapped[int] = mapped_column(default=1)  # minutes that the time of a timer is rounded to
    timer_up: Mapped[bool] = mapped_column(default=False)  # always up, not to the nearest
    is_demo: Mapped[bool] = mapped_column(default=False)
    staff_second_factor: Mapped[bool] = mapped_column(default=False)  # nobody of ours works without one
    mail_sign_in: Mapped[bool] = mapped_column(default=False)  # people of clients may ask for a link
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Logo(Sealed, Model):
    """The practice's mark, made anew by us from what was brought: a picture and nothing else."""

    __tablename__ = "logo"

    digest: Mapped[str] = mapped_column(LineType(64), primary_key=True)
    image: Mapped[bytes]
    width: Mapped[int]
    height: Mapped[int]


def practice_of_a_chore() -> Practice | None:
    """For what the worker does by the clock: the practice, in whose days it counts from now on; None before there is one."""
    found = db.session.get(Practice, 1)
    if found:
        keep_time_of(found.zone)
    return found


def forget_logo() -> None:
    """Whichever there is: nobody's session sees it, so nobody's could delete it."""
    gone = delete(Logo).execution_options(synchronize_session=False)
    db.session.execute(gone, execution_options={"named": "practice.forget_logo"})


class Numbering(Sealed, Model):
    """The last running number given to one kind of thing: ENG-014, DEL-231."""

    __tablename__ = "numbering"

    kind: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def next_number(kind: str) -> int:
    """The next running number of the practice, taken in this transaction: a number is never given twice."""
    taken = update(Numbering).where(Numbering.kind == kind).values(last=Numbering.last + 1).returning(Numbering.last)
    number = db.session.scalar(taken, execution_options={"named": "practice.next_number", "synchronize_session": False})
    if number is None:
        raise LookupError(f"no numbering of kind {kind}")
    return int(number)
