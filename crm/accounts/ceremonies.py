"""Making a passkey, and asking for one from somebody who is signed in. At the door the library's own views do it."""

from typing import Any

import webauthn
from flask import current_app, request
from flask_security import WebAuthnSigninResponseForm
from itsdangerous import BadSignature
from sqlalchemy import update
from webauthn.helpers import options_to_json_dict, parse_registration_credential_json
from webauthn.helpers.exceptions import InvalidJSONStructure, InvalidRegistrationResponse
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from crm.accounts.factors import Passkey
from crm.accounts.models import Account
from crm.accounts.session import account_session
from crm.accounts.steps import CHALLENGE, answers_once
from crm.core.clock import now
from crm.core.errors import Refused

NOT_TAKEN = "That did not work. Open the page anew and try again; nothing was changed."
TIMEOUT = int(CHALLENGE.total_seconds()) * 1000


def _library() -> Any:
    return current_app.extensions["security"]


def _host() -> str:
    return request.host.split(":")[0]


def _known(account: Account) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one.credential_id) for one in account.passkeys]


def begin(account: Account, name: str) -> dict[str, Any]:
    """What the browser is asked to make, and our sealed note of it, which comes back with the answer."""
    challenge = _library().webauthn_util.generate_challenge()
    options = webauthn.generate_registration_options(
        rp_id=_host(), rp_name=current_app.config["SECURITY_WAN_RP_NAME"], challenge=challenge.encode(), timeout=TIMEOUT,
        user_id=account.fs_webauthn_user_handle.encode(), user_name=account.email, user_display_name=account.name,
        authenticator_selection=_library().webauthn_util.authenticator_selection(account, "first"),
        exclude_credentials=_known(account),
    )  # fmt: skip
    return _said(options, {"challenge": challenge, "name": name, "account": account.id, "for": "create"})


def finish(account: Account, credential: str, state: str) -> Passkey:
    """The passkey that was made. Raises Refused for an answer to another question, another site or another person."""
    note = _note(state, "create", account)
    try:
        made = parse_registration_credential_json(credential)
        proven = webauthn.verify_registration_response(
            credential=made, expected_challenge=note["challenge"].encode(), expected_rp_id=_host(),
            expected_origin=_library().webauthn_util.origin(), require_user_verification=True,
        )  # fmt: skip
    except (InvalidJSONStructure, InvalidRegistrationResponse, ValueError, KeyError, TypeError):
        raise Refused(NOT_TAKEN) from None
    return Passkey(
        name=note["name"], credential_id=proven.credential_id, public_key=proven.credential_public_key,
        sign_count=proven.sign_count, backup_state=proven.credential_backed_up,
        device_type=str(proven.credential_device_type.value), made_at=now(),
        transports=[one.value for one in made.response.transports or []],
    )  # fmt: skip


def challenge(account: Account) -> dict[str, Any]:
    """Ask for any of this account's passkeys."""
    words = _library().webauthn_util.generate_challenge()
    options = webauthn.generate_authentication_options(
        rp_id=_host(), challenge=words.encode(), timeout=TIMEOUT, allow_credentials=_known(account),
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return _said(options, {"challenge": words, "account": account.id, "for": "get"})


def proves(account: Account, credential: str, state: str) -> bool:
    """Whether one of this account's passkeys answered that challenge, for the first time."""
    try:
        note = _note(state, "get", account)
    except Refused:
        return False
    form = WebAuthnSigninResponseForm(data={"credential": credential}, meta={"csrf": False})
    form.challenge, form.user_verification = note["challenge"], True
    form.is_secondary, form.is_verify = False, True
    if not form.validate() or form.user is None or form.user.id != account.id:
        return False
    used = update(Passkey).where(Passkey.credential_id == form.authentication_verification.credential_id)
    with account_session(writes=True) as accounts:
        count = form.authentication_verification.new_sign_count
        accounts.execute(used.values(sign_count=count, lastuse_datetime=now()))
    return True


def _said(options: Any, note: dict[str, Any]) -> dict[str, Any]:
    """In the shape of the library's own answers, so that one script asks both."""
    state = _library().wan_serializer.dumps(note)
    return {"response": {"credential_options": options_to_json_dict(options), "wan_state": state}}


def _note(state: str, of: str, account: Account) -> dict[str, Any]:
    try:
        note = _library().wan_serializer.loads(state, max_age=CHALLENGE.total_seconds())
    except BadSignature:
        raise Refused(NOT_TAKEN) from None
    if not isinstance(note, dict) or (note.get("for"), note.get("account")) != (of, account.id):
        raise Refused(NOT_TAKEN)
    if not answers_once(state):
        raise Refused(NOT_TAKEN)
    return note
