"""How a notice may be served, and what stands in the way."""

from dataclasses import replace
from typing import Any

import pytest

from workflows.service import (
    ANNOUNCEMENT,
    CHANNELS,
    COUNTER,
    LEAVING,
    PORTAL,
    POST,
    TITLES,
    UNDER_WAY,
    Occasion,
    ServiceState,
    unmet,
)

FRESH = Occasion()


def codes(channel, occasion):
    return [one.code for one in unmet(channel, occasion)]


@pytest.mark.parametrize("channel", [COUNTER, POST])
def test_a_notice_may_be_handed_over_or_sent_at_once(channel):
    assert codes(channel, FRESH) == []


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("served", "not_served_yet"),
        ("public", "somebody_is_addressed"),
        ("under_way", "nothing_is_under_way"),
    ],
)
def test_nothing_is_served_twice_or_to_nobody_or_while_it_is_under_way(channel, what, code):
    so: dict[str, Any] = {what: True}
    assert code in codes(channel, replace(FRESH, **so))
    assert code not in codes(channel, FRESH)


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=lambda one: one.name)
def test_what_is_not_in_force_is_not_served(channel):
    assert "it_is_in_force" in codes(channel, replace(FRESH, valid=False))


def test_electronic_service_needs_consent():
    assert codes(PORTAL, FRESH) == ["the_addressee_consented"]
    assert codes(PORTAL, replace(FRESH, consented=True)) == []


def test_a_notice_is_left_only_where_its_addressee_refused_to_sign():
    assert codes(LEAVING, replace(FRESH, came_back=True)) == ["it_was_refused"]
    assert codes(LEAVING, replace(FRESH, refused=True)) == []


def test_a_public_notice_is_the_last_resort():
    assert codes(ANNOUNCEMENT, replace(FRESH, ground="impossible")) == ["nothing_else_worked"]
    assert codes(ANNOUNCEMENT, replace(FRESH, ground="impossible", came_back=True)) == []
    assert codes(ANNOUNCEMENT, replace(FRESH, ground="unknown")) == []


def test_all_that_stands_in_the_way_is_told_at_once():
    occasion = Occasion(served=True, valid=False, public=True, under_way=True)
    assert len(unmet(PORTAL, occasion)) == 5


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=lambda one: one.name)
def test_each_channel_names_its_law_and_every_state_has_a_title(channel):
    assert channel.source.citation
    assert all(one.basis.citation for one in channel.guards)
    reached = {one for ends in channel.becomes.values() for one in ends} | {channel.first}
    assert reached <= TITLES.keys() == set(ServiceState)


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=lambda one: one.name)
def test_an_attempt_that_is_under_way_can_end_and_one_that_ended_cannot_change(channel):
    assert set(channel.becomes) == {channel.first} & UNDER_WAY
    assert not {one for ends in channel.becomes.values() for one in ends} & UNDER_WAY
