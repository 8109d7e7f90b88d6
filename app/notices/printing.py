"""What a template of a notice prints, told from its source: which of its variables it names."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment, FileSystemLoader, nodes

from app.notices.render import TEMPLATES

_LOADER = FileSystemLoader(TEMPLATES)
_SOURCES = Environment(loader=_LOADER, autoescape=True)


def has_template(kind: str, name: str) -> bool:
    """Whether `templates/notices/<kind>/<name>.html` is there."""
    return (TEMPLATES / kind / f"{name}.html").is_file()


def prints(kind: str, name: str) -> frozenset[str]:
    """The variables that it prints or hands on, with those it extends: `basis`, `input.reasons`.

    What stands in a block that is overridden is not printed. Raises jinja2.TemplateNotFound.
    """
    pages = list(_pages(f"{kind}/{name}.html"))
    blocks = {one.name: one for page in reversed(pages) for one in page.find_all(nodes.Block)}
    return frozenset(_names(pages[-1], blocks))


def _pages(path: str) -> Iterator[nodes.Template]:
    """The template, the one it extends, and so on."""
    source, _, _ = _LOADER.get_source(_SOURCES, path)
    page = _SOURCES.parse(source)
    yield page
    for one in page.find_all(nodes.Extends):
        yield from _pages(one.template.as_const())


def _names(node: nodes.Node, blocks: dict[str, nodes.Block]) -> Iterator[str]:
    for one in node.iter_child_nodes():
        child = blocks[one.name] if isinstance(one, nodes.Block) else one
        if isinstance(child, nodes.Name):
            yield child.name
        elif isinstance(child, nodes.Getattr) and isinstance(child.node, nodes.Name):
            yield f"{child.node.name}.{child.attr}"
        yield from _names(child, blocks)
