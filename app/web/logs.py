"""Logs: a line of JSON each, without anything that people typed."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger("redress.requests")


class JsonLines(logging.Formatter):
    """One line for each entry.

    Of an exception it tells the type and the places, not the words: they may quote what somebody
    typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The entry as JSON; line breaks and control characters are escaped."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            entry |= {"reference": g.get("reference"), "endpoint": request.endpoint}
        if record.exc_info and record.exc_info[1]:
            entry["error"] = _error(record.exc_info[1])
        return json.dumps(entry | getattr(record, "fields", {}))


class StandardError(logging.Handler):
    """Writes to standard error as it is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the entry and a line break, at once."""
        sys.stderr.write(self.format(record) + "\n")
        sys.stderr.flush()


def init_app(app: Flask) -> None:
    """Log in JSON, each request with a reference of its own."""
    handler = StandardError()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if not isinstance(h.formatter, JsonLines)]
    root.addHandler(handler)
    logging.getLogger("redress").setLevel(logging.INFO)
    app.before_request(refer)
    app.after_request(note)


def refer() -> None:
    """Name this request, so that a person can tell which one failed."""
    g.reference = secrets.token_hex(4)


def note(answer: Response) -> Response:
    """Log the request: endpoint and status, neither address nor content."""
    log.info("request", extra={"fields": {"method": request.method, "status": answer.status_code}})
    return answer


def _error(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    kind = type(error)
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
