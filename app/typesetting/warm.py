"""The renderer after its first page: whoever is forked from here finds fonts and styles read.

Only the server that the renderers are forked from loads it. A page costs them a third of the time
then.
"""

from contextlib import suppress
from datetime import date
from typing import Final

from app.typesetting.pages import Page
from app.typesetting.pdf import draw

_HTML: Final = "<html lang='zh-CN'><title>字</title><h1>惠州市</h1><p>2026年1月1日</p></html>"

# Whatever is wrong is told to those who have a page drawn.
with suppress(Exception):
    draw(Page(html=_HTML, style="html{font-family:仿宋}", identifier="", on=date(2026, 1, 1)))
