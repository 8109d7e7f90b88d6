"""Every page of every notice looks as it was approved; see `tests.notices.approve`."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
from PIL import Image, ImageChops

from app.typesetting.pdf import draw
from config import ROOT
from tests.notices.pictures import FOLDER, TOLERANCE, difference, pages, path, rendered
from tests.notices.samples import NOTICES, sample
from tests.notices.test_drawing import page_of, simple

SOME = NOTICES[::2][:20]


@pytest.mark.parametrize("notice", NOTICES)
def test_its_pages_look_as_they_were_approved(notice):
    drawn = pages(notice)
    approved = sorted(FOLDER.glob(f"{notice}-*.png"))
    assert approved == [path(notice, number) for number in range(1, len(drawn) + 1)]
    for number, picture in enumerate(drawn, 1):
        with Image.open(path(notice, number)) as kept:
            assert difference(picture, kept.convert("L")) <= TOLERANCE, f"page {number}"


def test_no_picture_is_kept_of_what_is_no_notice():
    assert {one.name.rpartition("-")[0] for one in FOLDER.glob("*.png")} == set(NOTICES)


def test_a_line_that_is_shifted_is_found_out():
    page = page_of(sample("objection.extension"))
    (before, *_), shifted = rendered(draw(page).pdf), page.style + ".to { margin-left: 3mm; }"
    sideways, *_ = rendered(draw(simple(page.html, shifted)).pdf)
    assert difference(before, sideways) > TOLERANCE
    lower = page.style + ".to { position: relative; top: 2mm; }"
    down, *_ = rendered(draw(simple(page.html, lower)).pdf)
    assert difference(before, down) > TOLERANCE


def test_another_word_is_found_out():
    page = page_of(sample("objection.extension"))
    before, *_ = rendered(draw(page).pdf)
    other, *_ = rendered(
        draw(simple(page.html.replace("延期通知书", "延误通告函"), page.style)).pdf
    )
    assert difference(before, other) > TOLERANCE


def test_the_same_page_is_no_different():
    picture, *_ = pages("objection.extension")
    assert difference(picture, picture) == 0
    assert difference(picture, ImageChops.invert(picture)) > 200


def test_twenty_are_drawn_again_elsewhere_byte_for_byte():
    script = (
        "import hashlib, sys\n"
        "from app.typesetting.pdf import draw\n"
        "from tests.notices.samples import sample\n"
        "from tests.notices.test_drawing import page_of\n"
        "for one in sys.argv[1:]:\n"
        "    print(hashlib.sha256(draw(page_of(sample(one))).pdf).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *SOME],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin", "TZ": "America/Lima"},
        text=True,
    )
    here = [hashlib.sha256(draw(page_of(sample(one))).pdf).hexdigest() for one in SOME]
    assert done.stdout.split() == here
