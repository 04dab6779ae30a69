"""Ten lines that explain how time is logged in one line, and the two engagements that they speak of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.core.codes import engagement_code
from crm.core.inputs import FIRST_DAY, LAST_DAY
from crm.core.twelve import Area
from crm.timelog.queries import Owed, Work


@dataclass(frozen=True)
class Example:
    """A line, and what it shows."""

    line: str
    shows: str


def _work(number: int, client: str, code: str, title: str, *owed: Owed) -> Work:
    return Work(
        number, number, engagement_code(number), title, client, code, FIRST_DAY, LAST_DAY, Decimal(4), ((FIRST_DAY, LAST_DAY),),
        tuple(Area), Area.STR, date.min, name=client, owed=owed,
    )  # fmt: skip


WORKS = (
    _work(14, "Brackenhill Timber", "BRA", "Fractional CIO", Owed(231, 231, Area.SEC, "Recovery test plan", 14)),
    _work(22, "Saltmarsh Foods", "SALT", "Warehouse move"),
)
TEN = (
    Example("1.5 BRA SEC board call", "How long, for whom, which area, and a note that the client may read. In front the order is free."),
    Example("45m brackenhill supplier call", "A name does as well as a code, also its beginning. Nobody said the area: it is the one used last."),
    Example("6h30 ENG-022 stock count on site", "Also 6:30, 2.5 or 0.2d: a day has 7.5 hours. ENG-022 is one engagement where a client has several."),
    Example("2 yesterday SALT VEN renewal call", "The day: today, yesterday, mon for the last Monday, 12/11, 12 nov or 2026-11-12."),
    Example("1h DEL-231 first draft", "A deliverable brings its client and its area. Its title does as well."),
    Example("30m BRA goodwill, call with Gwen", "The kind: goodwill, internal, presales, training or travel. A comma ends what counts."),
    Example("2h training Python course", "Without a client it is time of the practice itself."),
    Example("1h BRA board paper // she may leave in spring", "What stands behind // only the practice reads."),
    Example("2 BRA mon board paper; 45m SALT stock; 1h internal", "Several entries: all of them are logged, or none."),
    Example("1h BRA SEC audit call; #action Gwen sends the list", "#action, #decision, #risk and #promise open the form, already filled. It is kept when you send it."),
)  # fmt: skip
REFUSED = ("1h board call", "30 BRA call", "9:00-10:30 BRA call", "1h BRA training for the board")
