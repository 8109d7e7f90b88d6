"""Files by the API."""

import io

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.cases import files
from tests.app.api.conftest import filing
from tests.app.cases.samples import image, pdf


@pytest.fixture
def where(city, program):
    """Where the files of a draft are added."""
    number = program("subject").post("/cases", filing(city.record()), status=201)["number"]
    return f"/cases/{number}/attachments"


def sent(data=None, name="证据.pdf", **fields):
    content = pdf() if data is None else data
    return {"data": {"file": (io.BytesIO(content), name), "title": "监测报告"} | fields}


def test_a_file_is_added_listed_and_given_back(where, program):
    subject = program("subject")
    answer = subject.ask("POST", where, status=201, **sent(proves="1"))
    added = answer.json
    assert (added["title"], added["filename"], added["proves"]) == ("监测报告", "证据.pdf", "1")
    (listed,) = subject.get(where.removesuffix("/attachments"))["attachments"]
    assert listed == added
    got = subject.ask("GET", answer.headers["Location"].removeprefix("/api/v1"))
    assert (got.data, got.content_type) == (pdf(), "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8%AF%81")
    assert got.headers["X-Content-Type-Options"] == "nosniff"


def test_it_is_there_for_the_office_once_submitted_and_never_for_strangers(where, program):
    key = program("subject").ask("POST", where, status=201, **sent()).json["id"]
    program("stranger").get(f"/attachments/{key}", status=404)
    program("clerk").get(f"/attachments/{key}", status=404)
    program("subject").post(where.replace("attachments", "steps/submit"))
    assert program("clerk").ask("GET", f"/attachments/{key}").data == pdf()


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"<html></html>", "page.pdf"), (pdf(), "a.docx"), (image(), "a.jpg")],
)
def test_another_kind_of_file_is_refused(where, program, data, name):
    subject = program("subject")
    subject.ask("POST", where, status=415, **sent(data, name))
    assert subject.get(where.removesuffix("/attachments"))["attachments"] == []


def test_an_empty_file_is_called_empty(where, program):
    answer = program("subject").ask("POST", where, status=422, **sent(b"", "a.pdf"))
    assert "文件是空的" in answer.json["errors"]["file"]


def test_what_is_no_upload_is_refused(where, program):
    subject = program("subject")
    subject.ask("POST", where, status=415, json={"title": "x"})
    for broken, field in (
        ({"data": {"title": "x"}, "content_type": "multipart/form-data"}, "file"),
        ({"data": {"file": "text", "title": "x"}, "content_type": "multipart/form-data"}, "file"),
        (sent(title=""), "title"),
        (sent(title="长" * 201), "title"),
        (sent(proves="长" * 61), "proves"),
        (sent(owner="me"), "owner"),
        (sent(sha256=(io.BytesIO(b"x"), "x.pdf")), "sha256"),
    ):
        assert field in subject.ask("POST", where, status=422, **broken).json["errors"]
    twice = {"data": {"file": [(io.BytesIO(pdf()), "a.pdf")] * 1, "title": ["x", "y"]}}
    assert "title" in subject.ask("POST", where, status=400, **twice).json["errors"]
    assert subject.get(where.removesuffix("/attachments"))["attachments"] == []


def test_too_large_a_file_is_refused(where, program):
    subject = program("subject")
    for size in (files.LARGEST + 1, files.LARGEST + 2**21):
        # Encoded here: the test client would leave a temporary file open.
        file = FileStorage(io.BytesIO(pdf().ljust(size)), "证据.pdf", "file")
        boundary, body = encode_multipart({"file": file, "title": "监测报告"})
        kind = f"multipart/form-data; boundary={boundary}"
        subject.ask("POST", where, status=413, data=body, content_type=kind)


def test_only_whoever_may_take_a_step_adds_one(where, program):
    program("stranger").ask("POST", where, status=404, **sent())
    program("clerk").ask("POST", where, status=404, **sent())
