"""One JSON line per event on standard error: no bodies, no secrets, no text that people wrote (V16.2.1)."""

import logging
import sys
import time
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, g, request
from flask.wrappers import Response

log: Any = structlog.get_logger()


def set_up(app: Flask) -> None:
    level = getattr(logging, str(app.config["LOG_LEVEL"]).upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id, g.began = uuid4().hex, time.perf_counter()


def _end(response: Response) -> Response:
    if request.endpoint != "static" and "began" in g:
        viewer = g.get("viewer")
        log.info(
            "request", request_id=g.request_id, method=request.method, rule=str(request.url_rule), status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1), role=viewer and viewer.role.value, account=viewer and viewer.account_id,
        )  # fmt: skip
    return response
