"""What a program sends, read strictly: one meaning or none."""

from __future__ import annotations

import json
import re
from typing import Any, Final, cast

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from app.cases.commands import Once
from app.errors import Invalid
from app.people.actor import Actor
from app.web.permissions import current_actor

DEEPEST: Final = 20
LONGEST_KEY: Final = 200
LONGEST_ARGUMENT: Final = 300
NO_SUCH_FIELD: Final = "没有这个字段。"
MISSING: Final = "缺少这个字段。"


class Malformed(Invalid):
    """What was sent has no meaning at all, before anybody asks whether it is right."""

    status = 400
    title = "请求无法识别"


def asking() -> Actor:
    """Whose token it is; every view but the public one is asked by somebody."""
    return cast("Actor", current_actor())


def json_body() -> Any:
    """The body, whatever JSON it is.

    Raises 415 for another content type, 413 where it is too large, 400 for what is not JSON,
    names a field twice, is nested deeper than `DEEPEST` or has half characters.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        text = request.get_data(cache=False).decode()
        body = json.loads(text, object_pairs_hook=_named_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        message = "请求的内容不是JSON。"
        raise Malformed({"": message}) from None
    _check(body, ())
    return body


def no_body() -> None:
    """Raises Invalid where a request brings fields though it takes none."""
    if request.get_data() and json_body() != {}:
        raise Invalid({"": "这个操作不需要内容。"})


def arguments(*known: str) -> dict[str, str]:
    """The parameters of the address; raises 422 for an unknown one, 400 for one that repeats."""
    return _once_each(request.args, known)


def flag(given: dict[str, str], name: str) -> bool:
    """A parameter that is 1 or 0; absent is 0."""
    value = given.get(name, "0")
    if value not in {"0", "1"}:
        raise Invalid({name: "只能是1或者0。"})
    return value == "1"


def upload(*required: str, optional: tuple[str, ...] = ()) -> tuple[FileStorage, dict[str, str]]:
    """The file of a multipart request, and the texts that come with it, by name."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    files = request.files
    if "file" in request.form:
        raise Invalid({"file": "应为文件。"})
    said = _once_each(request.form, (*required, *optional))
    for name in files:
        if name != "file":
            raise Invalid({name: NO_SUCH_FIELD})
    if len(files.getlist("file")) > 1:
        raise Malformed({"file": "一次只能提交一个文件。"})
    missing = {name: MISSING for name in ("file", *required) if name not in {*files, *said}}
    if missing:
        raise Invalid(missing)
    return files["file"], said


def expected_version() -> int | None:
    """The version that `If-Match` names, bare or quoted; None where it is absent or `*`."""
    given = request.headers.get("If-Match", "*").strip()
    if given == "*":
        return None
    match = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', given)
    if match is None:
        raise Invalid({"If-Match": "应为案件的版本号。"})
    return int(match[1])


def once(asked: Any) -> Once | None:
    """The `Idempotency-Key` with what is asked under it; None without a key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Invalid({"Idempotency-Key": f"应为1至{LONGEST_KEY}个可见的ASCII字符。"})
    return Once(key, asked)


def _once_each(given: MultiDict[str, str], known: tuple[str, ...]) -> dict[str, str]:
    for name, values in given.lists():
        if name not in known:
            raise Invalid({name: NO_SUCH_FIELD})
        if len(values) > 1:
            raise Malformed({name: "这个字段出现了不止一次。"})
        if len(values[0]) > LONGEST_ARGUMENT:
            raise Invalid({name: f"不能超过{LONGEST_ARGUMENT}个字。"})
    return given.to_dict()


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Malformed({_shown(name): "这个字段出现了不止一次。"})
        found[name] = value
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _check(value: Any, path: tuple[str, ...]) -> None:
    """Depth, and that every text can be written down."""
    if len(path) > DEEPEST:
        raise Malformed({".".join(path[:3]): f"嵌套不能超过{DEEPEST}层。"})
    if isinstance(value, dict):
        for name, inner in value.items():
            _check(name, (*path, _shown(name)))
            _check(inner, (*path, _shown(name)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check(inner, (*path, str(index)))
    elif isinstance(value, str) and _shown(value) != value:
        raise Malformed({".".join(path): "含有不完整的字符。"})


def _shown(text: str) -> str:
    return text.encode(errors="replace").decode()
