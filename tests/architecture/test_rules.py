"""What must stand in one place only, and what must stand nowhere."""

import ast
import re

from config import ROOT
from tests.architecture.source import calls, files, functions, name_of, names, tree

PROGRAM = ["app", "workflows", "migrations", "config.py", "wsgi.py"]
READINGS_OF_THE_CLOCK = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
READINGS_OF_THE_ENVIRONMENT = {"os.environ", "os.environb"}
EXCUSE = re.compile(r"# (noqa|type: ignore)(?P<codes>(: |\[)[A-Z0-9a-z, -]+?\]?)?(?P<rest>\s.*)?$")


def commits(module: ast.Module) -> list[str]:
    return [name for name in calls(module) if name.endswith((".commit", ".begin"))]


def readings_of_the_clock(module: ast.Module) -> list[str]:
    return [name for name in calls(module) if _tail(name) in READINGS_OF_THE_CLOCK]


def readings_of_the_environment(module: ast.Module) -> list[str]:
    read = [name for name in names(module) if name in READINGS_OF_THE_ENVIRONMENT]
    return read + [name for name in calls(module) if name.endswith("getenv")]


def imports_inside_functions(module: ast.Module) -> list[str]:
    return [
        function.name
        for function in functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def excuses_without_reason(text: str) -> list[str]:
    found = (match for line in text.splitlines() if (match := EXCUSE.search(line)))
    return [m.group() for m in found if not m["codes"] or len((m["rest"] or "").strip(" -#")) < 5]


def _tail(name: str) -> str:
    return ".".join(name.split(".")[-2:])


def where(find, *folders: str) -> dict[str, list[str]]:
    """What `find` finds, by file."""
    found = {name_of(path): find(tree(path)) for path in files(*folders)}
    return {name: faults for name, faults in found.items() if faults}


def test_only_transaction_commits():
    assert where(commits, *PROGRAM) == {"app/db.py": ["session.commit"]}


def test_only_the_clock_knows_what_time_it_is():
    assert where(readings_of_the_clock, *PROGRAM).keys() == {"app/clock.py"}


def test_only_the_configuration_reads_the_environment():
    assert where(readings_of_the_environment, *PROGRAM).keys() == {"config.py"}


def test_only_the_factory_imports_inside_functions():
    assert where(imports_inside_functions, *PROGRAM, "tests").keys() == {"app/factory.py"}


def test_every_excuse_has_its_reason():
    found = {
        name_of(path): excuses_without_reason(path.read_text(encoding="utf-8"))
        for path in files(*PROGRAM, "tests")
    }
    assert not {name: faults for name, faults in found.items() if faults}


def test_the_searches_find():
    module = ast.parse(
        "import os\n"
        "def f():\n"
        "    import x\n"
        "    db.session.commit()\n"
        "    return datetime.datetime.now(UTC), os.environ['A'], os.getenv('A')\n"
    )
    assert commits(module) == ["db.session.commit"]
    assert readings_of_the_clock(module) == ["datetime.datetime.now"]
    assert readings_of_the_environment(module) == ["os.environ", "os.getenv"]
    assert imports_inside_functions(module) == ["f"]
    mark = "#"  # put together here, so that this file is not found itself
    assert excuses_without_reason(f"x = 1  {mark} noqa: E501")
    assert excuses_without_reason(f"x = 1  {mark} noqa -- without a code")
    assert excuses_without_reason(f"x = 1  {mark} type: ignore[arg-type]")
    assert not excuses_without_reason(f"x = 1  {mark} noqa: E501, D100 -- a table of the law")
    assert not excuses_without_reason(f"x = 1  {mark} type: ignore[arg-type]  {mark} untyped there")


def test_packages_are_pinned_by_hash_and_from_nowhere_in_particular():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pins) > 20
        assert "://" not in text
        assert "--index-url" not in text
        for block in re.split(r"\n(?=[A-Za-z0-9])", text):
            assert block.startswith("#") or "--hash=sha256:" in block, block
