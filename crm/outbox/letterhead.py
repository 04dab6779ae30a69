"""How a letter looks: the same words as plain text and as HTML, in the practice's look.

Mail readers know no style sheets of ours and few rules of CSS: so what must hold stands on each element, and the head
only says what differs in the dark. No picture, no script, nothing from elsewhere: opening a letter tells nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from crm.outbox.kinds import ALWAYS
from crm.outbox.notices import Item, Letter

ACCENT = "#24418e"
WHITE_UNTIL = 1.05 / 4.5 - 0.05  # as light as a ground may be under white letters: 4.5 to 1
SANS = "font-family:'IBM Plex Sans','Segoe UI',Roboto,Helvetica,Arial,sans-serif"
DARK = (
    "@media (prefers-color-scheme: dark) {"
    " .ground { background: #0b1116 !important } .sheet { background: #161e26 !important; color: #e9eef2 !important }"
    " .soft { color: #b6c2cc !important } .link { color: #a3bcf7 !important } .item { border-color: #2a3641 !important } }"
)
STYLES = {
    "ground": "margin:0;padding:24px 12px;background:#f1f3f2",
    "sheet": f"max-width:560px;margin:0 auto;padding:28px 28px 20px;background:#ffffff;color:#13202b;border-radius:5px;"
    f"font-size:16px;line-height:1.5;{SANS}",
    "soft": "color:#5b6873",
    "link": "color:#24418e",
    "item": "margin:0 0 16px;padding:0 0 16px;border-bottom:1px solid #dde2e1",
}
MARGIN = "margin:0 0 16px"
ALWAYS_COMES = "Such mail always comes at once: it asks something of you, or keeps your account safe."
CHOOSE = "Choose which mail you get, and how often"


@dataclass(frozen=True)
class Look:
    """Whose letter it is."""

    practice: str
    base: str  # scheme and host of the installation
    accent: str = ACCENT
    on_accent: str = "#ffffff"
    choice: str = ""  # where the reader chooses what comes; empty for whoever has no account


def look_of(practice: str, base: str, accent: str, *, choice: str) -> Look:
    """The practice's own colour, with letters on it that can be read: white, or dark on a light one."""
    accent = accent or ACCENT
    return Look(practice, base, accent, "#ffffff" if _light(accent) <= WHITE_UNTIL else "#13202b", choice)


def _light(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 reckons it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def as_text(letter: Letter, look: Look) -> str:
    """Greeting, words, what was gathered, the one link, who writes."""
    said = [f"Hello {letter.to.name},", letter.text.strip()]
    said += [
        "\n".join([f"- {item.title}", *_indented(item.text), f"  {look.base}{item.path}"]) for item in letter.items
    ]
    said += [f"{letter.link}: {look.base}{letter.path}", look.practice]
    if letter.kind in ALWAYS:
        said.append(ALWAYS_COMES)
    elif look.choice:
        said.append(f"{CHOOSE}: {look.base}{look.choice}")
    return "\n\n".join(one for one in said if one) + "\n"


def _by_heading(items: Sequence[Item]) -> list[tuple[str, list[Item]]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.under, []).append(item)
    return list(found.items())


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.strip().splitlines() if line.strip()]


def as_html(letter: Letter, look: Look) -> str:
    """The same, as a page that stands for itself."""
    address = escape(f"{look.base}{letter.path}")
    button = (
        f"display:inline-block;padding:12px 20px;border-radius:5px;background:{look.accent};color:{look.on_accent};"
        "font-weight:600;text-decoration:none"
    )
    subject = escape(" ".join(letter.subject.split()))
    instead = f'<a class="link" href="{address}" style="{STYLES["link"]};word-break:break-all">{address}</a>'
    small = f"{MARGIN};font-size:13px;{STYLES['soft']}"
    return "\n".join((
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
        f"<title>{subject}</title><style>{DARK}</style></head>",
        f'<body class="ground" style="{STYLES["ground"]}">',
        f'<div class="sheet" style="{STYLES["sheet"]};border-top:4px solid {look.accent}">',
        f'<p class="soft" style="{MARGIN};font-size:14px;font-weight:600;{STYLES["soft"]}">{escape(look.practice)}</p>',
        f'<h1 style="{MARGIN};font-size:22px;line-height:1.3;font-weight:600">{subject}</h1>',
        f'<p style="{MARGIN}">Hello {escape(letter.to.name)},</p>',
        *_blocks(letter.text),
        *(_group(heading, items, look) for heading, items in _by_heading(letter.items)),
        f'<p style="margin:24px 0"><a href="{address}" style="{button}">{escape(letter.link)}</a></p>',
        f'<p class="soft" style="{small}">If the button does not open, use this address: {instead}</p>',
        _foot(letter, look),
        "</div></body></html>\n",
    ))  # fmt: skip


def _blocks(text: str) -> list[str]:
    """Paragraphs, parted by an empty line; lines that all begin with a dash are a list."""
    found = []
    for block in (one.strip("\n") for one in text.strip().split("\n\n")):
        lines = [line for line in block.split("\n") if line.strip()]
        if not lines:
            continue
        if all(line.startswith("- ") for line in lines):
            rows = "".join(f'<li style="margin:0 0 4px">{escape(line[2:])}</li>' for line in lines)
            found.append(f'<ul style="{MARGIN};padding-left:24px">{rows}</ul>')
        else:
            found.append(f'<p style="{MARGIN}">{"<br>".join(map(escape, lines))}</p>')
    return found


def _group(heading: str, items: Sequence[Item], look: Look) -> str:
    style = "margin:24px 0 12px;font-size:16px;line-height:1.3;font-weight:600"
    head = f'<h2 style="{style}">{escape(heading)}</h2>' if heading else ""
    return "\n".join([head, *(_item(item, look) for item in items)])


def _item(item: Item, look: Look) -> str:
    address = escape(f"{look.base}{item.path}")
    text = "".join(f"<br>{escape(line)}" for line in item.text.strip().splitlines() if line.strip())
    return (
        f'<p class="item" style="{STYLES["item"]}"><a class="link" href="{address}" style="{STYLES["link"]};font-weight:600">'
        f"{escape(item.title)}</a>{text}</p>"
    )


def _foot(letter: Letter, look: Look) -> str:
    """Why it came, or where to say that it should not."""
    if letter.kind in ALWAYS:
        said = ALWAYS_COMES
    elif look.choice:
        said = f'<a class="link" href="{escape(look.base + look.choice)}" style="{STYLES["link"]}">{CHOOSE}</a>'
    else:
        return ""
    return f'<p class="soft" style="margin:0;font-size:13px;{STYLES["soft"]}">{said}</p>'
