"""Two web processes and two workers are one program, behind a proxy as on its own."""

from __future__ import annotations

import os

import pytest

from tests import serving
from tests.conftest import type_of_database
from tests.load.browsing import Browser, Door
from tests.load.running import Crowd, Shape, run
from tests.load.town import build, opened
from tests.serving import HOST, Installation


@pytest.mark.skipif(type_of_database == "sqlite", reason="several machines share PostgreSQL alone")
def test_two_web_processes_and_two_workers_do_everything_once(tmp_path):
    beside = os.environ["TEST_DATABASE_URL"]
    shape = Shape(web=2, workers=2, beside=beside, redis=serving.has_redis())
    report = run(shape, Crowd(clients=2, cases=2, seconds=600, parts=2), tmp_path, print)
    assert report.faults == []
    assert (report.cases, report.drawing["count"] > 10) == (2, True)


@pytest.mark.skipif(type_of_database != "sqlite", reason="no database changes it")
def test_people_sign_in_behind_a_proxy_that_ends_tls(tmp_path):
    public = f"https://{HOST}"
    there = Installation(tmp_path, f"sqlite:///{tmp_path}/redress.db", public_base_url=public)
    with opened(there):
        build(cases=0)
    said = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"{public}/login"}
    with serving.web(there) as running:
        assert running.port is not None
        browser = Browser(Door([running.port], said))
        browser.sign_in("clerk")
        assert set(browser.cookies) == {"__Host-redress"}
        assert "clerk甲" in browser.get("inbox", "/")
