"""One's own time as a list, and several entries changed at once: chosen, looked at, then done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from crm.access.act import act_on_each
from crm.access.pages import DESK, Pages
from crm.core import inputs
from crm.core.clock import today
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Choice, Form, Line, Parsed, Press
from crm.core.lists import Filter, Listing, all_rows, csv_of, page_of
from crm.core.twelve import OF
from crm.core.web import answer, page_or_part
from crm.core.words import decimals, iso, worded
from crm.timelog.forms import AREAS, FOR_THE_PRACTICE, KINDS
from crm.timelog.many import Change, Verdict, ground_of, make_changes, weigh
from crm.timelog.models import TimeEntry, TimeKind
from crm.timelog.operations import Stint
from crm.timelog.queries import Work, former, shown, work_of
from crm.timelog.sheet import Key

pages = Pages("bulk", __name__, roles=DESK, url_prefix="/time/mine")
AT_ONCE = 50  # a page of the list


def shift(text: str) -> int:
    """Days later, or earlier with a minus."""
    text = text.strip()
    days = inputs.whole(text.removeprefix("-").removeprefix("+"), at_most=366)
    return -days if text.startswith("-") else days


def seen_entries(text: str) -> dict[int, int]:
    """Which entries were chosen, each in the version that was seen: 12-1,13-4."""
    parts = [one.partition("-") for one in text.split(",") if one]
    if len(parts) > AT_ONCE:
        raise ValueError(f"Choose at most {AT_ONCE} entries at once")
    return {inputs.whole(entry_id, at_least=1): inputs.whole(version) for entry_id, _, version in parts}


class BulkForm(Form):
    """What all of the chosen entries are to say. What is left empty stays as it is."""

    seen = Parsed("Entries", seen_entries, ask="Choose the entries to change")
    what = Choice("Move to", blank="Where they are")
    kind = Choice("Kind", KINDS, kind=TimeKind, blank="As it is")
    shift = Parsed("Move by days", shift)
    client_note = Line("Note for the client", at_most=500)
    reason = Line("Reason, when outside the agreed dates", at_most=500)

    @property
    def says_nothing(self) -> bool:
        return not (self.what.data or self.kind.data or self.shift.data or self.client_note.data or self.reason.data)


@dataclass(frozen=True)
class Looked:
    """One entry as it stands and as it would be."""

    entry: TimeEntry
    change: Change
    verdict: Verdict
    name: str
    moved: str  # where it would be
    is_stale: bool

    @property
    def refusal(self) -> str:
        if self.is_stale:
            return "It changed since you chose it. Choose it again."
        return str(self.verdict) if isinstance(self.verdict, Refused) else ""


def own_list(works: Sequence[Work]) -> tuple[Select[TimeEntry], Listing]:
    """All that somebody logged, deleted entries left out, the newest first."""
    query = shown(select(TimeEntry)).where(TimeEntry.person_id == g.viewer.person_id, TimeEntry.voided_at.is_(None))
    listing = Listing(
        sorts={
            "day": (TimeEntry.worked_on,), "time": (TimeEntry.minutes,), "area": (TimeEntry.area,), "kind": (TimeEntry.kind,),
        },
        key=TimeEntry.id,
        search=(TimeEntry.client_note,),
        filters=(
            Filter("work", "Engagement", [(str(one.engagement_id), one.name) for one in works], lambda one: TimeEntry.engagement_id == int(one), blank="Any engagement"),
            Filter("area", "Area", AREAS, lambda one: TimeEntry.area == one, blank="Any area"),
            Filter("kind", "Kind", KINDS, lambda one: TimeEntry.kind == TimeKind(one), blank="Any kind"),
            Filter("days", "When", [("7", "Last 7 days"), ("31", "Last 31 days"), ("92", "Last 92 days")], lambda one: TimeEntry.worked_on > today() - timedelta(int(one)), blank="Any time"),
        ),
        per_page=AT_ONCE,
        newest_first=True,
    )  # fmt: skip
    return query, listing


def offers(works: Sequence[Work]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What time can be for: areas and open deliverables of each engagement, and practice time. Each says whose it is: a
    list that is shut shows no group."""
    found = [
        (
            work.name,
            [(f"{work.engagement_id}.{area}.0.billable", f"{work.name}: {OF[area].number} {OF[area].short}") for area in work.areas]
            + [(f"{work.engagement_id}.{one.area}.{one.id}.billable", f"{work.name}: {one.code} {one.title}") for one in work.owed],
        )
        for work in works
    ]  # fmt: skip
    return [*found, ("The practice", [(f"0.-.0.{value}", text) for value, text in FOR_THE_PRACTICE])]


def named(works: Sequence[Work], entry: TimeEntry) -> str:
    known = next((work.name for work in works if work.engagement_id == entry.engagement_id), "")
    return known or (entry.engagement.client.name if entry.engagement else "Practice")


@pages.get("")
def show() -> ResponseReturnValue:
    works = work_of(g.viewer.person_id, today())
    page = page_of(*own_list(works))
    changed = request.args.get("changed", "")
    return page_or_part(
        "timelog/mine.html", "timelog/_mine.html", page=page, form=_offered(BulkForm(formdata=None), works), offers=offers(works),
        names={one.id: named(works, one) for one in page.rows}, export=page.exported_by(".export"),
        changed=int(changed) if changed.isascii() and changed.isdigit() and len(changed) < 4 else 0,
    )  # fmt: skip


@pages.get("/list.csv")
def export() -> Response:
    works = work_of(g.viewer.person_id, today())
    rows = (
        (iso(one.worked_on), named(works, one), one.engagement.code if one.engagement else "", OF[one.area].short if one.area else "",
         f"{one.deliverable.code} {one.deliverable.title}" if one.deliverable else "", worded(one.kind), "yes" if one.outside else "",
         one.client_note, one.note.body if one.note else "", decimals(Decimal(one.minutes) / 60))
        for one in all_rows(*own_list(works))
    )  # fmt: skip
    heads = (
        "Day",
        "For",
        "Engagement",
        "Area",
        "Deliverable",
        "Kind",
        "Outside dates",
        "Note for the client",
        "Internal note",
        "Hours",
    )
    return csv_of(heads, rows, "my-time")


def _offered(form: BulkForm, works: Sequence[Work]) -> BulkForm:
    form.what.of([one for _, own in offers(works) for one in own])
    return form


@pages.get("/change")
def preview() -> ResponseReturnValue:
    """What would change, and what would be refused. Nothing is written."""
    works = work_of(g.viewer.person_id, today())
    asked = request.args.copy()
    asked.setlist("seen", [",".join(request.args.getlist("entry"))])
    form = _offered(BulkForm(asked, meta={"csrf": False}), works)
    is_right = form.validate()
    return page(form, works) if is_right else (page(form, works), 422)


def page(form: BulkForm, works: Sequence[Work]) -> str:
    seen = form.seen.data or {}
    looked = look(form, works, seen)
    form.seen.raw_data = [",".join(f"{one.entry.id}-{one.entry.version}" for one in looked)]
    return render_template(
        "timelog/change.html", form=form, looked=looked, offers=offers(works),
        good=sum(not one.refusal for one in looked), is_empty=form.says_nothing, asks_reason=any("outside your dates" in one.refusal for one in looked),
    )  # fmt: skip


def look(form: BulkForm, works: Sequence[Work], seen: Mapping[int, int]) -> list[Looked]:
    """The chosen entries that are one's own, weighed together: five statements at most."""
    chosen = shown(select(TimeEntry)).where(
        TimeEntry.id.in_(seen), TimeEntry.person_id == g.viewer.person_id, TimeEntry.voided_at.is_(None)
    )
    entries = db.session.scalars(chosen.order_by(TimeEntry.worked_on, TimeEntry.id)).unique().all() if seen else []
    changes = [Change(entry, _stint(entry, form, works)) for entry in entries]
    verdicts = weigh(changes, ground_of(g.viewer.person_id, changes))
    return [
        Looked(
            entry, change, _no_correction(entry, verdict), named(works, entry), _where(change), seen[entry.id] not in {0, entry.version}
        )
        for entry, change, verdict in zip(entries, changes, verdicts, strict=True)
    ]  # fmt: skip


def _no_correction(entry: TimeEntry, verdict: Verdict) -> Verdict:
    return Refused("This corrects an invoiced month. Delete it and make another one.") if entry.adjusts_id else verdict


def _where(change: Change) -> str:
    stint = change.stint
    if stint is None or stint.work is None:
        return "Practice"
    return f"{stint.work.name}, {OF[stint.area].short}" if stint.area else stint.work.name


def _stint(entry: TimeEntry, form: BulkForm, works: Sequence[Work]) -> Stint:
    """The entry as it stands, with what the form says instead."""
    known = {work.engagement_id: work for work in works}
    note = entry.note
    work = (known.get(entry.engagement_id) or former(entry)) if entry.engagement_id else None
    stint = Stint(
        work, entry.minutes, entry.worked_on + timedelta(form.shift.data or 0), kind=form.kind.data if form.kind.data and work else entry.kind,
        area=entry.area, deliverable_id=entry.deliverable_id, client_note=(form.client_note.data if work else "") or entry.client_note,
        note=note.body if note else "", reason=form.reason.data or (note.reason if note else ""),
    )  # fmt: skip
    if not form.what.data or form.what.errors:
        return stint
    key = Key.read(form.what.data)
    there: dict[str, Any] = {
        "work": known.get(key.engagement_id),
        "area": key.area,
        "deliverable_id": key.deliverable_id or None,
    }
    if not key.engagement_id:  # practice time has no client to read a note
        told = "\n".join(filter(None, (entry.client_note, stint.note)))
        return replace(stint, **there, kind=key.kind, client_note="", note=told)
    from_practice = entry.engagement_id is None and not form.kind.data
    return replace(stint, **there, kind=TimeKind.BILLABLE if from_practice else form.kind.data or entry.kind)


@pages.post("/change")
def change() -> ResponseReturnValue:
    works = work_of(g.viewer.person_id, today(), hold=True)
    form = _offered(BulkForm(request.form), works)
    looked = look(form, works, form.seen.data or {}) if form.validate() else []
    good = [one for one in looked if not one.refusal]

    def deed(press: Press) -> None:
        if form.says_nothing:
            raise Refused("Say what is to be changed.")
        if not good:
            with act_on_each(g.viewer, press=press):  # pressed before, it is done and not refused
                raise Refused("Nothing was changed: each of these entries is refused.")
        make_changes(
            [one.change for one in good], [one.verdict for one in good], viewer=g.viewer, press=press,
            why_void="Moved to another client.",
        )  # fmt: skip

    leads = url_for("bulk.show", changed=len(good))
    return answer(form, deed, lambda _: page(form, work_of(g.viewer.person_id, today())), leads_to=leads)
