"""What people and programs are told when something goes wrong; the one place that says it."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.db import db, is_busy
from app.errors import Busy, Invalid, RedressError, StepRefused
from app.web.permissions import declared, is_api

log = logging.getLogger(__name__)

TITLES: Final = {
    400: "请求无法识别",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种操作",
    413: "提交的内容太大",
    415: "不支持这种内容格式",
    422: "填写的内容有误",
    429: "操作过于频繁",
    500: "系统出错了",
}
DETAILS: Final = {
    400: "请求不完整，或者页面停留过久已失效。请返回上一页，刷新后重新提交；刚才的操作没有生效。",
    401: "访问令牌缺失、无效或者已被撤回。",
    403: "您的账号没有办理这项业务的权限。如需办理，请联系本单位管理员。",
    404: "您要找的内容不存在，或者您无权查看。",
    405: "这个地址不支持这种操作。",
    415: "请按接口说明中的内容格式提交。",
    422: "请检查填写的内容。",
    429: "请稍候再试。",
    500: "系统已记录这个错误，您刚才的操作没有生效。请把下面的编号告诉管理员。",
}


def init_app(app: Flask) -> None:
    """Answer every error of the program and of Flask."""
    app.register_error_handler(RedressError, answer_our_own)
    app.register_error_handler(DBAPIError, answer_the_databases)
    app.register_error_handler(PoolTimeoutError, answer_the_databases)
    app.register_error_handler(HTTPException, answer_flasks)
    app.register_error_handler(InternalServerError, answer_a_bug)


def answer_our_own(error: RedressError) -> Response:
    """An error that a command or query raised on purpose."""
    db.session.rollback()
    more: dict[str, Any] = {}
    if isinstance(error, StepRefused):
        more["reasons"] = [
            {
                "code": reason.code,
                "text": reason.text,
                "basis": reason.basis,
                "holds_from": reason.holds_from and reason.holds_from.isoformat(),
            }
            for reason in error.reasons
        ]
    if isinstance(error, Invalid):
        more["errors"] = error.faults
    detail = error.detail or DETAILS.get(error.status, "")
    kind = _kind_of(error)
    return _answer(error.status, error.title, detail, kind=kind, **more)


def answer_the_databases(error: DBAPIError | PoolTimeoutError) -> Response:
    """What happened to somebody who only read: `transaction()` says by itself that it is busy."""
    if not is_busy(error):
        raise error
    log.warning("busy: %s", type(getattr(error, "orig", error)).__name__)
    return answer_our_own(Busy())


def answer_flasks(error: HTTPException) -> Response | HTTPException:
    """An error that Flask found; a redirect stays what it is."""
    if error.code is None or error.code < 400:
        return error
    title = TITLES.get(error.code, HTTPStatus(error.code).phrase)
    detail = _too_large() if error.code == 413 else DETAILS.get(error.code, "")
    answer = _answer(error.code, title, detail)
    for name, value in error.get_headers(None):
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers.add(name, value)
    return answer


def answer_a_bug(_: InternalServerError) -> Response:
    """Anything else: rolled back; Flask has logged it under the same reference."""
    db.session.rollback()
    return _answer(500, TITLES[500], DETAILS[500], reference=g.get("reference", ""))


def _too_large() -> str:
    """How much one may send, where the address takes anything at all."""
    most = request.max_content_length or 0
    size = f"{most >> 20}MB" if most >> 20 else f"{most >> 10}KB"
    view = current_app.view_functions.get(request.endpoint or "")
    way_out = (declared(view, "too_large") if view else "") or "请压缩附件或者精简文字后重试。"
    return f"一次提交不能超过{size}，刚才的内容没有保存。{way_out}"


def _came_from() -> str:
    """The page of ours from which somebody came; the first page where that is not known."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or not before.path.startswith("/"):
        return "/"
    return urlunsplit(("", "", "/" + before.path.lstrip("/"), before.query, ""))


def _kind_of(error: RedressError) -> str:
    name = "".join(f"-{c.lower()}" if c.isupper() else c for c in type(error).__name__)
    return f"urn:redress:problem:{name.removeprefix('-')}"


def _answer(status: int, title: str, detail: str, **more: Any) -> Response:
    kind = more.pop("kind", "about:blank")
    if is_api():
        answer = jsonify(type=kind, title=title, status=status, detail=detail, **more)
        answer.content_type = "application/problem+json"
    elif request.url_rule is None and status == 400:
        # The host is not ours: nothing on a page could point anywhere.
        answer = Response(f"{title}\n", content_type="text/plain; charset=utf-8")
    else:
        back = _came_from() if status == 413 else ""
        page = {"reasons": [], "errors": {}, "reference": "", "back": back, **more}
        answer = Response(
            render_template(
                "errors/error.html", status=status, heading=title, detail=detail, **page
            ),
            content_type="text/html; charset=utf-8",
        )
    answer.status_code = status
    return answer
