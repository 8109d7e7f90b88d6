"""What the bench of notices has done in processes of its own: only there our fonts are seen."""

from __future__ import annotations

from collections.abc import Sequence

from weasyprint import HTML

from app.typesetting import pdf
from app.typesetting.pages import Page


def laid_out(pages: Sequence[Page]) -> None:
    """Set the pages with our fonts and write no file."""
    for page in pages:
        HTML(string=page.html, url_fetcher=pdf.Nothing()).render(
            font_config=pdf._fonts(),
            stylesheets=[pdf._sheet(page.style)],
        )


def drawn(pages: Sequence[Page]) -> None:
    """Draw the pages as the renderer does."""
    for page in pages:
        pdf.draw(page)
