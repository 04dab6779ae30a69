"""Who is asked to complete their month. In which words, crm/workload/notices.py says: it knows the days."""

from crm.closing.models import TimeReminder
from crm.outbox.models import post


def announce(reminder: TimeReminder) -> None:
    post("time.reminded", key=f"time_reminder:{reminder.id}", reminder_id=reminder.id)
