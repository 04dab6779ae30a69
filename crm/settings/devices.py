"""What a browser says of itself, in words that its owner knows: Firefox on Linux."""

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
MACHINES = (("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Macintosh", "a Mac"), ("CrOS", "a Chromebook"), ("Linux", "Linux"))  # fmt: skip


def device_said(agent: str) -> str:
    """The browser and the machine; what is unknown is left out."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    machine = next((name for mark, name in MACHINES if mark in agent), "")
    return f"{browser} on {machine}" if machine else browser
