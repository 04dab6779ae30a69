"""Signals: what departments read month by month, and when a threshold is met if it goes on so."""

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.exceptions import NotFound

from crm.access.pages import DESK, Pages
from crm.areas.data import operations as do
from crm.areas.data.area import AREA, SIGNALS
from crm.areas.data.chart import Chart
from crm.areas.data.forms import FigureForm, ReadingForm
from crm.areas.data.models import Signal, SignalReading
from crm.areas.data.queries import signals_of
from crm.core.clock import today
from crm.core.db import db
from crm.core.forms import Form, Press
from crm.core.lists import csv_of
from crm.core.web import answer
from crm.core.words import amount, cell, month
from crm.registers.place import Place

pages = Pages("signals", __name__, roles=DESK, url_prefix="/clients/<id:client_id>/areas/data/signals")
HEADINGS = ("Signal", "Department", "Unit", "Month", "Figure", "Threshold")


@pages.get("/forecast")
def show(client_id: int) -> str:
    place = Place.of(client_id, AREA, SIGNALS)
    charts = sorted(map(Chart, db.session.scalars(signals_of(client_id)).unique()), key=_nearest_first)
    return place.show(
        "areas/data/forecast.html", view="Forecast", has_rows=bool(charts), export=url_for(".export", client_id=client_id), charts=charts
    )  # fmt: skip


def _nearest_first(chart: Chart) -> tuple[bool, Any]:
    return chart.away is None, chart.away or 0


@pages.get("/readings.csv")
def export(client_id: int) -> ResponseReturnValue:
    place = Place.of(client_id, AREA, SIGNALS)
    signals = db.session.scalars(signals_of(client_id)).unique()
    rows = ((one.name, cell(one.department), one.unit, f"{said.month:%Y-%m}", amount(said.value), amount(one.threshold))
            for one in signals for said in one.readings)  # fmt: skip
    return csv_of(HEADINGS, rows, f"{place.client.code}-readings")


@pages.route("/<id:entry_id>/readings", methods=["GET", "POST"])
def readings(client_id: int, entry_id: int) -> ResponseReturnValue:
    place = Place.of(client_id, AREA, SIGNALS)
    signal: Signal = place.row(entry_id)
    form = ReadingForm(version=signal.version)

    def deed(press: Press) -> Signal:
        done = do.add_reading(signal, form.reading, viewer=g.viewer, press=press)
        flash(f"{month(form.month.data)} is written down.", "g")
        return done

    here = url_for(".readings", client_id=client_id, entry_id=entry_id)
    return (
        _page(place, signal, form)
        if request.method == "GET"
        else answer(form, deed, lambda form: _page(place, signal, form), leads_to=here)
    )


def _page(place: Place, signal: Signal, form: Form) -> str:
    if inspect(signal).expired:  # a refused deed leaves it unread
        signal = place.row(inspect(signal).identity[0])  # type: ignore[index]
    return place.show(
        "areas/data/readings.html", row=signal, chart=Chart(signal), form=form, this_month=today(),
        press=lambda: Form(None, data={"version": signal.version}),
    )  # fmt: skip


def the_reading(place: Place, entry_id: int, reading_id: int) -> tuple[Signal, SignalReading]:
    """404 where the signal has no such reading."""
    signal: Signal = place.row(entry_id)
    found = signal.reading(reading_id)
    if found is None:
        raise NotFound
    return signal, found


@pages.route("/<id:entry_id>/readings/<id:reading_id>", methods=["GET", "POST"])
def reading(client_id: int, entry_id: int, reading_id: int) -> ResponseReturnValue:
    place = Place.of(client_id, AREA, SIGNALS)
    signal, found = the_reading(place, entry_id, reading_id)
    form = FigureForm(version=signal.version, value=found.value)

    def page(form: Form) -> str:
        again, standing = the_reading(place, entry_id, reading_id)
        return place.show("areas/data/reading.html", row=again, reading=standing, form=form)

    def deed(press: Press) -> Signal:
        return do.correct_reading(signal, found, form.value.data, viewer=g.viewer, press=press)

    here = url_for(".readings", client_id=client_id, entry_id=entry_id)
    return page(form) if request.method == "GET" else answer(form, deed, page, leads_to=here)


@pages.post("/<id:entry_id>/readings/<id:reading_id>/removal")
def remove(client_id: int, entry_id: int, reading_id: int) -> ResponseReturnValue:
    place = Place.of(client_id, AREA, SIGNALS)
    signal, found = the_reading(place, entry_id, reading_id)
    here = url_for(".readings", client_id=client_id, entry_id=entry_id)
    do.remove_reading(signal, found, viewer=g.viewer, press=Form().press(leads_to=here))
    return redirect(here, 303)
