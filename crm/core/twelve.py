"""The twelve responsibility areas in the book's order. Codes never change once released."""

from dataclasses import dataclass
from enum import StrEnum


class Area(StrEnum):
    STR = "STR"
    ITM = "ITM"
    DXT = "DXT"
    SEC = "SEC"
    BUD = "BUD"
    VEN = "VEN"
    TAL = "TAL"
    INN = "INN"
    DAT = "DAT"
    CMP = "CMP"
    STK = "STK"
    BCD = "BCD"


class Scope(StrEnum):
    """What is ours in an area of one engagement."""

    LEAD = "lead"
    ADVISE = "advise"
    OVERSEE = "oversee"
    OUT = "out"


CADENCE = {Scope.LEAD: 31, Scope.ADVISE: 92, Scope.OVERSEE: 92}  # days between reviews


@dataclass(frozen=True)
class Responsibility:
    """One of the twelve: where it sits on the dial, and how the practice and the client speak of it."""

    number: int
    code: Area
    slug: str
    name: str
    short: str
    purpose: str
    plain: str  # the client's words


TWELVE = (
    Responsibility(1, Area.STR, "strategy", "Technology Strategy", "Strategy",
        "Decide with the business where technology must take it in the next one to three years, and keep that plan honest.",
        "Where technology takes the business"),
    Responsibility(2, Area.ITM, "services", "IT Management", "Services",
        "Keep infrastructure, applications and services reliable, secure and efficient, whoever provides them, and act as "
        "honest broker between them and the users.",
        "Systems and support that work every day"),
    Responsibility(3, Area.DXT, "transformation", "Digital Transformation", "Transformation",
        "Change how work is done, process first and technology second, so that customers and staff notice and the numbers move.",
        "Better ways of working"),
    Responsibility(4, Area.SEC, "security", "Cybersecurity Oversight", "Security",
        "Make sure the client's systems and data are protected in proportion to the harm an attack would do, and that the "
        "board can see it.",
        "Protection against attack and loss"),
    Responsibility(5, Area.BUD, "budget", "Budget Management", "Budget",
        "Know what technology costs, spend it where it earns most, and show the savings and the value that came back.",
        "What technology costs and earns"),
    Responsibility(6, Area.VEN, "vendors", "Vendor and Partnership Management", "Vendors",
        "Choose, steer and when needed leave technology suppliers so that the client gets what it pays for and is never "
        "caught by a renewal.",
        "Suppliers and contracts"),
    Responsibility(7, Area.TAL, "talent", "Talent Management", "Talent",
        "Have the right technology people, skills and cover today and next year, and grow the people who lead them.",
        "People and skills"),
    Responsibility(8, Area.INN, "innovation", "Innovation Leadership", "Innovation",
        "Find, test and sell the few new ideas that are worth it, cheaply and early, from every department.",
        "New ideas worth trying"),
    Responsibility(9, Area.DAT, "data", "Data Management and Analytics", "Data",
        "Make the company's data trustworthy, findable and used, so that decisions and forecasts rest on facts from all "
        "departments.",
        "Figures you can trust"),
    Responsibility(10, Area.CMP, "compliance", "Compliance and Regulation", "Compliance",
        "Know which laws, contracts, standards and own policies apply to technology and information, and be able to show "
        "that they are met.",
        "Laws, contracts and rules"),
    Responsibility(11, Area.STK, "stakeholders", "Stakeholder Communication", "Stakeholders",
        "Be the link between technology and the departments, so that needs are heard early, promises are kept and trust is "
        "earned back.",
        "Promises kept to your departments"),
    Responsibility(12, Area.BCD, "continuity", "Business Continuity and Disaster Recovery", "Continuity",
        "Keep the business alive through disruption and bring critical services back within the time the business can bear.",
        "Staying in business when something fails"),
)  # fmt: skip

OF = {row.code: row for row in TWELVE}
BY_SLUG = {row.slug: row for row in TWELVE}
