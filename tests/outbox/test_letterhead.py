"""How a letter looks: the same words in plain text and in HTML, nothing from elsewhere, and no text taken for markup."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from crm.outbox.kinds import ALWAYS, CALLED, Kind, called
from crm.outbox.letterhead import ALWAYS_COMES, CHOOSE, Look, as_html, as_text, look_of
from crm.outbox.notices import Item, Letter

pytestmark = pytest.mark.engine_free
CORA = SimpleNamespace(__tablename__="contact", id=1, name="Cora <b>Quill</b>")
LOOK = Look("Larkmoor & Sons", "https://practice.example", choice="/me")


def letter(**more):
    said = {"to": CORA, "about": None, "subject": "Is 1 < 2?", "text": "One <script>alert(1)</script>.\n\nTwo\nlines.", "path": "/portal?a=1&b=2"}  # fmt: skip
    return Letter(**(said | more))


class Read(HTMLParser):
    """What a mail reader makes of it: elements, addresses, words."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.words, self.attributes = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.words.append(data)


def test_what_people_wrote_is_never_markup():
    text = as_html(letter(items=(Item("<i>A</i>", "more <u>", "/a?b=1&c=2"),)), LOOK)
    found = Read(text)
    assert not {"script", "b", "i", "u", "img", "table"} & set(found.tags)
    assert "One <script>alert(1)</script>." in found.words
    assert "Hello Cora <b>Quill</b>," in found.words
    assert found.tags.count("br") == 2
    assert "/portal?a=1&amp;b=2" in text


def test_it_loads_nothing_and_tells_nobody_that_it_was_opened():
    text = as_html(letter(), LOOK)
    found = Read(text)
    assert not {"img", "link", "script", "iframe", "video", "object", "form"} & set(found.tags)
    assert not re.search(r"url\(|@import|@font-face|background-image", text)
    assert all(one.startswith("https://practice.example/") for one in found.links)
    assert not {name for name in found.attributes if name.startswith("on")}


def test_it_has_one_button_and_bears_the_dark():
    text = as_html(letter(link="Read it and answer"), LOOK)
    assert text.count("display:inline-block") == 1
    assert Read(text).words.count("Read it and answer") == 1
    assert "prefers-color-scheme: dark" in text
    assert 'name="color-scheme" content="light dark"' in text


def test_both_forms_say_the_same():
    one = letter(items=(Item("A text", "Due tomorrow", "/deliverables/1"),), text="First.\n\n- an apple\n- a pear")
    plain, html = as_text(one, LOOK), Read(as_html(one, LOOK))
    for said in ("First.", "an apple", "a pear", "A text", "Due tomorrow", "Larkmoor & Sons", CHOOSE):
        assert said in plain
        assert said in html.words
    assert html.tags.count("li") == 2
    assert "  https://practice.example/deliverables/1" in plain
    assert plain.startswith("Hello Cora <b>Quill</b>,\n\nFirst.\n\n- an apple\n- a pear\n\n- A text\n  Due tomorrow\n")


@pytest.mark.parametrize("kind", Kind)
def test_it_says_why_it_came_or_where_to_stop_it(kind):
    plain, html = as_text(letter(kind=kind), LOOK), as_html(letter(kind=kind), LOOK)
    assert (ALWAYS_COMES in plain, ALWAYS_COMES in html) == (kind in ALWAYS, kind in ALWAYS)
    assert (f"{CHOOSE}: https://practice.example/me" in plain) == (kind not in ALWAYS)
    stranger = Look("Larkmoor", "https://practice.example")
    assert CHOOSE not in as_text(letter(kind=kind), stranger) + as_html(letter(kind=kind), stranger)


def test_every_kind_has_a_name():
    assert set(CALLED) == set(Kind)
    assert called("sign_off") == "Sign-offs"
    assert called("from_the_future") == "From the future"


def test_a_letter_without_a_kind_is_other_news():
    assert letter().kind is Kind.OTHER


@pytest.mark.parametrize(
    ("accent", "letters"), [("", "#ffffff"), ("#24418e", "#ffffff"), ("#767676", "#ffffff"), ("#777777", "#13202b"), ("#f0aa2f", "#13202b")]
)  # fmt: skip
def test_the_button_is_in_the_practices_colour_and_can_be_read(accent, letters):
    look = look_of("Larkmoor", "https://practice.example", accent, choice="")
    assert f"background:{accent or '#24418e'};color:{letters};" in as_html(letter(), look)
