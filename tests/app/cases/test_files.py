"""Which files are taken, under what name, and how they are kept and added."""

import hashlib
import stat

import pytest

from app.cases import attaching, files
from app.cases.attaching import attach, open_file
from app.cases.facts import CaseFacts
from app.cases.models import Attachment
from app.cases.queries import attachment_for
from app.db import db
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.app.cases.samples import image, pdf

HTML = b"<!doctype html><html><script>alert(1)</script></html>"
ACTIVE = [
    b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
    b"<< /S /Launch /F (calc.exe) >>",
    b"<< /S /J#61vaScript >>",
    b"<< /AA << /O 6 0 R >> >>",
    b"<< /AcroForm << /XFA 7 0 R >> >>",
    b"<< /Names << /EmbeddedFiles 8 0 R >> >>",
    b"<< /Type /Catalog /OpenAction 6 0 R >>",
    b"<< /Type /Catalog /OpenAction << /S /URI >> >>",
    b"% >> stream\n << /S /JavaScript >>",
    b"<< >> stream\n << /S /JavaScript >> endstream",
]


def kind_of(name, data):
    return files.looked_through(name, data).media_type


def test_the_three_kinds_are_taken():
    assert kind_of("a.pdf", pdf()) == "application/pdf"
    assert kind_of("a.PDF", pdf()) == "application/pdf"
    assert kind_of("a.jpg", image("JPEG")) == "image/jpeg"
    assert kind_of("a.jpeg", image("JPEG", mode="L")) == "image/jpeg"
    assert kind_of("a.png", image()) == "image/png"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.pdf", HTML),
        ("page.html", HTML),
        ("page.png", HTML),
        ("picture.jpg", image("PNG")),
        ("picture.png", image("JPEG")),
        ("picture.pdf", image("PNG")),
        ("document.png", pdf()),
        ("document", pdf()),
        ("document.pdf.exe", pdf()),
        ("empty.pdf", b""),
        ("empty.png", b""),
        ("cut.pdf", pdf()[:-8]),
        ("late.pdf", b"\n" + pdf()),
        ("cut.png", image()[:-20]),
        ("cut.jpg", image("JPEG", (400, 300))[:-400]),
        ("animation.png", image("GIF")),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name, data):
    with pytest.raises(files.UnknownKind):
        files.looked_through(name, data)


@pytest.mark.parametrize("active", ACTIVE)
def test_a_pdf_that_acts_or_hides_is_refused(active):
    with pytest.raises(files.UnknownKind, match="活动内容"):
        files.looked_through("a.pdf", pdf(active))


def test_an_encrypted_pdf_is_refused():
    with pytest.raises(files.UnknownKind, match="加密"):
        files.looked_through("a.pdf", pdf(trailer=b"/Encrypt 9 0 R "))


def test_compressed_bytes_that_look_like_a_name_do_no_harm():
    data = pdf(b"<< /Font /AAAAAA+Song >>", stream=b"\x00/JS \x01/AA \xff/XFA>")
    assert kind_of("a.pdf", data) == "application/pdf"


def test_many_streams_without_an_end_take_no_time():
    data = pdf(b">> stream\n" * 200_000)
    assert kind_of("a.pdf", data) == "application/pdf"


def test_too_large_is_too_large():
    with pytest.raises(files.TooLarge):
        files.looked_through("a.pdf", pdf().ljust(files.LARGEST + 1))
    for size in ((8000, 5001), (20_000, 10_000)):
        with pytest.raises(files.TooLarge):
            files.looked_through("a.png", image(size=size, mode="1"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("身份证.pdf", "身份证.pdf"),
        ("../../etc/营业执照.pdf", "营业执照.pdf"),
        ("C:\\案卷\\照片.JPG", "照片.JPG"),
        ("a\u202efdp.exe\r\n.pdf", "afdp.exe.pdf"),
        ("e\u0301.png", "é.png"),
        (".pdf", "附件.pdf"),
        ("", ""),
        ("名" * 300 + ".pdf", "名" * 116 + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * 10),
    ],
)
def test_a_name_is_data_and_nothing_else(given, kept):
    assert files.clean_name(given) == kept


def test_a_file_is_kept_under_its_hash_for_us_alone(app, session):
    taken = files.looked_through("a.pdf", pdf())
    files.store(taken)
    files.store(taken)
    path = files.path(taken.sha256)
    assert path.name == hashlib.sha256(pdf()).hexdigest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert files.read(taken.sha256) == pdf()
    assert not list(path.parent.glob(".*"))


def test_a_file_that_is_not_what_it_was_is_not_given_out(app, session):
    taken = files.looked_through("a.pdf", pdf(b"(x)"))
    with pytest.raises(files.Lost):
        files.read(taken.sha256)
    files.store(taken)
    files.path(taken.sha256).write_bytes(b"something else")
    with pytest.raises(files.Lost):
        files.read(taken.sha256)
    files.path(taken.sha256).unlink()


def test_whoever_may_take_a_step_adds_a_file(city):
    number = city.objection(city.record())
    key = attach(city.actor["subject"], number, ("证据.pdf", pdf()), " 监测报告 ", "1")
    row = db.session.get_one(Attachment, key)
    assert (row.title, row.proves, row.filename) == ("监测报告", "1", "证据.pdf")
    assert (row.size, row.after_seq) == (len(pdf()), 1)
    assert open_file(row) == pdf()


def test_whoever_only_looks_on_does_not(city):
    number = city.objection(city.record())
    with pytest.raises(NotFound):
        attach(city.actor["stranger"], number, ("a.pdf", pdf()), "x")
    city.take(number, "submit", "subject")
    city.take(number, "accept", "clerk")
    with pytest.raises(NotFound):
        attach(city.actor["provider"], number, ("a.pdf", pdf()), "x")
    city.take(number, "correct_own_error", "clerk", items=_own_errors(city, number))
    with pytest.raises(NotAllowed):
        attach(city.actor["subject"], number, ("a.pdf", pdf()), "x")


def _own_errors(city, number):
    (item,) = CaseFacts(city.case(number), city.case(number).filed_on).items()
    return [{"item_id": item.id, "value": "按期排放", "proof": "原始记录"}]


def test_a_provider_sees_the_files_of_the_objection(city):
    number = city.objection(city.record())
    key = attach(city.actor["subject"], number, ("a.pdf", pdf()), "证据")
    city.take(number, "submit", "subject")
    with pytest.raises(NotFound):
        attachment_for(city.actor["provider"], key)
    city.take(number, "accept", "clerk")
    assert attachment_for(city.actor["provider"], key).id == key
    with pytest.raises(NotFound):
        attachment_for(city.actor["provider2"], key)


def test_a_title_is_one_line(city):
    number = city.objection(city.record())
    for title in ("", "  ", "长" * 201, "两\n行"):
        with pytest.raises(Invalid) as refused:
            attach(city.actor["subject"], number, ("a.pdf", pdf()), title)
        assert list(refused.value.faults) == ["title"]
    assert db.session.query(Attachment).count() == 0


def test_a_case_has_no_more_than_twenty(city, monkeypatch):
    monkeypatch.setattr(attaching, "MOST", 2)
    number = city.objection(city.record())
    for _ in range(2):
        attach(city.actor["subject"], number, ("a.pdf", pdf()), "证据")
    with pytest.raises(Conflict):
        attach(city.actor["subject"], number, ("a.pdf", pdf()), "证据")
