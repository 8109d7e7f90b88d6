"""Commands about cases: the clock, and how due dates came about."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import AppGroup

from app import clock
from app.cases import checking, due
from app.cases.describing import described
from app.cases.explaining import explained
from app.deadlines.cli import deadlines
from app.errors import NotFound
from config import ROOT
from workflows import WORKFLOWS

cases = AppGroup("cases", help="案件。")


@cases.command("tick")
@click.option(
    "--now",
    "moment",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]),
    help="以此时刻为现在（北京时间），如2026-12-01或2026-12-01T09:00:00。",
)
def tick(moment: datetime | None) -> None:
    """办理到期的系统步骤，以及由此引起的步骤；再次执行不会重复办理。"""
    if moment is None:
        taken = due.tick()
    else:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
        with clock.at(aware):
            taken = due.tick()
    for step, number in sorted(taken.items()):
        click.echo(f"{step} {number}")
    click.echo(f"共办理{taken.total()}步。")


@deadlines.command("explain")
@click.argument("number")
def explain(number: str) -> None:
    """逐日说明案件各期限的由来。"""
    try:
        lines = explained(number)
    except NotFound as error:
        raise click.ClickException(error.detail) from None
    for line in lines:
        click.echo(line)


workflows = AppGroup("workflows", help="案件办理流程的定义。")


@workflows.command("check")
def check() -> None:
    """证明流程定义无误：每个状态都有人负责、有期限、有出路，每项决定都有文书和复核；有误时逐条列出。"""
    found = checking.everything()
    for fault in found:
        click.echo(fault)
    if found:
        message = f"流程定义有{len(found)}处错误。"
        raise click.ClickException(message)
    click.echo(f"{len(WORKFLOWS)}类案件的流程定义无误。")


@workflows.command("write", with_appcontext=False)
def write() -> None:
    """按流程定义重新生成 docs/workflows/ 下的说明。"""
    folder = ROOT / "docs" / "workflows"
    folder.mkdir(parents=True, exist_ok=True)
    for kind in WORKFLOWS:
        page = folder / f"{kind}.md"
        page.write_text(described(kind), encoding="utf-8")
        click.echo(page.relative_to(ROOT))
