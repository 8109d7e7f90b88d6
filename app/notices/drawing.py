"""Drawing the PDF of a notice, out of reach of whatever a notice could do to the renderer."""

from __future__ import annotations

import importlib
import multiprocessing
from multiprocessing.connection import Connection
from typing import Final

from app.notices.render import STYLE

SECONDS: Final = 30
_RENDERER: Final = "app.notices.pdf"
_WARM: Final = "app.notices.warm"

# A server that has drawn once is forked for each notice: nearly as cheap as drawing here. It knows
# the main program, too, which each notice would load anew otherwise.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["__main__", _WARM])


class Undrawable(Exception):  # noqa: N818 -- reads as what happened
    """The renderer refused the notice, or took more time or memory than it may."""


def draw(html: str, number: str) -> bytes:
    """The PDF of a notice: the same bytes every time, the number being its identifier.

    It takes about 0.2 s and at most `SECONDS`. Raises Undrawable.
    """
    receiver, sender = _processes.Pipe(duplex=False)
    style = STYLE.read_text(encoding="utf-8")
    child = _processes.Process(target=_answer, args=(sender, html, style, number), daemon=True)
    child.start()
    sender.close()
    try:
        result = _received(receiver)
    finally:
        receiver.close()
        child.kill()
        child.join()
        child.close()
    if isinstance(result, str):
        raise Undrawable(result)
    return result


def _received(receiver: Connection) -> bytes | str:
    if not receiver.poll(SECONDS):
        return f"not drawn within {SECONDS} seconds"
    try:
        result: bytes | str = receiver.recv()
    except EOFError:
        return "the renderer was stopped: too much time or memory"
    return result


def _answer(sender: Connection, html: str, style: str, number: str) -> None:
    """Runs in the child; the renderer is loaded there alone, programs start faster without it."""
    importlib.import_module(_RENDERER).answer(sender, html, style, number)
