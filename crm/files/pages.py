"""A file and the pictures of its pages, for whoever sees its row: the row is there, or it is a 404."""

from flask import Response

from crm.access.pages import DESK, PORTAL, Pages
from crm.core.db import db
from crm.files import serving
from crm.files.models import StoredFile

pages = Pages("files", __name__, roles=DESK | PORTAL, url_prefix="/files")


@pages.get("/<id:file_id>")
def download(file_id: int) -> Response:
    return serving.download(db.get_or_404(StoredFile, file_id))


@pages.get("/<id:file_id>/pages/<id:page>")
def picture(file_id: int, page: int) -> Response:
    return serving.picture(db.get_or_404(StoredFile, file_id), page)
