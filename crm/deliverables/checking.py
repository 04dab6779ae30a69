"""Which version a file is: its fingerprint, looked up among the versions that whoever asks may see."""

from collections.abc import Callable, Sequence

from flask import url_for
from flask.typing import ResponseReturnValue

from crm.deliverables.record import matches
from crm.files.forms import CompareForm

Render = Callable[..., str]  # a page of the audience that asks


def asked(render: Render, template: str) -> str:
    return _page(render, template, CompareForm(formdata=None))


def answered(render: Render, template: str) -> ResponseReturnValue:
    form = CompareForm()
    if not form.validate():
        return _page(render, template, form), 422
    return _page(render, template, form, form.digests())


def _page(render: Render, template: str, form: CompareForm, digests: Sequence[str] = ()) -> str:
    return render(
        template, form=form, digests=digests, compared=matches(digests) if digests else None,
        where=lambda version: url_for(".show", deliverable_id=version.deliverable_id),
    )  # fmt: skip
