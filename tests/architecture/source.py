"""Reads the program's source, for the tests next to this module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from config import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef
ROUTE_VERBS = {"route", "get", "post", "put", "patch", "delete"}


def files(*folders: str) -> list[Path]:
    """Every Python file of these folders (or files) of the project."""
    found = [path for folder in folders for path in _files(ROOT / folder)]
    assert found, f"nothing in {folders}"
    return found


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def tree(path: Path) -> ast.Module:
    """The syntax of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """A file as seen from the project's root."""
    return path.relative_to(ROOT).as_posix()


def functions(module: ast.Module) -> Iterator[Function]:
    """Every function and method, those inside others too."""
    for node in ast.walk(module):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or 0) - docstring.lineno + 1
    return lines


def is_view(function: Function) -> bool:
    """Whether a decorator makes it answer an address: `@cases.get("/cases")`."""
    calls = [d.func for d in function.decorator_list if isinstance(d, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in ROUTE_VERBS for call in calls)


def dotted(node: ast.expr) -> str:
    """`a.b.c` as text; what stands before it, if it is no name, as `…`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def calls(module: ast.Module) -> Iterator[str]:
    """What is called, by its dotted name."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield dotted(node.func)


def names(module: ast.Module) -> Iterator[str]:
    """Every dotted name that is read."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            yield dotted(node)
