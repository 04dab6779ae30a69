"""What a department reads of its signal, month by month."""

from decimal import Decimal

from crm.access.act import act
from crm.areas.data.forecast import Reading
from crm.areas.data.models import Signal, SignalReading
from crm.core.clock import now, today
from crm.core.forms import Press
from crm.core.viewer import Viewer
from crm.core.words import amount


def add_reading(signal: Signal, said: Reading, *, viewer: Viewer, press: Press) -> Signal:
    with act(viewer, "signal.add_reading", signal, press=press, reason=str(said)):
        signal.read(said, today())
        signal.touch(now(), viewer.person_id)
    return signal


def correct_reading(signal: Signal, reading: SignalReading, value: Decimal, *, viewer: Viewer, press: Press) -> Signal:
    change = f"{Reading(reading.month, reading.value)}, now {amount(value)}"
    with act(viewer, "signal.correct_reading", signal, press=press, reason=change):
        signal.correct(reading, value)
        signal.touch(now(), viewer.person_id)
    return signal


def remove_reading(signal: Signal, reading: SignalReading, *, viewer: Viewer, press: Press) -> Signal:
    with act(viewer, "signal.remove_reading", signal, press=press, reason=str(Reading(reading.month, reading.value))):
        signal.strike(reading)
        signal.touch(now(), viewer.person_id)
    return signal
