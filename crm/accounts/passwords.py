"""What a password must be: long, and not one of those that are tried first (V6.2). No rotation, any characters."""

import secrets

SHORTEST, LONGEST = 12, 128
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read out
KNOWN = (
    "password", "passwort", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "letmein", "welcome", "administrator",
    "iloveyou", "trustno", "changeme", "secret", "default", "sunshine", "princess", "football", "baseball", "dragon",
    "monkey", "superman", "batman", "starwars", "whatever", "computer", "internet", "company", "summer", "winter",
    "spring", "autumn", "january", "february", "march", "april", "june", "july", "august", "september", "october",
    "november", "december", "monday", "friday", "master", "login", "admin", "guest", "test", "user", "hello", "abc",
    "pass", "word", "my", "the", "is", "this", "twelvefold", "qazwsx", "qwe", "asd", "zxc",
)  # fmt: skip
LOOKALIKES = str.maketrans("@4301!5$7", "aaeoiisst")
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb")


def password(text: str, *, not_in: tuple[str, ...] = ()) -> str:
    """The password as typed. ValueError says what is wrong; `not_in` holds the account's own names."""
    if not SHORTEST <= len(text) <= LONGEST:
        raise ValueError(
            f"Write {SHORTEST} to {LONGEST} characters, like four words that do not belong together; this is {len(text)}"
        )
    if len(set(text.lower())) < 5 or _is_walked(text.lower()):
        raise ValueError("This is among the first that are tried. Take four words that do not belong together")
    if len(_without(text, (*KNOWN, *_parts(not_in)))) < 5:
        raise ValueError(
            "This is a well-known word or name with little added. Take four words that do not belong together"
        )
    return text


def _is_walked(text: str) -> bool:
    """Along a row of the keyboard or the alphabet, forth or back."""
    return any(text in row * 9 or text in row[::-1] * 9 for row in ROWS)


def _parts(names: tuple[str, ...]) -> tuple[str, ...]:
    apart = " ".join(names).lower().replace("@", " ").replace(".", " ").split()
    return tuple(part for part in apart if len(part) > 2)


def _without(text: str, known: tuple[str, ...]) -> str:
    """What is left of a password's letters without the words that everybody tries, however they are disguised."""
    left = list(text.lower())
    for plain in (text.lower(), text.lower().translate(LOOKALIKES)):
        for word in known:
            start = plain.find(word)
            while start >= 0:
                left[start : start + len(word)] = " " * len(word)
                start = plain.find(word, start + 1)
    return "".join(letter for letter in left if letter.isalpha())


def new_password() -> str:
    """One that can be read out: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
