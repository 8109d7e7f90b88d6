"""The form of a step is what the step takes, and a browser may say all that a program may."""

import pytest
from werkzeug.datastructures import MultiDict

from app.cases.choices import Choices
from app.cases.forms import StepForm, step_form
from app.cases.inputs import fields_of, parse
from app.errors import Invalid
from app.records.queries import rules_today
from workflows import WORKFLOWS
from workflows.inputs.correction import Change, Opening, Restoration
from workflows.inputs.objection import AnotherRound, Draft, Extension, Filing, OwnError
from workflows.inputs.verification import Findings

STEPS = [(workflow.kind, step) for workflow in WORKFLOWS.values() for step in workflow.steps]
OUR_OWN = {"version", "once", "csrf_token"}


@pytest.fixture
def form_of(app, session):
    """Makes the form of an input, with what a browser sends."""

    def make(takes, sent=None):
        with app.test_request_context():
            built = step_form(takes, Choices(rules_today()))
            return built(formdata=MultiDict(sent) if sent is not None else None)

    return make


def sent_as(value, name=""):
    """What a browser sends for an input as JSON has it; lists of texts are typed one a line."""
    if isinstance(value, dict):
        return [
            pair
            for key, inner in value.items()
            for pair in sent_as(inner, f"{name}-{key}" if name else key)
        ]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [pair for index, row in enumerate(value) for pair in sent_as(row, f"{name}-{index}")]
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [(name, "\r\n".join(value) + "\r\n")]
    return [(name, str(one)) for one in (value if isinstance(value, list) else [value])]


def names_in(form):
    return [field.name for field in form if field.name not in OUR_OWN]


@pytest.mark.parametrize(("kind", "step"), STEPS, ids=[f"{k}.{s.name}" for k, s in STEPS])
def test_a_form_has_the_fields_of_what_its_step_takes(form_of, kind, step):
    form = form_of(step.takes)
    specs = fields_of(step.takes)
    assert names_in(form) == [spec.name for spec in specs]
    for spec in specs:
        assert form[spec.name].label.text == spec.entry.title
        if spec.type == "rows":
            row = form[spec.name].append_entry().form
            assert [f.short_name for f in row] == [inner.name for inner in spec.rows]
        elif spec.required:
            assert form[spec.name].flags.required


SAMPLES = [
    (Draft, {
        "statement": "第一行\n第二行",
        "items": [{"record_id": 3, "field": "fine", "ground": "O1", "claim": "罚款为1000元"}],
    }),
    (Filing, {"statement": "", "source": "complaint", "on_behalf_of": "张三"}),
    (Findings, {
        "officer": "李四",
        "findings": [
            {"item_id": 1, "finding": "accurate", "reasons": "见案卷", "evidence": [4, 7]},
            {"item_id": 2, "finding": "wrong_correct", "value": "1000.00", "reasons": "见案卷"},
        ],
    }),
    (OwnError, {"items": [{"item_id": 1, "value": "1000.00", "proof": "原始决定书"}]}),
    (Extension, {"due_on": "2026-08-20", "reason": "需要鉴定"}),
    (AnotherRound, {"items": [1, 2], "reasons": "证据不足"}),
    (Change, {"kind": "correct", "fields": [{"field": "fine", "value": "1"}], "basis": "决定书"}),
    (Restoration, {"statement": "已更正", "places": ["信用惠州网站", "政府公报"]}),
    (Opening, {"record_id": 9, "basis": "录入错误"}),
]  # fmt: skip


@pytest.mark.parametrize(("takes", "said"), SAMPLES, ids=[t.__name__ for t, _ in SAMPLES])
def test_what_is_typed_means_what_a_program_says(form_of, takes, said):
    form = form_of(takes, sent_as(said))
    rules = rules_today()
    assert parse(takes, form.typed(), rules) == parse(takes, said, rules)


def test_blocks_in_which_nothing_was_typed_do_not_count(form_of):
    sent = sent_as({"items": [{"item_id": 1}, {"item_id": 2, "value": "甲", "proof": "乙"}]})
    form = form_of(OwnError, sent)
    assert form.typed() == {"items": [{"item_id": 2, "value": "甲", "proof": "乙"}]}


def test_a_fault_stands_at_the_field_of_the_block_where_it_was_typed(form_of):
    form = form_of(OwnError, sent_as({"items": [{"item_id": 1}, {"item_id": 2, "value": "甲"}]}))
    with pytest.raises(Invalid) as refused:
        parse(OwnError, form.typed(), rules_today())
    form.refuse(refused.value.faults)
    assert form["items"].entries[1].form.proof.errors == ["请填写“证明”。"]
    assert form.faults == [("items-1-proof", "第2项 · 证明", "请填写“证明”。")]


def test_a_fault_of_no_field_is_told_at_the_top(form_of):
    form = form_of(Restoration, [])
    form.refuse({"": "不完整", "nowhere": "没有这个字段。", "places": "请填写。"})
    assert form.faults == [
        ("", "", "不完整"),
        ("", "", "没有这个字段。"),
        ("places", "发布范围", "请填写。"),
    ]


@pytest.mark.parametrize(
    ("takes", "sent", "field"),
    [
        (Extension, {"due_on": "明天", "reason": "甲"}, "due_on"),
        (Extension, {"due_on": "2026-08-20"}, "reason"),
        (AnotherRound, {"items": "一", "reasons": "甲"}, "items.0"),
        (Opening, {"record_id": "9" * 30, "basis": "甲"}, "record_id"),
        (Restoration, {"statement": "甲" * 8001, "places": "乙"}, "statement"),
        (Change, {"kind": "whatever"}, "kind"),
    ],
)
def test_bad_input_is_found_by_the_same_check_as_that_of_programs(form_of, takes, sent, field):
    form = form_of(takes, list(sent.items()))
    with pytest.raises(Invalid) as refused:
        parse(takes, form.typed(), rules_today())
    assert list(refused.value.faults) == [field]
    form.refuse(refused.value.faults)
    assert [fault[0] for fault in form.faults] == [field.partition(".")[0]]


@pytest.mark.parametrize("name", ["items-²-value", "items--value", "items-9999999999-value"])
def test_blocks_with_strange_numbers_do_no_harm(form_of, name):
    assert isinstance(form_of(OwnError, [(name, "甲")]).typed(), dict)


def test_a_form_says_what_may_be_chosen(form_of):
    form = form_of(Findings)
    row = form["findings"].append_entry().form
    assert [choice.value for choice in row.finding.choices] == [
        "", "accurate", "wrong_correct", "wrong_revoke", "unverifiable", "not_ours",
    ]  # fmt: skip
    assert isinstance(form, StepForm)


def test_a_fault_of_a_whole_list_or_of_a_row_that_is_not_there_stands_at_the_list(form_of):
    form = form_of(AnotherRound)
    form.refuse({"items": "请选择异议事项。"})
    assert form["items"].errors == ["请选择异议事项。"]
    form = form_of(OwnError)
    form.refuse({"items": "请填写。", "items.7.value": "太长。", "nothing": "不对。"})
    assert form["items"].errors == ["请填写。", "太长。"]
    assert form.form_errors == ["不对。"]
