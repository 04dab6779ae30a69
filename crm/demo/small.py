"""The demo practice, small and believable: Larkmoor CIO Partners with eight people, ten clients, fourteen engagements."""

from zoneinfo import ZoneInfo

from crm.core.clock import today
from crm.core.db import db, transaction
from crm.core.viewer import SYSTEM, viewing_as
from crm.demo import (
    answers,
    brought,
    closed,
    figures,
    filled,
    hours,
    invoiced,
    library,
    maturity,
    met,
    office,
    opened,
    owed,
    registers,
    spine,
    talk,
    verdicts,
)
from crm.demo.book import Almanac, book
from crm.demo.scene import Scene, write_trail
from crm.practice.models import Numbering

FIRST_MONTH = "BOM-23"  # of the oldest engagement


def load(seed: int, password: str) -> None:
    """All of it or nothing. `password` is hashed already."""
    zone = book("practice")["practice"]["zone"]
    with viewing_as(SYSTEM, via="command", zone=zone), transaction():
        scene = Scene(Almanac(today(), ZoneInfo(zone), seed))
        office.open_practice()
        office.hire(scene)
        office.take_on(scene)
        office.give_keys(scene, password)
        office.invite_some(scene)
        spine.engage(scene)
        registers.write_down(scene)
        figures.remember(scene)
        owed.owe(scene)
        library.remember(scene)
        verdicts.judge(scene)
        filled.fill(scene)
        maturity.assess(scene)
        hours.log_hours(scene)
        verdicts.keep_reasons(scene)
        talk.talk(scene)
        met.meet(scene)
        office.close_months(scene, FIRST_MONTH)
        db.session.flush()
        brought.bring_a_file(scene)
        closed.approve_some(scene)
        closed.freeze_months(scene)
        invoiced.invoice(scene)
        closed.close_for_good(scene)
        answers.ask_what_is_open()
        opened.look_in(scene)
        db.session.flush()
        numbering = db.session.get(Numbering, "engagement")
        if numbering:
            numbering.last = len(scene.engagements)
        write_trail(scene)
