"""The page on which a partner says who a placeholder is: what would move is shown before."""

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access.pages import PARTNERS, Pages, slow
from crm.core.db import db
from crm.core.errors import Refused
from crm.core.forms import Press
from crm.core.web import answer
from crm.people.models import Person
from crm.timelog.imports.forms import TieForm
from crm.timelog.imports.tying import people_to_choose, preview, say_who

pages = Pages("tying", __name__, roles=PARTNERS, url_prefix="/people")


def _placeholder(person_id: int) -> Person:
    person: Person = db.get_or_404(Person, person_id)
    return person if person.is_placeholder else abort(404)


@pages.get("/<id:person_id>/who")
def show(person_id: int) -> ResponseReturnValue:
    person = _placeholder(person_id)
    form = TieForm(formdata=None, version=str(person.version))
    form.real.data = request.args.get("real") or (str(person.stands_for_id) if person.stands_for_id else None)
    return page(person, form)


@pages.post("/<id:person_id>/who")
@slow
def say(person_id: int) -> ResponseReturnValue:
    person, form = _placeholder(person_id), TieForm(request.form)
    choices = _offer(form, person)

    def deed(press: Press) -> Person:
        real = choices.get(str(form.real.data))
        if real is None:
            raise Refused("Choose who it is.", "real")
        return say_who(person, real, viewer=g.viewer, press=press)

    return answer(
        form, deed, lambda _: page(_placeholder(person_id), form), leads_to=url_for("people.show", person_id=person_id)
    )


def _offer(form: TieForm, person: Person) -> dict[str, Person]:
    choices = {str(one.id): one for one in people_to_choose(person)}
    form.real.of((one.id, one.name) for one in choices.values())
    return choices


def page(person: Person, form: TieForm) -> str:
    """Whom to choose; and once somebody is chosen, what would become theirs."""
    real = _offer(form, person).get(str(form.real.data))
    return render_template(
        "timelog/imports/who.html", person=person, form=form, real=real, found=preview(person, real) if real else None
    )
