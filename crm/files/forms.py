"""Files in a form."""

from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms.validators import StopValidation, ValidationError

from crm.core import inputs
from crm.core.forms import Form, Parsed
from crm.core.tables import digest_of
from crm.files.kinds import ALLOWED, ANY, LARGEST, MEGABYTE, Wanted

HINT = f"{ALLOWED}, up to {LARGEST // MEGABYTE} MB each"


class Files(MultipleFileField):
    """Any number of files. What was chosen cannot be shown again: a browser keeps that to itself."""

    data: Any

    def __init__(
        self, label: str, *, ask: str = "", wanted: Wanted = ANY, several: bool = True, **options: Any
    ) -> None:
        super().__init__(label, render_kw={"accept": wanted.accept}, **options)
        self.ask, self.several = ask, several

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [one for one in valuelist if getattr(one, "filename", "")]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.ask and not self.data:
            raise StopValidation(self.ask)
        if not self.several and len(self.data) > 1:
            raise StopValidation(f"These are {len(self.data)} files. Choose the one that is meant")


class UploadForm(Form):
    """Files for the version that is being written."""

    uploads = Files("Add files", ask="Choose at least one file", description=HINT)


class CompareForm(Form):
    """A file, or its SHA-256, to look up in the record."""

    uploads = Files("The file", description="It is compared and not kept. Up to 50 MB")
    fingerprint = Parsed(
        "Or its fingerprint", inputs.digest, description="SHA-256: 64 letters and figures, as it stands in the record"
    )

    def validate_uploads(self, field: Files) -> None:
        if not field.data and not self.fingerprint.raw_data[0]:
            raise ValidationError("Choose the file to compare, or write its fingerprint")

    def digests(self) -> list[str]:
        """What is compared; the files are read once, piece by piece."""
        found = [digest_of(one.stream) for one in self.uploads.data]
        return [*found, self.fingerprint.data] if self.fingerprint.data else found
