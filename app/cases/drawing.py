"""A kind of case as a picture: its states one below the other, its steps as lines between them.

Under each state stand the steps that leave it; lines to the same state share a lane on the right.
So it is narrow enough for a phone, and each label stands where its line begins. Pure; the same
definition and the same way give the same picture.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from markupsafe import Markup

from workflows.grammar import State, Step, Workflow

Gone: TypeAlias = "Collection[tuple[str | None, str]]"
"""Steps that were taken: the state each was taken from, and its name."""

_FONT: Final = 14
_LINE: Final = 22
_BOX: Final = 30
_GAP: Final = 12
_LANE: Final = 12
_MARGIN: Final = 8
_PLAIN, _WAY, _NOW, _TEXT, _PALE = "#8b95a1", "#0b5cad", "#fff4d6", "#1f2933", "#5b6673"


_HEAD: Final = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}"'
    ' height="{high}" role="img" aria-labelledby="diagram{key}-title diagram{key}-words"'
    ' font-size="14" font-family="sans-serif">\n'
    '<title id="diagram{key}-title">{title}</title>\n'
    '<desc id="diagram{key}-words">{words}</desc>\n'
    '<rect width="100%" height="100%" fill="#ffffff"/>'
)


@dataclass(frozen=True)
class _Row:
    """A state, or the beginning: its box and the steps below it, with how far each text reaches."""

    state: State | None
    top: int
    steps: tuple[Step, ...]

    @property
    def name(self) -> str | None:
        return self.state.name if self.state else None

    @property
    def middle(self) -> int:
        """Where lines arrive."""
        return self.top + _BOX // 2

    @property
    def right(self) -> int:
        """Where its box ends."""
        return 2 * _MARGIN + 18 + _width(self.state.title if self.state else "")

    def line(self, place: int) -> int:
        """The middle of the text of a step."""
        return self.top + (_BOX if self.state else 0) + place * _LINE + _LINE // 2


@dataclass(frozen=True)
class _Line:
    """A step from one state to another, beginning behind its text."""

    step: Step
    source: str | None
    to: str
    x: int
    y: int


def drawn(workflow: Workflow, gone: Gone = (), now: str | None = None, key: str = "") -> Markup:
    """The picture as SVG: the way ``gone`` in strong lines, the state of ``now`` marked.

    ``key`` makes the ids of title and description different from others on the same page.
    """
    rows = _rows(workflow)
    lines = list(_lines(rows))
    lanes = _lanes(rows, lines)
    left = max([row.right for row in rows] + [line.x for line in lines]) + _LANE
    wide = left + (max(lanes.values(), default=0) + 1) * _LANE
    high = rows[-1].line(len(rows[-1].steps)) + _MARGIN
    head = _HEAD.format(
        key=key,
        wide=wide,
        high=high,
        title=f"{workflow.title}的办理流程",
        words=said(workflow, gone, now),
    )
    drawing = (*_strokes(rows, lines, lanes, left, gone), *_boxes(rows, gone, now))
    return Markup("\n").join([head, *drawing, *_labels(rows, gone), Markup("</svg>\n")])


def said(workflow: Workflow, gone: Gone = (), now: str | None = None) -> str:
    """The same in words: the way gone and the present state, or every step where there is none."""
    titles = {state.name: state.title for state in workflow.states}
    if now is None:
        told = [
            f"{'、'.join(titles[one.name] for one in step.sources) or '开始'}"
            f"→{step.title}→{step.to.title}"
            for step in workflow.steps
            if step.to is not None
        ]
        return "；".join(told) + "。"
    been = list(dict.fromkeys(titles[source] for source, _ in gone if source is not None))
    way = f"经过的状态：{'、'.join(been)}；" if been else ""
    return f"{way}现在的状态：{titles[now]}。"


def _width(text: str) -> int:
    return sum(_FONT if ord(sign) > 0x2E7F else 8 for sign in text)


def _rows(workflow: Workflow) -> Sequence[_Row]:
    found: list[_Row] = []
    top = _MARGIN
    for state in (None, *workflow.states):
        steps = tuple(
            step
            for step in workflow.steps
            if not step.beside and (state in step.sources or (state is None and not step.sources))
        )
        found.append(_Row(state, top, steps))
        top = found[-1].line(len(steps)) - _LINE // 2 + _GAP
    return found


def _words(step: Step) -> str:
    """What stands below a state: the step and where it leads."""
    return f"{step.title} → {step.to.title}" if step.to else f"{step.title} ↺"


def _lines(rows: Sequence[_Row]) -> Iterator[_Line]:
    for row in rows:
        for place, step in enumerate(row.steps):
            x = 3 * _MARGIN + 6 + _width(_words(step))
            if step.to is not None:
                yield _Line(step, row.name, step.to.name, x, row.line(place))


def _lanes(rows: Sequence[_Row], lines: Sequence[_Line]) -> Mapping[str, int]:
    """By state, the lane in which lines run to it: short ones inside, none over another."""
    arrives = {row.name: row.middle for row in rows}
    spans = {
        to: (
            min([arrives[to], *(line.y for line in lines if line.to == to)]),
            max([arrives[to], *(line.y for line in lines if line.to == to)]),
        )
        for to in dict.fromkeys(line.to for line in lines)
    }
    taken: list[list[tuple[int, int]]] = []
    found: dict[str, int] = {}
    for to, (low, high) in sorted(spans.items(), key=lambda one: (one[1][1] - one[1][0], one[1])):
        free = (n for n, lane in enumerate(taken) if all(b < low or high < a for a, b in lane))
        found[to] = next(free, len(taken))
        if found[to] == len(taken):
            taken.append([])
        taken[found[to]].append((low, high))
    return found


def _strokes(
    rows: Sequence[_Row],
    lines: Sequence[_Line],
    lanes: Mapping[str, int],
    left: int,
    gone: Gone,
) -> Iterator[Markup]:
    """The lines, those of the way last, so that they lie above the others."""
    boxes = {row.name: row for row in rows}
    for line in sorted(lines, key=lambda one: (one.source, one.step.name) in gone):
        way = (line.source, line.step.name) in gone
        box, lane = boxes[line.to], left + lanes[line.to] * _LANE
        yield Markup(
            '<path d="M{} {}H{}V{}H{}" fill="none" stroke="{}" stroke-width="{}"/>'
            '<path d="M{} {}l7 -4v8z" fill="{}"/>'
        ).format(
            *(line.x, line.y, lane, box.middle, box.right + 6),
            *(_WAY if way else _PLAIN, "2.5" if way else "1"),
            *(box.right + 1, box.middle, _WAY if way else _PLAIN),
        )


def _boxes(rows: Sequence[_Row], gone: Gone, now: str | None) -> Iterator[Markup]:
    been = {source for source, _ in gone} | {now}
    for row in (one for one in rows if one.state is not None):
        state = row.state
        here, ends = row.name == now, state is not None and not state.waiting
        yield Markup(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}"'
            ' stroke-width="{}"/>'
            '<text x="{}" y="{}" fill="{}"{}>{}</text>'
        ).format(
            *(_MARGIN, row.top, row.right - _MARGIN, _BOX, _BOX // 2 if ends else 4),
            *(_NOW if here else "#ffffff", _WAY if row.name in been else _PLAIN),
            "2.5" if row.name in been else "1",
            *(2 * _MARGIN + 1, row.middle + 5, _TEXT),
            Markup(' font-weight="bold"') if here else "",
            state.title if state else "",
        )


def _labels(rows: Sequence[_Row], gone: Gone) -> Iterator[Markup]:
    for row in rows:
        for place, step in enumerate(row.steps):
            way = (row.name, step.name) in gone
            yield Markup('<text x="{}" y="{}" fill="{}">{}</text>').format(
                3 * _MARGIN, row.line(place) + 5, _WAY if way else _PALE, _words(step)
            )
