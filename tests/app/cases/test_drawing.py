"""The picture of a kind, and of the way of a case through it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from app.cases.drawing import drawn, said
from config import ROOT
from workflows import WORKFLOWS
from workflows.grammar import Workflow

SVG = "{http://www.w3.org/2000/svg}"
WAY = [(None, "file"), ("draft", "submit"), ("submitted", "accept")]
each_kind = pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)


def picture(text: str) -> ET.Element:
    """Parsed; what is no XML fails here."""
    return ET.fromstring(text)  # noqa: S314 -- our own picture


def texts(svg: ET.Element) -> list[str]:
    return [one.text or "" for one in svg.iter(f"{SVG}text")]


@each_kind
def test_the_picture_of_a_kind_is_fresh(workflow: Workflow) -> None:
    path = ROOT / "docs" / "workflows" / f"{workflow.kind}.svg"
    fresh = path.read_text(encoding="utf-8") == drawn(workflow)
    assert fresh, "run: flask --app wsgi workflows write"


@each_kind
def test_it_shows_every_state_and_every_step_that_is_no_mere_note(workflow: Workflow) -> None:
    shown = texts(picture(drawn(workflow)))
    for state in workflow.states:
        assert state.title in shown
    for step in workflow.steps:
        words = f"{step.title} → {step.to.title}" if step.to else f"{step.title} ↺"
        assert (words in shown) != step.beside


@each_kind
def test_each_line_ends_at_the_box_of_a_state_and_all_lies_within_the_picture(
    workflow: Workflow,
) -> None:
    svg = picture(drawn(workflow))
    wide, high = int(svg.get("width", "")), int(svg.get("height", ""))
    assert svg.get("viewBox") == f"0 0 {wide} {high}"
    assert wide <= 480, "a phone is no wider"
    boxes = [one for one in svg.iter(f"{SVG}rect") if one.get("x")]
    tops = {int(one.get("y", "")): int(one.get("height", "")) for one in boxes}
    lines = [one.get("d", "") for one in svg.iter(f"{SVG}path") if one.get("fill") == "none"]
    assert lines
    for line in lines:
        _, lane, arrives, _ = (int(part) for part in _numbers(line))
        assert lane <= wide
        assert any(top < arrives < top + height for top, height in tops.items())


def _numbers(line: str) -> list[str]:
    """Where a line begins, its lane, where it arrives and ends."""
    begins, rest = line.split("H", 1)
    lane, rest = rest.split("V")
    arrives, ends = rest.split("H")
    return [begins.split()[1], lane, arrives, ends]


@each_kind
def test_no_two_lanes_lie_over_each_other(workflow: Workflow) -> None:
    spans: dict[str, dict[str, list[int]]] = {}
    svg = picture(drawn(workflow))
    for line in (one.get("d", "") for one in svg.iter(f"{SVG}path") if one.get("fill") == "none"):
        begins, lane, arrives, _ = _numbers(line)
        spans.setdefault(lane, {}).setdefault(arrives, []).extend([int(begins), int(arrives)])
    for buses in spans.values():
        ordered = sorted((min(span), max(span)) for span in buses.values())
        assert all(one[1] < other[0] for one, other in pairwise(ordered))


def test_it_says_in_words_what_it_shows() -> None:
    svg = picture(drawn(WORKFLOWS["objection"], WAY, "verifying", "-1"))
    title, words = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert words is not None
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert title.text == "异议的办理流程"
    assert words.text == "经过的状态：草稿、待受理；现在的状态：核实中。"
    assert "草稿→提交异议→待受理；" in said(WORKFLOWS["objection"])
    assert said(WORKFLOWS["objection"], [], "draft") == "现在的状态：草稿。"


def test_the_way_gone_is_drawn_strong_and_the_present_state_marked() -> None:
    plain = picture(drawn(WORKFLOWS["objection"]))
    gone = picture(drawn(WORKFLOWS["objection"], WAY, "verifying"))
    strong = [one for one in gone.iter(f"{SVG}path") if one.get("stroke-width") == "2.5"]
    assert len(strong) == len(WAY)
    assert not [one for one in plain.iter() if one.get("stroke-width") == "2.5"]
    bold = [one.text for one in gone.iter(f"{SVG}text") if one.get("font-weight") == "bold"]
    assert bold == ["核实中"]


def test_nothing_in_it_needs_a_style_or_a_script() -> None:
    svg = picture(drawn(WORKFLOWS["objection"], WAY, "verifying"))
    assert not [one for one in svg.iter() if one.get("style") or one.get("onload")]
    assert {one.tag.removeprefix(SVG) for one in svg.iter()} <= {
        *("svg", "title", "desc", "rect", "text", "path"),
    }
