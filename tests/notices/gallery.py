"""Every notice from sample data, for whoever writes templates: `script/gallery [FOLDER]`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from markupsafe import Markup, escape

from app.notices.render import STYLE, render
from app.typesetting.pages import Page
from app.typesetting.pdf import draw
from config import ROOT
from tests.notices.samples import NOTICES, sample

FOLDER = ROOT / "var" / "gallery"
PAGE = Markup("""<!DOCTYPE html>
<html lang="zh-CN"><meta charset="utf-8"><title>文书样例</title>
<style>body {{ font-family: sans-serif; display: grid; gap: 2em;
grid-template-columns: repeat(auto-fill, minmax(24em, 1fr)) }}
embed {{ width: 100%; height: 36em; border: 1px solid #ccc }}</style>
{notices}
""")
ONE = Markup("<section><h2>{title}</h2><p>{name}</p><embed src='{name}.pdf'></section>\n")


def gallery(folder: Path) -> Path:
    """Draw all of them into the folder; gives the page that shows them."""
    folder.mkdir(parents=True, exist_ok=True)
    style = STYLE.read_text(encoding="utf-8")
    for place, notice in enumerate(NOTICES, 1):
        context = sample(notice)
        page = Page(
            html=render(context["notice"]["kind"], context["notice"]["name"], context),
            style=style,
            identifier=notice,
            on=date.fromisoformat(context["notice"]["issued_on"]),
        )
        (folder / f"{notice}.pdf").write_bytes(draw(page).pdf)
        sys.stderr.write(f"   {place} of {len(NOTICES)}: {notice}\n")
    shown = [ONE.format(title=escape(sample(one)["notice"]["title"]), name=one) for one in NOTICES]
    index = folder / "index.html"
    index.write_text(PAGE.format(notices=Markup("").join(shown)), encoding="utf-8")
    return index


if __name__ == "__main__":
    sys.stdout.write(f"{gallery(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)}\n")
