"""Each clause of PDF/A-3a that a notice relies on (ISO 19005-3), sealed and not."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import pdfplumber
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from app.notices.drawing import SEAL
from app.sealing import keys
from app.sealing.signing import sealed
from app.typesetting.pages import Drawn
from app.typesetting.pdf import draw
from tests.notices.measuring import sheets
from tests.notices.samples import sample
from tests.notices.test_drawing import normal, page_of

NOTICE: Final = "suspension.lift"
NUMBER: Final = "某信惩解〔2026〕12号"
AT: Final = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
NAMES: Final = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@cache
def drawn() -> Drawn:
    return draw(page_of(sample(NOTICE)))


@cache
def signer() -> Any:
    key = keys._demonstration_key()
    return signers.SimpleSigner.load_pkcs12_data(key, other_certs=[])


@cache
def with_seal() -> bytes:
    one = drawn()
    return sealed(one.pdf, signer(), one.places[SEAL], name="某市信用建设办公室", below="", at=AT)


@pytest.fixture(params=["drawn", "sealed"])
def file(request: pytest.FixtureRequest) -> bytes:
    return drawn().pdf if request.param == "drawn" else with_seal()


def trailer_of(file: bytes) -> Any:
    return PdfReader(io.BytesIO(file)).trailer


@pytest.fixture
def root(file: bytes) -> Any:
    return trailer_of(file)["/Root"]


def objects(file: bytes) -> Iterator[Any]:
    reader = PdfReader(io.BytesIO(file))
    for number in range(1, int(trailer_of(file)["/Size"])):
        with_it = reader.get_object(number)
        if with_it is not None:
            yield with_it


def dictionaries(file: bytes) -> Iterator[Any]:
    return (one for one in objects(file) if hasattr(one, "keys"))


def said(root: Any) -> ET.Element:
    return ET.fromstring(root["/Metadata"].get_object().get_data())  # noqa: S314 -- our own


# --- what the file says of itself ------------------------------------------------------------


def test_it_names_its_part_and_level_of_conformance(root: Any) -> None:
    told = {
        name: value
        for one in said(root).iter(f"{{{NAMES['rdf']}}}Description")
        for name, value in one.attrib.items()
    }
    assert told[f"{{{NAMES['pdfaid']}}}part"] == "3"
    assert told[f"{{{NAMES['pdfaid']}}}conformance"] == "A"


def test_its_metadata_are_not_compressed_beyond_reading_and_equal_the_old_ones(file: bytes) -> None:
    trailer = trailer_of(file)
    xmp, facts = said(trailer["/Root"]), trailer["/Info"]
    title = xmp.find(".//dc:title//rdf:li", NAMES)
    author = xmp.find(".//dc:creator//rdf:li", NAMES)
    created, changed = (xmp.find(f".//xmp:{one}Date", NAMES) for one in ("Create", "Modify"))
    producer = xmp.find(".//rdf:Description[@pdf:Producer]", NAMES)
    if producer is None:
        producer_told = xmp.findtext(".//pdf:Producer", None, NAMES)
    else:
        producer_told = producer.attrib[f"{{{NAMES['pdf']}}}Producer"]
    assert title is not None
    assert title.text == facts["/Title"]
    assert author is not None
    assert author.text == facts["/Author"]
    assert created is not None
    assert f"D:{created.text}".replace("-", "") == facts["/CreationDate"]
    assert changed is not None
    assert f"D:{changed.text}".replace("-", "") == facts["/ModDate"]
    assert producer_told == facts["/Producer"]
    assert NUMBER in facts["/Title"]


def test_it_says_what_its_colours_mean(root: Any) -> None:
    (intent,) = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    profile = intent["/DestOutputProfile"].get_object()
    assert profile["/N"] == 3
    data = profile.get_data()
    assert (data[16:20], data[36:40]) == (b"RGB ", b"acsp")


def test_it_has_a_name_of_its_own_and_no_secrets(file: bytes) -> None:
    trailer = trailer_of(file)
    assert len(trailer["/ID"]) == 2
    assert "/Encrypt" not in trailer


# --- what a reader hears ---------------------------------------------------------------------


def test_it_is_tagged_in_chinese_and_shows_its_title(root: Any) -> None:
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/StructTreeRoot"]["/ParentTree"]
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= set(tags(root["/StructTreeRoot"]))


def tags(node: Any) -> Iterator[str]:
    node = node.get_object()
    if not hasattr(node, "get"):
        return
    if "/S" in node:
        yield node["/S"]
    under = node.get("/K", [])
    under = under.get_object()
    for one in under if isinstance(under, list) else [under]:
        yield from tags(one)


@pytest.mark.parametrize("notice", ["objection.extension", "repair.termination"])
def test_it_is_read_in_the_order_in_which_it_stands_on_the_page(notice: str) -> None:
    context = sample(notice)
    context["notice"]["code"] = ""
    pdf = draw(page_of(context)).pdf
    heard = "".join(read(pdf))
    seen = "".join(row.text for page in sheets(pdf) for row in page.rows if row.foot < 262)
    assert normal(heard) == normal(seen)
    assert len(normal(seen)) > 200


def read(pdf: bytes) -> Iterator[str]:
    """The text in the order of the structure."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        marked: dict[tuple[int, int], str] = {}
        for page in document.pages:
            for one in page.chars:
                if one.get("mcid") is not None:
                    key = page.page_number, one["mcid"]
                    marked[key] = marked.get(key, "") + one["text"]
        for node in document.structure_tree:
            yield from heard_of(node, marked, None)


def heard_of(node: Any, marked: dict[tuple[int, int], str], page: int | None) -> Iterator[str]:
    page = node.get("page_number", page)
    for mark in node.get("mcids", []):
        yield marked.get((page or 1, mark), "")
    for one in node.get("children", []):
        yield from heard_of(one, marked, page)


# --- what it is made of ----------------------------------------------------------------------


def test_all_its_fonts_are_in_the_file_and_map_to_characters(file: bytes) -> None:
    fonts = [one for one in dictionaries(file) if one.get("/Type") == "/Font"]
    assert len(fonts) >= 8
    for font in fonts:
        if font["/Subtype"] == "/Type0":
            assert font["/Encoding"] == "/Identity-H"
            assert b"begincmap" in font["/ToUnicode"].get_object().get_data()
        else:
            assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].get_object())


def test_nothing_in_it_acts(file: bytes) -> None:
    for one in dictionaries(file):
        assert not {"/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch"} & set(one.keys())
        assert one.get("/S") not in {"/JavaScript", "/Launch", "/Movie", "/Sound", "/SubmitForm"}
        assert one.get("/Filter") != "/LZWDecode"
    root = trailer_of(file)["/Root"]
    assert not root.get("/AcroForm", {}).get("/NeedAppearances", False)


def test_nothing_shines_through_without_a_space_to_blend_in(file: bytes) -> None:
    for one in dictionaries(file):
        group = one.get("/Group")
        if group is not None and group.get_object().get("/S") == "/Transparency":
            assert "/CS" in group.get_object()
        assert one.get("/SMask") in {None, "/None"} or one.get("/Type") != "/ExtGState"


def test_a_seal_is_printed_with_its_page(file: bytes) -> None:
    widgets = [one for one in dictionaries(file) if one.get("/Subtype") == "/Widget"]
    assert len(widgets) == (1 if file == with_seal() else 0)
    for one in widgets:
        flags = int(one["/F"])
        assert flags & 4, "printed"
        assert not flags & (1 | 2 | 32), "neither invisible nor hidden nor off the screen"
        assert one["/AP"]["/N"]


# --- what it carries along -------------------------------------------------------------------


def test_its_data_are_attached_with_their_kind_and_relation(root: Any) -> None:
    specs = {one.idnum: one.get_object() for one in root["/AF"]}
    (spec,) = specs.values()
    assert spec["/AFRelationship"] == "/Data"
    assert spec["/UF"] == "notice.json"
    stream = spec["/EF"]["/F"].get_object()
    assert stream["/Subtype"] == "/application/json"
    assert stream["/Params"]["/ModDate"].startswith("D:20261121")
    assert json.loads(stream.get_data())["notice"]["number"] == NUMBER


def test_its_data_tell_nothing_that_its_page_does_not_print() -> None:
    context = sample("repair.commitment")
    human = {"kind": "subject", "name": "𬭼𠅤", "code": "110101199003070021", "you": "你"}
    context["case"]["subject"] = human | {"code_title": "证件号码"}
    context["repair"] |= {"natural": True, "agent": {"name": "", "document": ""}}
    pdf = draw(page_of(context)).pdf
    spec = trailer_of(pdf)["/Root"]["/AF"][0].get_object()
    told = spec["/EF"]["/F"].get_object().get_data().decode()
    assert human["name"] in told
    assert human["code"] not in told
    assert context["repair"]["agent"]["name"] == "" or "阿卜杜拉" not in told


# --- the seal --------------------------------------------------------------------------------


def test_what_was_drawn_is_the_first_part_of_what_is_sealed() -> None:
    assert with_seal().startswith(drawn().pdf)
    assert len(with_seal()) > len(drawn().pdf)


def test_the_same_seal_at_the_same_moment_gives_the_same_bytes() -> None:
    one = drawn()
    again = sealed(one.pdf, signer(), one.places[SEAL], name="某市信用建设办公室", below="", at=AT)
    assert again == with_seal()


def test_its_signature_holds_for_the_whole_file() -> None:
    status = checked(with_seal())
    assert status.intact
    assert status.valid
    assert status.coverage.name == "ENTIRE_FILE"


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_changed_bytes_are_found_out(place: float) -> None:
    data = bytearray(with_seal())
    data[int(len(drawn().pdf) * place)] ^= 0x01
    try:
        status = checked(bytes(data))
    except Exception:  # noqa: BLE001 -- a file that cannot be read any more does not pass either
        return
    assert not status.intact


def checked(data: bytes) -> Any:
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    trusted = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return validate_pdf_signature(signature, trusted)
