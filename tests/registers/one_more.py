"""One more register, as somebody would add it: a model, a form and a line of registration, and the table by a migration
that Alembic writes. No page, no operation and no template knows of it. Run by test_contract in a process of its own."""

from datetime import date, timedelta
from enum import StrEnum
from types import SimpleNamespace

import pytest
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import CreateTableOp
from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.orm import Mapped, mapped_column

from crm.areas import catalogue
from crm.core.columns import Money, harden
from crm.core.db import Model
from crm.core.forms import Day, Line, Sum
from crm.core.twelve import Area
from crm.registers.forms import PartyForm, one_of, owner_fields
from crm.registers.models import RegisterEntry, WithOwner, at_least_nothing, derived, leaf, names, owned, tie
from crm.registers.register import Register


class Mood(StrEnum):
    CALM = "calm"
    TENSE = "tense"


class Negotiation(WithOwner, RegisterEntry):
    """A talk with a vendor, and when one must be ready."""

    __tablename__ = "negotiation"
    __table_args__ = leaf(*owned(), at_least_nothing("at_stake"))
    __mapper_args__ = {"polymorphic_identity": "negotiation"}

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    contract_id: Mapped[int | None] = names("vendor_contract")
    at_stake: Mapped[Money]
    talk_on: Mapped[date]
    mood: Mapped[Mood]
    ready_by: Mapped[date] = derived()

    @property
    def label(self) -> str:
        return self.title

    def derive(self) -> None:
        self.ready_by = self.talk_on - timedelta(days=7)


class NegotiationForm(PartyForm):
    title = Line("Negotiation", ask="Name the talk")
    owner_party, owner_name = owner_fields()
    at_stake = Sum("At stake", ask="Say how much is at stake")
    talk_on = Day("Talk on", ask="Say when the talk is")
    mood = one_of("Mood", Mood, "Choose the mood")


NEGOTIATIONS = Register(
    slug="negotiations", title="Negotiations", one="negotiation", entry=Negotiation, form=NegotiationForm,
    columns={"Negotiation": "title", "Owner": "owner", "At stake": "at_stake", "Ready by": "ready_by", "Mood": "mood"},
    empty="Write down which talks are ahead.",
)  # fmt: skip

metadata = SimpleNamespace(sorted_tables=[Negotiation.__table__])  # as schema.py does for all tables
tie(metadata)
harden(metadata)


@pytest.fixture
def registered(monkeypatch):
    """The line of registration: Area.of(Code.VEN, CONTRACTS, NEGOTIATIONS)."""
    monkeypatch.setattr(catalogue, "TWELVE", tuple(
        type(one).of(one.code, *one.registers, NEGOTIATIONS) if one.code is Area.VEN else one for one in catalogue.TWELVE
    ))  # fmt: skip


def migrate(storage):
    engine = create_engine(storage.url, poolclass=NullPool)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection)
        found = [
            op for op in produce_migrations(context, Model.metadata).upgrade_ops.ops if isinstance(op, CreateTableOp)
        ]
        assert [op.table_name for op in found] == ["negotiation"], "Alembic finds the new table, and no other"
        Operations(context).invoke(found[0])
    engine.dispose()


def test_it_works_as_all_the_others_do(registered, storage, sign_in, cast, stage, words):
    migrate(storage)
    ben, here = sign_in(cast.ben), "/clients/1/areas/vendors/negotiations/"
    assert "Write down which talks are ahead." in words(ben.get(here))
    typed = {"title": "Lines", "at_stake": "7200", "talk_on": "2026-12-11", "mood": "tense", "owner_name": "A broker"}
    answer = ben.send(f"{here}new", **(typed | {"at_stake": ""}))
    assert (answer.status_code, "Say how much is at stake" in words(answer)) == (422, True)
    assert ben.send(f"{here}new", **typed).status_code == 303
    row = stage.scalars(select(Negotiation)).one()
    assert (row.area, row.ready_by, row.at_stake) == (Area.VEN, date(2026, 12, 4), 720000)
    listed = words(ben.get(f"{here}?q=broker&mood=tense&sort=-ready_by"))
    assert all(said in listed for said in ("Lines", "A broker", "£7,200", "Tense"))
    for step in ("sharing", "archive", "restoration"):
        stage.expire_all()
        assert ben.send(f"{here}{row.id}/{step}", version=row.version).status_code == 303, step
    assert "7200" in ben.get(f"{here}rows.csv").get_data(as_text=True)
    assert "Negotiations" in words(ben.get("/engagements/1/areas/vendors"))
    assert sign_in(cast.uma).get(here).status_code == 403
    assert sign_in(cast.finn).get(here).status_code == 404
