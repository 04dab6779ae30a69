"""Markdown made safe: what people write is shown, what attacks is text."""

import re
import time

import pytest

from crm.core.markdown import html_of, plain_of

pytestmark = pytest.mark.engine_free

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "<form action=https://evil.example><button>Sign off</button></form>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/a)",
    "[x](/settings/people)",
    "[x](#main)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.gif)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[![x](https://evil.example/p.gif)](https://evil.example 'a\" onclick=alert(1) b=\"')",
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x](https://a.example 't\" style=\"position:fixed')",
    '`<script>`\n\n    <script>\n\n```"><script>alert(1)</script>\n</code></pre><script>\n```',
    '```html" onclick="alert(1)\n<b>\n```',
    "| a |\n|:-:|\n| <img src=x onerror=alert(1)> |",
    "<!-- --><x>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "\\<script\\>alert(1)\\</script\\>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "@Ada <b onclick=alert(1)>",
]
KNOWN = {"p", "a", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "div", "br", "strong", "em", "b"}


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_markup(text):
    shown = str(html_of(text, names=["Ada"]))
    for tag, attributes in re.findall(r"<([a-z0-9]+)((?:\s[^<>]*)?)>", shown):
        assert tag in KNOWN, shown
        assert not re.search(r"\s(?:on\w+|style|src|id)=", re.sub(r'"[^"]*"', '""', attributes)), shown
        for address in re.findall(r'href="([^"]*)"', attributes):
            assert address.startswith("https://"), shown
    assert "<!--" not in shown


def test_links_go_to_the_web_and_to_mail_only():
    shown = html_of("[site](https://a.example/b?c=d&e) <mailto:ada@a.example> [plain](http://a.example)")
    assert shown.count('rel="noopener nofollow"') == 3
    assert 'href="https://a.example/b?c=d&amp;e"' in shown
    assert 'href="mailto:ada@a.example"' in shown


def test_what_people_write_is_shown():
    shown = html_of(
        "# Plan\n\nIt **must** be *soon*,\nor `never`.\n\n- one\n- ~~two~~\n\n3. three\n\n> said\n\n| a |\n|---|\n| 1 |"
    )
    for part in ("<h3>Plan</h3>", "<strong>must</strong>", "<em>soon</em>,<br>", "<code>never</code>", "<li>one</li>",
                 "<s>two</s>", '<ol start="3">', "<blockquote>", '<div class="table-wrap" tabindex="0" role="group"'):  # fmt: skip
        assert part in shown
    assert html_of(None) == html_of("") == ""


def test_headings_stand_below_the_page_and_leave_no_level_out():
    shown = html_of("### deep\n\n##### deeper\n\n# first\n\n### under\n\n## beside", top=4)
    assert re.findall(r"<(h\d)>", shown) == ["h4", "h5", "h4", "h5", "h5"]
    assert re.findall(r"<(h\d)>", html_of("# a\n\n## b\n\n### c\n\n#### d\n\n##### e", top=5)) == ["h5", "h6", "h6", "h6", "h6"]  # fmt: skip


def test_a_mention_is_set_off_where_it_is_a_name():
    shown = html_of("@Ada Lovelace and @Ada, not `@Ada` nor @Adam", names=["Ada", "Ada Lovelace"])
    assert re.findall(r'<b class="mention">([^<]*)</b>', shown) == ["@Ada Lovelace", "@Ada"]


def test_the_words_alone():
    assert plain_of("# Plan\n\nIt **must** & can <b>\n\n- one") == "Plan\nIt must & can <b>\none"
    assert plain_of("one two three four", at_most=12) == "one two…"


@pytest.mark.parametrize("text", ["[" * 100_000, "![[]()" * 16_000, "*a " * 33_000, ">" * 100_000, "`a" * 50_000])
def test_no_text_holds_the_server_up(text):
    began = time.process_time()
    assert html_of(text)
    assert time.process_time() - began < 3
