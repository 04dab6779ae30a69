"""The consultancy that runs this installation, and the numbers it gives to things."""

from sqlalchemy import CheckConstraint, update
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.db import Model, db
from crm.core.ownership import Sealed


class Practice(Model):
    """One practice per installation: its name, money, calendar and limits."""

    __tablename__ = "practice"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("review_days BETWEEN 1 AND 60 AND override_days BETWEEN 1 AND 366", name="days"),
        CheckConstraint("consultant_share BETWEEN 1 AND 100 AND partner_share BETWEEN 1 AND 100", name="shares"),
        CheckConstraint("consultant_target BETWEEN 1 AND 100 AND partner_target BETWEEN 1 AND 100", name="targets"),
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
    is_demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


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
