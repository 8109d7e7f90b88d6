"""The renderer after its first page: whoever is forked from here finds fonts and styles read.

Only the server that is forked for each notice loads it. A page costs it a third of the time then.
"""

from contextlib import suppress
from typing import Final

from app.notices.pdf import draw
from app.notices.render import STYLE

_PAGE: Final = "<html lang='zh-CN'><title>字</title><h1>惠州市</h1><p>2026年1月1日</p></html>"

# Whatever is wrong is told to those who have a notice drawn.
with suppress(Exception):
    draw(_PAGE, STYLE.read_text(encoding="utf-8"), "")
