"""Drawing notices, against plain WeasyPrint with the fonts of the system, and what slows us."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Final

from weasyprint import CSS, HTML

from app.typesetting import drawing
from app.typesetting.pages import Page
from tests.bench.databases import Place
from tests.bench.drawing import drawn, laid_out
from tests.bench.measuring import Measured, Tell, in_turns, rate
from tests.notices.samples import NOTICES, sample
from tests.notices.test_drawing import page_of

TURNS: Final = 7
FACES: Final = re.compile("仿宋|小标宋|楷体|宋体|黑体")
AS_PLAIN: Final = 0.5
"""At least twice as fast as plain WeasyPrint with Noto Serif."""
AS_LAYOUT: Final = 2.2
AS_ONE: Final = 1 / 1.8


def notices(place: Place, tell: Tell, *, quick: bool) -> list[Measured]:
    """The PDF of every fourth notice, each time from the same HTML."""
    del place
    turns = 3 if quick else TURNS
    pages = [_ordinary(page_of(sample(one))) for one in NOTICES[::4]]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as one, ProcessPoolExecutor(1, context) as other:

        def measure(name: str, ours: Work, reference: Work, aim: float) -> Measured:
            tell(name)
            ours(pages)
            reference(pages)
            turned = in_turns([lambda: ours(pages)] * turns, [lambda: reference(pages)] * turns)
            found = rate(name, len(pages), turned, elsewhere=True)
            return _aimed(found, aim)

        def layout(some: Sequence[Page]) -> None:
            one.submit(laid_out, some).result()

        def alone(some: Sequence[Page]) -> None:
            one.submit(drawn, some).result()

        def both(some: Sequence[Page]) -> None:
            begun = [one.submit(drawn, some[::2]), other.submit(drawn, some[1::2])]
            for each in begun:
                each.result()

        return [
            measure("notice drawn, to plain WeasyPrint with Noto Serif", _ours, _plain, AS_PLAIN),
            measure("notice drawn, to layout alone", _ours, layout, AS_LAYOUT),
            measure("notice drawn by two renderers, to one", both, alone, AS_ONE),
        ]


Work = Callable[[Sequence[Page]], None]


def _ordinary(page: Page) -> Page:
    """Without the rare characters that the samples have: few notices have any."""
    return replace(page, html=page.html.translate(dict.fromkeys(map(ord, "䶮㛃𬭼𠅤"), "精")))


def _aimed(found: Measured, aim: float) -> Measured:
    return replace(found, aim_of_ratio=aim)


def _ours(pages: Sequence[Page]) -> None:
    for page in pages:
        drawing.draw(page)


def _plain(pages: Sequence[Page]) -> None:
    """WeasyPrint as it is, warm, with the fonts of the system."""
    for page in pages:
        sheet = CSS(string=FACES.sub("'Noto Serif CJK SC'", page.style))
        HTML(string=page.html).write_pdf(stylesheets=[sheet], pdf_variant="pdf/a-3a")
