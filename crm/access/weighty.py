"""Acts of weight: done only by somebody who has lately proved who they are (RELIABILITY: sessions on trusted devices).

The lock in act.py asks; a page never does. Whoever must prove themselves is led to do so, and back to what they had typed.
"""

WEIGHTY = frozenset({
    # the client's word
    "deliverable.accept", "deliverable.send_back", "deliverable.record",
    "decision.decide", "decision.record",
    "raid.accept", "raid.record",
    "delegation.name", "delegation.end", "engagement.sign_off", "sponsorship.add", "sponsorship.end",  # and who may give it
    # who sees what, and takes everything
    "client.open_to_viewers", "client.take_archive", "wall.raise", "wall.lower",
    "contact.vouch",  # where the links go by which the client answers
    "own.open_calendar",  # it reads on when this device is trusted no more and every session has ended
    "register.share", "meeting.share", "deliverable.submit",  # the client reads it, and remembers it
    "assignment.add", "assignment.confirm",  # and of ours, who comes to see a client
    # the office
    "practice.revise", "practice.set_sign_in", "limit.set", "limit.reset",
    "account.add", "account.give", "account.take", "account.revise", "account.close", "account.reopen",
    "account.set_password", "account.end_sessions", "account.reset_factors",
    "account.invite", "account.invite_again", "account.withdraw", "leaver.part", "leaver.hand_over",
    "viewer.invite", "viewer.invite_again", "viewer.remove",
    # figures that others rely on
    "period.lock", "period.reopen",
    # money that is asked for, and where it goes
    "issuer.revise", "invoice.issue", "invoice.void",
})  # fmt: skip
