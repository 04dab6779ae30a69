import pytest

from crm.core.settings import BadSetting, database_url, from_environment, kept_secrets, refuse_unsafe_production


def test_secrets_are_made_once_and_kept_private(tmp_path):
    first = kept_secrets(tmp_path)
    assert kept_secrets(tmp_path) == first
    assert len(first["SECRET_KEY"]) >= 32
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_settings_are_read_by_their_own_type():
    assert from_environment({})["PROXIES"] == 0
    read = from_environment(
        {
            "TWELVEFOLD_PROXIES": "2",
            "TWELVEFOLD_DEMO_PASSWORD": "12345",
            "TWELVEFOLD_TRUSTED_HOSTS": "a.example, b.example",
        }
    )
    assert (read["PROXIES"], read["DEMO_PASSWORD"], read["TRUSTED_HOSTS"]) == (2, "12345", ["a.example", "b.example"])
    with pytest.raises(BadSetting, match="TWELVEFOLD_PROXIES"):
        from_environment({"TWELVEFOLD_PROXIES": "many"})


def test_the_database_is_named_as_people_name_it(tmp_path):
    assert database_url("", tmp_path) == f"sqlite:///{tmp_path}/twelvefold.db"
    assert database_url("postgresql://u@h/d", tmp_path) == "postgresql+psycopg://u@h/d"
    assert database_url("postgres://u@h/d", tmp_path) == "postgresql+psycopg://u@h/d"
    with pytest.raises(BadSetting) as refused:
        database_url("mysql://root:secret@h/d", tmp_path)
    assert "secret" not in str(refused.value)


SAFE = {
    "ENV": "production",
    "SECRET_KEY": "x" * 32,
    "BASE_URL": "https://crm.example",
    "TRUSTED_HOSTS": ["crm.example"],
}


@pytest.mark.parametrize(
    "unsafe",
    [
        {"SECRET_KEY": "short"},
        {"BASE_URL": "http://crm.example"},
        {"BASE_URL": ""},
        {"TRUSTED_HOSTS": []},
        {"DEBUG": True},
    ],
)
def test_production_refuses_to_start_unsafe(unsafe):
    refuse_unsafe_production(SAFE)
    refuse_unsafe_production(SAFE | unsafe | {"ENV": "local"})
    with pytest.raises(BadSetting):
        refuse_unsafe_production(SAFE | unsafe)
