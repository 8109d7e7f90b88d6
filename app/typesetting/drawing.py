"""Setting pages out of reach of whatever a page could do to the renderer."""

from __future__ import annotations

import importlib
import multiprocessing
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache
from typing import Final

from pebble import ProcessExpired, ProcessPool

from app.errors import RedressError
from app.typesetting.pages import Drawn, Page, Unsettable

SECONDS: Final = 30
PAGES_EACH: Final = 500
"""A renderer is replaced after as many, whatever it has kept in memory."""
_RENDERER: Final = "app.typesetting.pdf"
_WARM: Final = "app.typesetting.warm"

# A server that has drawn once is forked for each renderer. It knows the main program, too, which
# each of them would load anew otherwise.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["__main__", _WARM])


class Undrawable(RedressError):  # noqa: N818 -- reads as what happened
    """The renderer refused the page, or took more time or memory than it may."""

    status = 500
    title = "文书的 PDF 没有生成"

    def __init__(self, reason: str) -> None:
        super().__init__(f"文书本身不受影响。请联系系统管理员，并告知原因：{reason}")


def draw(page: Page) -> Drawn:
    """The PDF of a page: the same bytes every time.

    It takes about 0.1 s and at most `SECONDS`; another page waits until it is through. Raises
    Undrawable.
    """
    future = _pool().schedule(_fenced, args=[page], timeout=SECONDS)
    try:
        drawn: Drawn = future.result()
    except TookTooLong:
        message = f"not drawn within {SECONDS} seconds"
        raise Undrawable(message) from None
    except ProcessExpired:
        message = "the renderer was stopped: too much time or memory"
        raise Undrawable(message) from None
    except Unsettable as error:
        raise Undrawable(str(error)) from None
    return drawn


@cache
def _pool() -> ProcessPool:
    """One renderer, begun with the first page that this process has drawn."""
    return ProcessPool(
        max_workers=1, max_tasks=PAGES_EACH, initializer=_confine, context=_processes
    )


def _confine() -> None:
    """Runs in the renderer, like the next; it is loaded there alone, programs start faster so."""
    importlib.import_module(_RENDERER).confine()


def _fenced(page: Page) -> Drawn:
    drawn: Drawn = importlib.import_module(_RENDERER).fenced(page)
    return drawn
