"""A database that was made for other text than Unicode is named before anything is written to it."""

import crm
from crm.core.db import db


def test_a_database_of_other_text_is_refused_in_a_sentence(storage, engine_kind, tmp_path):
    app = crm.create_app({"INSTANCE": tmp_path, "LOG_LEVEL": "CRITICAL", "DATABASE_URL": storage.in_other_text()})
    said = app.test_cli_runner().invoke(args=["db", "upgrade"])
    with app.app_context():
        db.engine.dispose()
    if engine_kind == "sqlite":  # its files hold Unicode, whoever made them
        assert said.exit_code == 0
    else:
        assert said.exit_code == 1
        assert "TWELVEFOLD_DATABASE_URL names a database that keeps text as SQL_ASCII. Make it anew" in said.stderr
        assert "Traceback" not in said.stdout + said.stderr
