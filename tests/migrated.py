"""`make check`: a database built by the migrations has nothing that the models do not have, and the other way round."""

import sys
import tempfile
from pathlib import Path

from flask_migrate import check, upgrade

import crm
from crm.core.db import db


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'fresh.db'}"
        app = crm.create_app({"INSTANCE": folder, "DATABASE_URL": url, "LOG_LEVEL": "ERROR"})
        with app.app_context():
            upgrade()
            check()
            db.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
