"""Every address says who may call it, method by method."""

import pytest

from app.web.permissions import OPEN_ENDPOINTS, declared, permission_of

ANSWERED_FOR_US = {"HEAD", "OPTIONS"}


@pytest.fixture
def rules(app):
    with app.app_context():
        yield list(app.url_map.iter_rules())


def test_every_route_declares_its_permission(rules):
    assert {"/healthz", "/login"} <= {rule.rule for rule in rules}
    assert not [
        f"{method} {rule.rule}"
        for rule in rules
        for method in (rule.methods or set()) - ANSWERED_FOR_US
        if permission_of(rule.endpoint, method) is None
    ]


def test_only_files_that_come_with_the_program_are_open_without_saying_so(rules):
    for rule in rules:
        if rule.endpoint in OPEN_ENDPOINTS:
            assert rule.rule.endswith("<path:filename>")


def test_no_permission_is_declared_for_a_method_that_is_not_answered(app, rules):
    answered: dict[str, set[str]] = {}
    for rule in rules:
        answered.setdefault(rule.endpoint, set()).update(rule.methods or set())
    for endpoint, methods in answered.items():
        permissions = declared(app.view_functions[endpoint], "permissions") or {}
        assert permissions.keys() <= methods, endpoint


def test_a_view_that_declares_nothing_is_found(app, rules):
    assert permission_of("people.login", "DELETE") is None
