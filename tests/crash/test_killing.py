"""The program is killed while people work with it: what it had acknowledged stands, whole and once.

In short; `script/crash --times 200` goes on for as long as wanted. And what is broken is found.
"""

from __future__ import annotations

import os

from tests.crash.killing import KILLS, Plan, run
from tests.crash.program import command

PLAN = Plan(len(KILLS), seed=1, hurried=True, threads=4, records=30, imports=2)


def test_whatever_is_killed_what_was_acknowledged_stands(tmp_path):
    said: list[str] = []
    figures = run(tmp_path, os.environ.get("TEST_DATABASE_URL"), PLAN, said.append)
    assert figures.kills.total() == PLAN.times, said
    assert figures.counts["done step"] > 0, said
    assert figures.counts["done file"] > 0, said


def test_what_is_killed_is_what_the_script_starts():
    web = command("web", "127.0.0.1:4711")
    assert web[2:5] == ["wsgi:app", "--bind", "127.0.0.1:4711"]
    assert "--preload" in web
    assert command("worker", "")[2:] == ["--app", "wsgi", "worker"]
