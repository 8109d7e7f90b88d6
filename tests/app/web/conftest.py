"""A few views that show what all views get."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, abort, request
from flask.views import MethodView

from app.db import db
from app.errors import Conflict, Invalid, Reason, StepRefused
from app.people.models import Person
from app.web.permissions import PUBLIC, SIGNED_IN, accepts_upload, permit, roles
from tests.conftest import new_app
from workflows.grammar import Role

views = Blueprint("tried", __name__)
api = Blueprint("tried_api", __name__, url_prefix="/api/v1/tried")

REASONS = [
    Reason("in_time", "提出的期限已过。", "《办法》第一条"),
    Reason("complete", "材料不齐。", ""),
]
ERRORS = {
    "refused": StepRefused(REASONS),
    "invalid": Invalid({"name": "请填写名称。"}),
    "conflict": Conflict(),
}


class Things(MethodView):
    """A view that is a class."""

    def get(self) -> str:
        return "things"

    def post(self) -> str:
        return "made"


def undeclared() -> str:
    """It says nothing of who may call it."""
    return "secret"


@permit(GET=SIGNED_IN, POST=SIGNED_IN)
def mine() -> str:
    return "mine"


@permit(GET=SIGNED_IN)
def half_declared() -> str:
    """It answers POST, and says of GET alone who may call it."""
    return "half"


@permit(GET=roles(Role.OFFICE_CLERK, Role.OFFICE_APPROVER))
def office_only() -> str:
    return "office"


@permit(GET=PUBLIC)
def fail(kind: str) -> str:
    """Raise what is asked for."""
    if kind == "bug":
        db.session.add(Person(username="left", name="behind", password_hash=""))
        db.session.flush()
        message = "身份证 441300199001011234"
        raise RuntimeError(message)
    if kind == "gone":
        lose_the_database()
    if kind.isdigit():
        abort(int(kind))
    raise ERRORS[kind]


def lose_the_database() -> None:
    """Its process ends; what is a file, another has locked."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return
    db.session.execute(sa.text("PRAGMA busy_timeout = 0"))
    with db.engine.connect().execution_options(write=True) as other, other.begin():
        db.session.execute(sa.update(Person).values(name="behind"))


@permit(GET=PUBLIC)
def read() -> str:
    """Answer; the process of the database that was asked ends meanwhile."""
    pid = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
    with db.engine.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    return "read"


@permit(POST=PUBLIC)
def form() -> str:
    return ",".join(sorted(request.form))


@accepts_upload(400 * 1024)
@permit(POST=PUBLIC)
def upload() -> str:
    return str(len(request.files))


@permit(GET=PUBLIC)
def number(number: int) -> str:
    return str(number)


for blueprint in (views, api):
    add = blueprint.add_url_rule
    add("/undeclared", view_func=undeclared)
    add("/mine", view_func=mine, methods=["GET", "POST"])
    add("/half", view_func=half_declared, methods=["GET", "POST"])
    add("/office", view_func=office_only)
    add("/fail/<kind>", view_func=fail)
    add("/read", view_func=read)
    add("/form", view_func=form, methods=["POST"])
    add("/upload", view_func=upload, methods=["POST"])
    add("/number/<int:number>", view_func=number)
    add("/things", view_func=permit(GET=PUBLIC)(Things).as_view("things"))


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that has them, in place of the one that most tests share."""
    with new_app(tmp_path_factory.mktemp("web")) as app:
        app.register_blueprint(views)
        app.register_blueprint(api)
        yield app
