"""Setting a page of HTML as a PDF: the fonts, the renderer, and the fence around it."""
