"""What a password may be."""

import pytest

from crm.accounts.passwords import new_password, password
from tests.conftest import AS_SHIPPED


@pytest.mark.parametrize(
    "text",
    [
        "correct horse battery staple",
        "ein langer Satz ohne Sinn",
        "пароль которого никто не знает",
        "🐢🐢 slow and steady",
        "x9!kQ2#vLp0z",
        "a" * 60 + "qwzxjvkb",
    ],
)
def test_any_long_words_will_do(text):
    assert password(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "short", "elevenchars", "x" * 129, "aaaaaaaaaaaa", "abababababab", "123456789012", "abcdefghijkl", "lkjhgfdsapoiuytr"[:14],
        "qwertyuiopas", "Password1234", "P@ssw0rd2026!", "welcome12345", "Winter2026!!", "letmein-letmein", "iloveyou1234",
        "admin admin admin", "Twelvefold2026", "1qaz2wsx3edc", "January-2027!",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(text):
    with pytest.raises(ValueError, match=r"characters|first|well-known"):
        password(text)


def test_a_hash_costs_whoever_guesses():
    """OWASP's least for Argon2id: 19 MiB, two passes."""
    cost = {name.removeprefix("argon2__"): value for name, value in AS_SHIPPED.items()}
    assert cost["memory_cost"] >= 19 * 1024
    assert cost["time_cost"] >= 2


def test_ones_own_name_is_no_password():
    with pytest.raises(ValueError, match="well-known"):
        password("cora.lindqvist99", not_in=("cora.lindqvist@north.example", "Cora Lindqvist"))
    assert password("cora keeps a quiet otter", not_in=("cora@north.example",))


def test_a_made_one_can_be_read_out_and_is_never_the_same():
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        assert password(one) == one
        assert not set(one) & set("ilo01")
