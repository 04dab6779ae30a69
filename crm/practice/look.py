"""The practice's own accent colour: whether it can be read in the light and in the dark, and the style sheet it becomes."""

import re

PAPER, NIGHT = "#f1f3f2", "#1e2832"  # the darkest ground by day, the lightest by night
READABLE = 4.5  # WCAG 2.2, text
HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
Rgb = tuple[int, int, int]


def colour(text: str) -> str:
    """#24418e. Raises ValueError: what is allowed, or the nearest colour that can be read."""
    found = HEX.fullmatch(text.strip())
    if not found:
        raise ValueError("Write a colour as # and six letters from 0 to f, like #24418e.")
    said = found[1].lower()
    asked = "#" + (said if len(said) == 6 else "".join(letter * 2 for letter in said))
    nearest = readable(asked, PAPER, "#000000")
    if nearest != asked:
        raise ValueError(
            f"{asked} is too pale: white words on it, and links in it, could not be read. The nearest that can is {nearest}."
        )
    return asked


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2.2 reckons."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(accent: str, ground: str, towards: str) -> str:
    """The accent, or the nearest shade of it towards black or white that can be read on this ground."""
    shades = (mixed(accent, towards, step) for step in range(101))
    return next(shade for shade in shades if contrast(shade, ground) >= READABLE)


def mixed(one: str, other: str, percent: int) -> str:
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent + 50) // 100:02x}" for a, b in pairs)


def _rgb(said: str) -> Rgb:
    return int(said[1:3], 16), int(said[3:5], 16), int(said[5:7], 16)


def _luminance(said: str) -> float:
    parts = (one / 255 for one in _rgb(said))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def style_sheet(accent: str) -> str:
    """The house's blue, said in the practice's colour: words and lines by day as it is, by night as light as they must be."""
    if not accent:
        return ""
    night = readable(accent, NIGHT, "#ffffff")
    said = {
        "steel": (accent, night), "steel-fill": (accent, accent), "steel-fill-hover": (mixed(accent, "#000000", 20),) * 2,
        "steel-soft": (mixed(accent, "#ffffff", 92), mixed(accent, "#10171e", 70)), "steel-bar": (accent, night),
        "steel-mid": (mixed(accent, "#ffffff", 45), mixed(accent, "#ffffff", 25)),
    }  # fmt: skip
    lines = "".join(f" --{name}: light-dark({day}, {dark});" for name, (day, dark) in said.items())
    return f"@layer tokens {{ :root {{{lines} }} }}\n"
