"""How long a file, a function and a view may be."""

import ast

from tests.architecture.source import files, functions, is_view, length, name_of, tree

LONGEST_FILE = 400
LONGEST_TEST_FILE = 600
LONGEST_FUNCTION = 40
LONGEST_VIEW = 15


def too_long(path_names: list[str], limit: int) -> list[str]:
    lines = {
        name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in files(*path_names)
    }
    return [f"{name}: {count} lines" for name, count in lines.items() if count > limit]


def long_functions(module: ast.Module) -> list[str]:
    found = []
    for function in functions(module):
        limit = LONGEST_VIEW if is_view(function) else LONGEST_FUNCTION
        if length(function) > limit:
            found.append(f"{function.name}: {length(function)} lines, more than {limit}")
    return found


def test_no_file_is_longer_than_allowed():
    assert not too_long(["app", "workflows", "config.py", "wsgi.py"], LONGEST_FILE)


def test_no_file_of_tests_is_longer_than_allowed():
    assert not too_long(["tests"], LONGEST_TEST_FILE)


def test_no_function_and_no_view_is_longer_than_allowed():
    assert not [
        f"{name_of(path)}: {fault}"
        for path in files("app", "workflows", "config.py", "wsgi.py")
        for fault in long_functions(tree(path))
    ]


def test_the_ruler_measures():
    body = "".join(f"    x = {number}\n" for number in range(LONGEST_FUNCTION))
    assert long_functions(ast.parse("def f():\n" + body))
    assert not long_functions(
        ast.parse('def f():\n    """One.\n\n    Two.\n    """\n' + body[:-10])
    )
    view = "@pages.get('/')\ndef f():\n" + body[: LONGEST_VIEW * 10]
    assert long_functions(ast.parse(view))
    assert not long_functions(ast.parse(view.removeprefix("@pages.get('/')\n")))
