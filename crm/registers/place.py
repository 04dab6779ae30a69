"""Where one is among the registers: what a page of one knows, whichever package it stands in."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from sqlalchemy import Select
from werkzeug.exceptions import NotFound

from crm.clients.models import Client
from crm.core.db import db
from crm.core.lists import Listing
from crm.registers.queries import one_row, rows_of
from crm.registers.register import Area, Register


@dataclass(frozen=True)
class Place:
    """A register of an area of a client."""

    client: Client
    area: Area
    register: Register

    @classmethod
    def of(cls, client_id: int, area: Area, register: Register) -> "Place":
        """404 where the client is not there for the viewer."""
        return cls(db.get_or_404(Client, client_id), area, register)

    def url(self, page: str = "index", blueprint: str = "registers", **more: Any) -> str:
        return url_for(
            f"{blueprint}.{page}", client_id=self.client.id, slug=self.area.slug, register=self.register.slug, **more
        )

    def sheet(self, page: str, **more: Any) -> str:
        """An address of its sheets: export, template, import."""
        return self.url(page, blueprint="sheets", **more)

    @property
    def listing(self) -> Listing:
        return self.area.listing_of(self.register)

    @property
    def views(self) -> list[tuple[str, str]]:
        """Its rows, and the pages of its own: what each is called, and where it is."""
        own = ((text, url_for(endpoint, client_id=self.client.id)) for text, endpoint in self.register.views)
        return [("Rows", self.url()), *own]

    def row(self, entry_id: int) -> Any:
        """404 where there is no such row in this register of this client."""
        found = db.session.scalar(one_row(self.register, self.client.id, entry_id, self.area.code))
        if found is None:
            raise NotFound
        return found

    def rows(self) -> Select[Any]:
        return rows_of(self.register, self.client.id, self.area.code)

    def parts(self, name: str) -> list[str]:
        """Where the part of a page is looked for, the register's own first: areas/talent/_mentoring_row.html."""
        home = "across" if self.register.across else self.area.slug
        return [f"areas/{home}/_{self.register.slug}_{name}.html", f"registers/_{name}.html"]

    def render(self, template: str, **more: Any) -> str:
        """A page that every register has."""
        return self.show(f"registers/{template}.html", **more)

    def show(self, template: str, **more: Any) -> str:
        """A page of the area's own. A view says what its tab says (`view`), whether it has rows to show (`has_rows`) and
        where its CSV is (`export`)."""
        return render_template(template, place=self, client=self.client, area=self.area, register=self.register, **more)
