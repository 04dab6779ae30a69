"""The sign-off of a version on paper: what both sides can download for as long as the record stands."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

from crm.accounts.mark import mark_of
from crm.clients.models import Client
from crm.core.clock import now
from crm.core.db import only_read
from crm.core.pdf import pdf_of
from crm.core.words import day, moment
from crm.deliverables.versions import FINAL, DeliverableVersion, How, Said, SignOff
from crm.practice.models import Practice

WAY = {
    How.PORTAL: "in the portal, signed in",
    How.MAIL: "by a link from a mail, for this person and this version only",
    How.BEHALF: "recorded on behalf of the client",
    How.DEEMED: "deemed: no answer came in the time agreed, which counts as a yes",
}
Lines = Sequence[tuple[str, str]]


def has_certificate(version: DeliverableVersion) -> bool:
    return version.state in FINAL


def certificate(version: DeliverableVersion, client: Client, practice: Practice, *, full: bool) -> Response:
    """Made from the record each time, with no transaction open. `full`: with the address that an answer came from."""
    data = data_of(version, client, practice, full=full)
    name = f"{version.code.replace(' ', '-')}-sign-off.pdf"
    only_read()
    mark = list(mark_of(practice.logo) or b"")  # as figures: JSON has no bytes
    answer = Response(pdf_of("certificate", data | {"logo": mark}), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def data_of(version: DeliverableVersion, client: Client, practice: Practice, *, full: bool) -> dict[str, Any]:
    given = [one for one in version.answers_to(version.submitted_at) if one.said is Said.YES]
    return {
        "heading": "Certificate of acceptance (deemed)" if version.deemed else "Certificate of acceptance",
        "title": version.title, "version": f"Version {version.number}", "code": version.code, "client": client.name,
        "practice": practice.name, "answers": [lines_of(version, one, full=full) for one in given] or [_plainly(version)],
        "criteria": [one.text for one in version.criteria], "remark": version.remark, "digest": version.digest,
        "files": [{"name": one.name, "digest": one.digest} for one in version.files], "made": moment(now()),
    }  # fmt: skip


def who_gave(answer: SignOff) -> str:
    """The name under it; a delegate's says for whom."""
    if answer.by is None:
        return answer.sponsor.name
    name = answer.name or answer.by.name
    return name if answer.by_id == answer.sponsor_id else f"{name}, for {answer.sponsor.name}"


def when(answer: SignOff) -> str:
    """In the zone of then, which is said."""
    local = answer.at.astimezone(ZoneInfo(answer.zone)) if answer.zone else answer.at
    return f"{day(local.date())}, {local:%H:%M} ({answer.zone or 'UTC'})"


def lines_of(version: DeliverableVersion, answer: SignOff, *, full: bool) -> Lines:
    found = [("Answer", "Accepted" if answer.how is not How.DEEMED else "Counted as accepted (deemed)")]
    found += [("By" if answer.by_id else "For", who_gave(answer)), ("When", when(answer)), ("How", WAY[answer.how])]
    if answer.how is How.BEHALF and version.recorded_by:
        found.append(("Recorded by", f"{version.recorded_by.name}; said on {day(version.given_on)}"))
    if answer.basis:
        found.append(("Proof" if answer.how is How.BEHALF else "Because", answer.basis))
    if full and answer.address:
        found.append(("From", answer.address))
    return found


def _plainly(version: DeliverableVersion) -> Lines:
    """What was answered before answers had rows of their own."""
    found = [("Answer", "Counted as accepted (deemed)" if version.deemed else "Accepted")]
    if version.decided_by:
        found.append(("By", version.decided_by.name))
    found.append(("When", moment(version.decided_at)))
    if version.on_behalf and version.recorded_by:
        found.append(("Recorded by", f"{version.recorded_by.name}; said on {day(version.given_on)}"))
    return found
