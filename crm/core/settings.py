"""Settings: environment variables with the prefix TWELVEFOLD_, each read by its own type. docs/settings.md lists them."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from click import ClickException

PREFIX = "TWELVEFOLD_"


class BadSetting(ClickException):
    """A setting that cannot be used. The sentence says which, why and what would do; a terminal shows it as it is."""


@dataclass(frozen=True)
class Setting:
    """One variable: its name without the prefix, how it is read, what holds when it is not given, what it is for."""

    name: str
    read: Callable[[str], Any]
    default: Any
    says: str


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("say a whole number")
    return int(text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"say {' or '.join(words)}")
        return text

    return read


def _site(text: str) -> str:
    """Scheme, host and port of a web site, with nothing behind them."""
    try:
        parts = urlsplit(text)
        is_site = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_site = False
    if not is_site or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("say an address without a path, like https://practice.example")
    return text.rstrip("/")


def _fernet_key(text: str) -> str:
    try:
        fits = not text or len(base64.urlsafe_b64decode(text)) == 32
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("say 32 bytes in base64, as Fernet makes its keys")
    return text


SETTINGS = (
    Setting("DATABASE_URL", str, "", "The database: `postgresql://...`, or `sqlite:////path`. Empty: `instance/twelvefold.db`"),
    Setting("INSTANCE", str, "", "The folder of this installation's own files: the SQLite database, generated secrets. Empty: `instance/`"),
    Setting("ENV", _one_of("local", "production"), "local", "`local` binds to loopback and allows plain http; `production` checks everything at start"),
    Setting("SECRET_KEY", str, "", "Signs sessions and tokens, 32 characters or more. Empty: generated once into `instance/`"),
    Setting("PASSWORD_SALT", str, "", "Mixed into every password hash. Empty: generated once into `instance/`"),
    Setting("TOTP_SECRET", str, "", "Encrypts what authenticator apps share with us. Empty: generated once into `instance/`"),
    Setting("RECOVERY_KEY", _fernet_key, "", "Encrypts recovery codes, 32 bytes in base64 (a Fernet key). Empty: generated once into `instance/`"),
    Setting("BASE_URL", _site, "http://127.0.0.1:8000", "The address people use, without a path; links in mail begin with it"),
    Setting("TRUSTED_HOSTS", _names, [], "Host names that requests may name, by comma. Empty: any in `local`, refused in `production`"),
    Setting("PROXIES", _number, 0, "How many reverse proxies stand in front and set X-Forwarded-For"),
    Setting("DEMO_PASSWORD", str, "", "Password of all demo accounts. Empty: random for each instance, and printed"),
    Setting("FILES", str, "", "Where files lie: a folder, or `s3://bucket/prefix` for S3-compatible storage. Empty: `files` in the instance folder"),
    Setting("FILES_ENDPOINT", str, "", "Address of S3-compatible storage, like `https://storage.example`. Empty: Amazon's own"),
    Setting("FILES_REGION", str, "us-east-1", "Region of the bucket"),
    Setting("FILES_KEY", str, "", "Key id for the bucket. Empty: what the machine itself is given, if anything"),
    Setting("FILES_SECRET", str, "", "Secret of that key"),
    Setting("MAIL_HOST", str, "", "SMTP server. Empty: mail waits in the outbox, and the demo shows it under Mail"),
    Setting("MAIL_PORT", _number, 587, "Port of the SMTP server"),
    Setting("MAIL_USER", str, "", "User at the SMTP server"),
    Setting("MAIL_PASSWORD", str, "", "Password at the SMTP server"),
    Setting("MAIL_TLS", _one_of("starttls", "tls", "none"), "starttls", "`starttls`, `tls` or `none`"),
    Setting("MAIL_SENDER", str, "Twelvefold <twelvefold@localhost>", "From whom mail comes"),
    Setting("LOG_LEVEL", _one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "INFO", "`DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`; one JSON line per event on standard error"),
)  # fmt: skip


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Every setting by its name without the prefix. Raises BadSetting for a value that cannot be read."""
    found = {}
    for setting in SETTINGS:
        text = environment.get(PREFIX + setting.name)
        try:
            found[setting.name] = setting.default if text is None else setting.read(text)
        except ValueError as error:
            raise BadSetting(f"{PREFIX}{setting.name}: {error}, not “{text}”.") from None
    return found


def strange_names(environment: Mapping[str, str] = os.environ) -> list[str]:
    """A sentence for each variable that looks like a setting and is none."""
    known = [setting.name for setting in SETTINGS]
    said = []
    for name in sorted(name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX)):
        if name not in known:
            meant = "".join(f" Is {PREFIX}{close} meant?" for close in get_close_matches(name, known, 1))
            said.append(f"{PREFIX}{name} is not a setting and counts for nothing.{meant}")
    return said


def kept_secrets(instance: Path) -> dict[str, str]:
    """The secrets of this instance, generated at the first start and readable by its owner only."""
    file = instance / "secrets.json"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        return _kept_in(file)
    except OSError as error:
        raise BadSetting(
            f"The folder {instance} keeps what belongs to this installation and cannot be used ({error.strerror})."
            f" Name another in {PREFIX}INSTANCE, or let this user write there."
        ) from None
    except (ValueError, TypeError):
        raise BadSetting(f"{file} is damaged. Put it back from a backup: without it no password fits.") from None


MADE: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "PASSWORD_SALT": lambda: secrets.token_urlsafe(48),
    "DEMO_PASSWORD": lambda: secrets.token_urlsafe(12),
    "TOTP_SECRET": lambda: secrets.token_urlsafe(48),
    "RECOVERY_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
}


def _kept_in(file: Path) -> dict[str, str]:
    """What is in the file, with what a newer version needs and it has not. One process at a time makes it."""
    if set(MADE) <= set(kept := _read(file)):
        return kept
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        kept = _read(file)  # another process of the same start may have been first
        if not set(MADE) <= set(kept):
            kept |= {name: make() for name, make in MADE.items() if name not in kept}
            draft = file.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
                json.dump(kept, out, indent=1)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(file)
            os.fsync(folder)
    finally:
        os.close(folder)
    return kept


def _read(file: Path) -> dict[str, str]:
    return dict(json.loads(file.read_text())) if file.exists() else {}


def database_url(given: str, instance: Path) -> str:
    """The address for SQLAlchemy: psycopg 3 for PostgreSQL, the instance's own file when none is given."""
    if not given:
        return f"sqlite:///{instance / 'twelvefold.db'}"
    for scheme in ("postgres://", "postgresql://"):
        if given.startswith(scheme):
            return "postgresql+psycopg://" + given.removeprefix(scheme)
    if not given.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting(
            f"{PREFIX}DATABASE_URL: say postgresql://… or sqlite:///…, not “{given.rsplit('@', maxsplit=1)[-1]}”."
        )
    return given


def refuse_unsafe_production(config: Mapping[str, Any]) -> None:
    """What must not go live is refused at start. Raises BadSetting with the first thing that is missing."""
    if config["ENV"] != "production":
        return
    wrong = {
        "SECRET_KEY must have 32 characters or more, and be nobody's example": (
            len(config["SECRET_KEY"]) < 32 or len(set(config["SECRET_KEY"])) < 10
        ),
        "BASE_URL must be given and begin with https://": not config["BASE_URL"].startswith("https://"),
        "TRUSTED_HOSTS must name the host of BASE_URL": (
            urlsplit(config["BASE_URL"]).hostname not in (config["TRUSTED_HOSTS"] or ())
        ),
        "debug mode must be off": bool(config.get("DEBUG")),
    }
    for sentence, is_so in wrong.items():
        if is_so:
            raise BadSetting(f"{PREFIX}ENV is production: {sentence}.")


SESSION_IDLE, SESSION_LONGEST = timedelta(hours=2), timedelta(hours=12)
SESSION_TRUSTED, FRESH_FOR = timedelta(days=30), timedelta(hours=2)  # on a device that its owner trusts
SEED_LASTS, KEYS_SHOWN = timedelta(minutes=30), timedelta(minutes=10)  # of an app's secret, of new recovery codes
