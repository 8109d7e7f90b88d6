"""Headers that every answer carries, whatever became of the request."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from app.web.permissions import OPEN_ENDPOINTS

SOURCES: Final = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "script-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
POLICY: Final = "; ".join(f"{kind} {origin}" for kind, origin in SOURCES.items())
ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS: Final = "max-age=31536000"


def init_app(app: Flask) -> None:
    """Put them on every answer of Flask, errors included."""
    app.after_request(protect)


def protect(answer: Response) -> Response:
    """Set what protects a reader; only files of the program may be kept by a browser.

    A view may be stricter: what it has set itself stays.
    """
    for name, value in ALWAYS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint not in OPEN_ENDPOINTS:
        answer.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = HSTS
    return answer
