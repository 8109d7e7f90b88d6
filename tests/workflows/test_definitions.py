"""What every definition must satisfy, whatever kind it is."""

import pytest

from config import ROOT
from tests.workflows.said import NATIONAL
from workflows import WORKFLOWS
from workflows.grammar import Party, Role, State, Workflow, entries

ADVERSE = {
    ("objection", "refusal"),
    ("objection", "upheld"),
    ("objection", "dismissed"),
    ("suspension", "declined"),
    ("repair", "not_accepted"),
    ("repair", "refused"),
    ("repair", "revoked"),
}
OUT_OF_REST = {"reopen", "reopen_acceptance", "propose_revocation", "restore_repair"}
# Its due date is that of the cases that hold the sanction.
WITHOUT_A_CLOCK = {("suspension", "suspended")}

each_kind = pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)


def moves(workflow: Workflow, state: State) -> set[str]:
    """The states to which steps lead from here."""
    return {
        step.to.name for step in workflow.steps if step.to is not None and state in step.sources
    }


def reached(workflow: Workflow, *start: str) -> set[str]:
    """Every state to which a way leads from these."""
    found, new = set(start), set(start)
    while new:
        new = {to for name in new for to in moves(workflow, workflow.state(name))} - found
        found |= new
    return found


@each_kind
def test_names_are_used_once(workflow):
    for things in (workflow.states, workflow.steps, workflow.clocks):
        names = [one.name for one in things]
        assert len(names) == len(set(names))


@each_kind
def test_every_step_leads_from_and_to_states_of_its_kind(workflow):
    for step in workflow.steps:
        assert set(step.sources) <= set(workflow.states), step.name
        assert step.to is None or step.to in workflow.states, step.name
        assert step.sources or step.to, step.name


@each_kind
def test_every_state_is_reached_and_every_way_ends(workflow):
    openings = {step.to.name for step in workflow.steps if not step.sources and step.to}
    assert reached(workflow, *openings) == {state.name for state in workflow.states}
    ends = {state.name for state in workflow.states if not state.waiting}
    for state in workflow.states:
        assert reached(workflow, state.name) & ends, state.name


@each_kind
def test_every_waiting_state_has_an_owner_and_a_clock(workflow):
    for state in workflow.states:
        assert bool(state.owner) == state.waiting, state.name
        without = (workflow.kind, state.name) in WITHOUT_A_CLOCK or not state.waiting
        assert bool(state.deadline) != without, state.name


@each_kind
def test_a_way_leads_on_when_the_clock_of_a_state_passes(workflow):
    for state in workflow.states:
        by_clock = {
            step.name for step in workflow.steps if state in step.sources and _by_clock(step)
        }
        assert not state.waiting or by_clock, state.name


def _by_clock(step):
    roles = step.by if isinstance(step.by, tuple) else (step.by,)
    return Role.SYSTEM in roles and step.name not in {"served", "restart_clock"}


@each_kind
def test_nothing_moves_out_of_a_final_state_and_only_named_steps_out_of_rest(workflow):
    for state in workflow.states:
        if state.final:
            assert not moves(workflow, state), state.name
        if state.rest:
            names = {step.name for step in workflow.steps if step.to and state in step.sources}
            assert names <= OUT_OF_REST
            assert names


@each_kind
def test_every_clock_of_a_state_runs_there_and_has_a_length(workflow):
    clocks = {clock.name: clock for clock in workflow.clocks}
    for state in workflow.states:
        for name in state.deadline:
            assert state in clocks[name].runs_in, (state.name, name)
    names = {step.name for step in workflow.steps}
    for clock in workflow.clocks:
        assert NATIONAL.length(clock.name).value > 0
        ended_or_extended = {*clock.ends, *(clock.extended_by or ())[:1]}
        assert set(clock.starts) | ended_or_extended <= names, clock.name
        for step in (workflow.step(name) for name in clock.starts):
            ends_in = step.to or step.sources[0]
            assert ends_in in clock.runs_in, (clock.name, step.name)


@each_kind
def test_a_decision_has_a_notice_and_four_eyes(workflow):
    for step in workflow.steps:
        if step.decides:
            assert step.notices, step.name
            assert "another_person_handled_it" in {one.code for one in step.guards}, step.name


@each_kind
def test_only_what_burdens_somebody_names_remedies_and_it_always_does(workflow):
    found = {(workflow.kind, n.name) for step in workflow.steps for n in step.notices if n.adverse}
    assert found == {one for one in ADVERSE if one[0] == workflow.kind}
    for step in workflow.steps:
        for notice in step.notices:
            assert not notice.adverse or (
                step.decides and notice.to in {Party.FILER, Party.SUBJECT}
            )


@each_kind
def test_every_notice_has_a_series_a_basis_and_a_template(workflow):
    for step in workflow.steps:
        for notice in step.notices:
            assert NATIONAL.text(f"series.{workflow.kind}.{notice.name}")
            assert NATIONAL.texts(f"basis.{workflow.kind}.{notice.name}")
            template = f"templates/notices/{workflow.kind}/{notice.name}.html"
            assert (ROOT / template).is_file(), template


@each_kind
def test_everything_has_a_chinese_title(workflow):
    said = [workflow.title, *(one.title for one in (*workflow.states, *workflow.steps))]
    said += [n.title for step in workflow.steps for n in step.notices]
    said += [entry.title for step in workflow.steps for _, entry in entries(step.takes)]
    assert all(any("一" <= sign <= "鿿" for sign in text) for text in said)


@each_kind
def test_what_states_share_is_there_in_every_kind(workflow):
    names = {step.name for step in workflow.steps}
    everywhere = {"note_review", "note_review_ended", "served"}
    assert {"urge", "stop_clock", "restart_clock"} | everywhere <= names
    for name in everywhere:
        assert set(workflow.step(name).sources) == set(workflow.states)
    for name in ("urge", "stop_clock"):
        assert all(state.waiting for state in workflow.step(name).sources)


def test_each_kind_has_its_own_prefix():
    assert [one.prefix for one in WORKFLOWS.values()] == ["YY", "HS", "ZT", "GZ", "XF"]
