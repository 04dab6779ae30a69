"""What people wrote in Markdown, as HTML that is safe to show: the one place where text becomes markup.

Two locks, one behind the other: the parser knows no raw HTML, no images and no address but http, https and mailto;
and an allow-list takes away whatever is not named here, should the parser ever let it through.
"""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "div", "b",
}  # fmt: skip
ADDRESSES = {"http", "https", "mailto"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
VALUES = {
    "div": {"class": {"table-wrap"}, "tabindex": {"0"}, "role": {"group"}, "aria-label": {"Table"}},
    "b": {"class": {"mention"}},
}
# The parser looks again at the rest of the text for each opening bracket: 50,000 of them would take it seconds.
BRACKETS = 5000
TOP = 3  # the level of a text's own highest heading, below the h1 and h2 of a page


def html_of(text: str | None, *, top: int = TOP, names: Iterable[str] = ()) -> Markup:
    """Markdown made safe. Its headings begin at level `top`; an @ before one of `names` is set off as a mention."""
    text = text or ""
    if text.count("[") > BRACKETS:
        return plain_paragraphs(text)
    found = nh3.clean(
        PARSER.render(text, {"top": top, "names": sorted(names, key=len, reverse=True)}),
        tags=TAGS, attributes=ATTRIBUTES, tag_attribute_values=VALUES, url_schemes=ADDRESSES,
        link_rel="noopener nofollow", strip_comments=True,
    )  # fmt: skip
    return Markup(found)  # noqa: S704 - what the allow-list let through


def plain_of(text: str | None, at_most: int = 0) -> str:
    """The words alone, for mails, titles and excerpts; cut at a word's end when a length is given."""
    said = html.unescape(nh3.clean(html_of(text), tags=set(), attributes={}))
    said = re.sub(r"\n\s*\n+", "\n", said).strip()
    if not at_most or len(said) <= at_most:
        return said
    return said[: at_most - 1].rsplit(None, 1)[0] + "…"


def plain_paragraphs(text: str) -> Markup:
    return Markup("").join(Markup("<p>{}</p>\n").format(part) for part in text.split("\n\n") if part.strip())


def is_address(url: str) -> bool:
    """Whether a link may lead there: a whole address of the web or a mail address, nothing relative."""
    return url.partition(":")[0].lower() in ADDRESSES


def settle_headings(state: StateCore) -> None:
    """Headings of a text stand below those of the page and leave no level out."""
    open_at = state.env.get("top", TOP) - 1
    stack: list[int] = []
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while stack and stack[-1] >= level:
                stack.pop()
            stack.append(level)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, max(2, open_at + len(stack)))}"


def set_off_mentions(state: StateCore) -> None:
    names = state.env.get("names")
    if not names:
        return
    pattern = re.compile("(@(?:" + "|".join(re.escape(name) for name in names) + r"))(?!\w)")
    for block in state.tokens:
        if block.children:
            block.children = [piece for child in block.children for piece in _pieces(child, pattern)]


def _pieces(token: Token, pattern: re.Pattern[str]) -> Iterable[Token]:
    if token.type != "text" or "@" not in token.content:
        return [token]
    found = []
    for place, part in enumerate(pattern.split(token.content)):
        if part:
            found.append(Token("mention" if place % 2 else "text", "", 0, content=part))
    return found


def _mention(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG001
    return f'<b class="mention">{escape(tokens[at].content)}</b>'


def _image(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """A picture from elsewhere would tell its server who reads this: its description stands in its place."""
    return str(escape(self.renderInlineAsText(tokens[at].children or [], options, env)))


def _table_open(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG001
    return '<div class="table-wrap" tabindex="0" role="group" aria-label="Table"><table>\n'


def _table_close(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG001
    return "</table></div>\n"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "breaks": True})
    parser.validateLink = is_address  # type: ignore[method-assign]
    parser.core.ruler.push("headings", settle_headings)
    parser.core.ruler.push("mentions", set_off_mentions)
    rules: dict[str, Any] = {
        "mention": _mention, "image": _image, "table_open": _table_open, "table_close": _table_close,
    }  # fmt: skip
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


PARSER = _parser()
