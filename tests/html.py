"""Whether a page is valid: what the parser of the standard complains about, and the rules that a parser cannot see."""

import re
from collections import Counter
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

NS = "{http://www.w3.org/1999/xhtml}"
PARENTS = {  # elements that may stand only directly under these
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot", "table"},
    "td": {"tr"},
    "th": {"tr"},
    "option": {"select", "optgroup", "datalist"},
    "legend": {"fieldset"},
    "summary": {"details"},
    "caption": {"table"},
}
CHILDREN = {  # elements that may hold only these
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup", "hr"},
}
PHRASING = {
    "p",
    "span",
    "b",
    "strong",
    "i",
    "em",
    "small",
    "label",
    "h1",
    "h2",
    "h3",
    "h4",
    "dt",
    "button",
    "summary",
    "legend",
}
BLOCKS = {
    "div",
    "p",
    "ul",
    "ol",
    "dl",
    "table",
    "section",
    "form",
    "fieldset",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "footer",
    "main",
    "aside",
    "nav",
}
INTERACTIVE = {"a", "button", "input", "select", "textarea", "details", "label"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")


def faults(source: str) -> list[str]:
    """What is wrong with a whole page, in words; empty when it is valid."""
    parser = HTMLParser()
    root = parser.parse(source)
    found = [f"{code} at line {position[0]} {data or ''}" for position, code, data in parser.errors]
    found += _structure(root, [])
    ids = Counter(node.get("id") for node in root.iter() if node.get("id"))
    found += [f"the id {name} stands {number} times" for name, number in ids.items() if number > 1]
    for node in root.iter():
        for name in REFERENCES:
            found += [f"{name}={one} leads nowhere" for one in (node.get(name) or "").split() if one not in ids]
        href = node.get("href") or ""
        if href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            found.append(f"the link {href} leads nowhere")
    found += [
        f"{_tag(node)} is empty"
        for node in root.iter()
        if _tag(node) in {"h1", "h2", "h3", "title"} and not _text(node)
    ]
    for node in root.iter():
        found += _answers(node)
    if len(re.findall(r"<h1[ >]", source)) != 1:
        found.append("not exactly one h1")
    return found


def _answers(node: Element) -> list[str]:
    """A list has one answer chosen, and a hint in a field only where it can be shown."""
    name = node.get("name")
    if _tag(node) == "select" and node.get("multiple") is None:
        chosen = [one for one in node.iter() if one.get("selected") is not None]
        return [f"{name} has {len(chosen)} answers chosen"] if len(chosen) > 1 else []
    is_written = node.get("type", "text") in {"email", "number", "password", "search", "tel", "text", "url"}
    if _tag(node) == "input" and node.get("placeholder") is not None and not is_written:
        return [f"{name} has a placeholder that its type cannot show"]
    return []


def _tag(node: Element) -> str:
    return node.tag.removeprefix(NS) if isinstance(node.tag, str) else ""


def _text(node: Element) -> str:
    return "".join(node.itertext()).strip()


def _structure(node: Element, above: list[str]) -> list[str]:
    found = []
    tag = _tag(node)
    for child in node:
        name = _tag(child)
        if not name or "}" in name:
            continue  # a comment, or svg
        if name in PARENTS and tag not in PARENTS[name]:
            found.append(f"<{name}> in <{tag}>")
        if tag in CHILDREN and name not in CHILDREN[tag]:
            found.append(f"<{name}> directly in <{tag}>")
        if tag in PHRASING and name in BLOCKS:
            found.append(f"<{name}> in <{tag}>")
        if name in INTERACTIVE - {"input"} and {"a", "button"} & {*above, tag}:
            found.append(f"<{name}> inside a link or button")
        if name == "form" and "form" in [*above, tag]:
            found.append("a form in a form")
        if name == "img" and child.get("alt") is None:
            found.append("an img without alt")
        if name == "th" and not child.get("scope"):
            found.append("a th without scope")
        found += _structure(child, [*above, tag])
    return found
