from flask_wtf.file import FileField

from crm.core.forms import Asked, Form, Tick


class UploadForm(Form):
    file = FileField(
        "File", validators=[Asked("Choose a file: the template filled in, or any CSV or XLSX with its headings")]
    )


class TakeForm(Form):
    leave_out_known = Tick("Leave out the rows whose name is in the list already")
