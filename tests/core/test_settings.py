"""Settings: each read by its type, each in the docs, and nothing unsafe in production."""

import stat
from pathlib import Path

import pytest

import crm
from crm.core import settings
from crm.core.settings import (
    SETTINGS,
    BadSetting,
    from_environment,
    kept_secrets,
    refuse_unsafe_production,
    strange_names,
)

DOCS = Path(__file__).parent.parent.parent / "docs" / "settings.md"
LIVE = {
    "ENV": "production", "SECRET_KEY": "k3Jx9-wm2Pq_7Rt5Zb8Nc4Vd6Lf1Hg0Sa", "BASE_URL": "https://p.example", "TRUSTED_HOSTS": ["p.example"],
}  # fmt: skip


def row_of(setting):
    shown = ",".join(setting.default) if isinstance(setting.default, list) else str(setting.default)
    return f"| `TWELVEFOLD_{setting.name}` | {f'`{shown}`' if shown else '–'} | {setting.says} |"


def test_the_docs_say_what_the_program_reads():
    table = [line for line in DOCS.read_text().splitlines() if line.startswith("| `TWELVEFOLD_")]
    assert table == [row_of(setting) for setting in SETTINGS]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("ENV", "prod", "say local or production, not “prod”"),
        ("MAIL_PORT", "25a", "say a whole number"),
        ("MAIL_TLS", "ssl", "say starttls or tls or none"),
        ("PROXIES", "-1", "say a whole number"),
        ("BASE_URL", "practice.example", "say an address without a path"),
        ("BASE_URL", "https://p.example/crm", "say an address without a path"),
        ("BASE_URL", "https://p.example:x", "say an address without a path"),
        ("LOG_LEVEL", "loud", "say DEBUG or INFO"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(name, text, says):
    with pytest.raises(BadSetting) as refused:
        from_environment({f"TWELVEFOLD_{name}": text})
    assert str(refused.value).startswith(f"TWELVEFOLD_{name}: ")
    assert says in str(refused.value)


def test_values_are_read_by_type():
    found = from_environment(
        {
            "TWELVEFOLD_MAIL_PORT": "25",
            "TWELVEFOLD_TRUSTED_HOSTS": "a.example, b.example",
            "TWELVEFOLD_DEMO_PASSWORD": "123456789012",
        }
    )
    assert (found["MAIL_PORT"], found["TRUSTED_HOSTS"], found["DEMO_PASSWORD"]) == (
        25,
        ["a.example", "b.example"],
        "123456789012",
    )


def test_a_variable_that_is_no_setting_is_said():
    assert strange_names({"TWELVEFOLD_ENV": "local", "HOME": "/x"}) == []
    assert strange_names({"TWELVEFOLD_DATABASE_UR": "x", "TWELVEFOLD_ZZZ": "y"}) == [
        "TWELVEFOLD_DATABASE_UR is not a setting and counts for nothing. Is TWELVEFOLD_DATABASE_URL meant?",
        "TWELVEFOLD_ZZZ is not a setting and counts for nothing.",
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have 32"),
        ({"SECRET_KEY": "x" * 40}, "SECRET_KEY must have 32"),
        ({"BASE_URL": "http://p.example"}, "begin with https://"),
        ({"TRUSTED_HOSTS": []}, "TRUSTED_HOSTS"),
        ({"TRUSTED_HOSTS": None}, "TRUSTED_HOSTS"),
        ({"TRUSTED_HOSTS": ["other.example"]}, "TRUSTED_HOSTS"),
        ({"DEBUG": True}, "debug mode"),
    ],
)
def test_production_refuses_what_is_unsafe(wrong, says):
    refuse_unsafe_production(LIVE)
    refuse_unsafe_production({**LIVE, **wrong, "ENV": "local"})
    with pytest.raises(BadSetting, match=says):
        refuse_unsafe_production({**LIVE, **wrong})


def test_production_serves_no_plain_cookie_and_no_strange_host(tmp_path):
    app = crm.create_app(
        {**LIVE, "INSTANCE": tmp_path, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "LOG_LEVEL": "CRITICAL"}
    )
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-twelvefold"
    assert app.config["SESSION_COOKIE_SECURE"]
    browser = app.test_client()
    assert browser.get("/sign-in", base_url="https://evil.example").status_code == 400
    answer = browser.get("/sign-in", base_url="https://p.example")
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "__Host-twelvefold=" in answer.headers["Set-Cookie"]
    assert all(word in answer.headers["Set-Cookie"] for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in answer.headers["Set-Cookie"]


def test_secrets_are_made_once_and_kept_from_others(tmp_path):
    first = kept_secrets(tmp_path)
    assert kept_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert all(len(first[name]) >= 48 for name in ("SECRET_KEY", "PASSWORD_SALT"))
    assert kept_secrets(tmp_path / "another") != first


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BadSetting, match=r"file/instance keeps what .* TWELVEFOLD_INSTANCE"):
        kept_secrets(tmp_path / "file" / "instance")
    for damaged in ("", "{", "[1]"):
        (tmp_path / "secrets.json").write_text(damaged)
        with pytest.raises(BadSetting, match=r"secrets\.json is damaged"):
            kept_secrets(tmp_path)
        assert (tmp_path / "secrets.json").read_text() == damaged


def test_the_instance_folder_is_a_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("TWELVEFOLD_INSTANCE", str(tmp_path / "here"))
    app = crm.create_app({"LOG_LEVEL": "CRITICAL"})
    assert app.config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/here/twelvefold.db"
    assert (tmp_path / "here" / "secrets.json").exists()


def test_the_database_is_named_as_people_name_it(tmp_path):
    assert settings.database_url("", tmp_path) == f"sqlite:///{tmp_path}/twelvefold.db"
    assert settings.database_url("postgresql://u@h/d", tmp_path) == "postgresql+psycopg://u@h/d"
    assert settings.database_url("postgres://u@h/d", tmp_path) == "postgresql+psycopg://u@h/d"
    with pytest.raises(BadSetting) as refused:
        settings.database_url("mysql://root:secret@h/d", tmp_path)
    assert "secret" not in str(refused.value)
