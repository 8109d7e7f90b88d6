"""Commands about cases: the clock, how due dates came about, and a year that moves them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import click
from flask.cli import AppGroup

from app import clock
from app.cases import checking, due
from app.cases.describing import described
from app.cases.drawing import drawn
from app.cases.explaining import explained
from app.cases.queries import case_for
from app.cases.rescheduling import Moved, moved_by, moved_under, reschedule
from app.cases.supposing import Otherwise, Sort, changes, open_cases
from app.clock import today
from app.db import transaction
from app.deadlines.arrangements import Arrangement, read
from app.deadlines.cli import calendars, deadlines
from app.deadlines.commands import keep_year
from app.deadlines.queries import calendar
from app.deadlines.rulebook import in_words
from app.errors import Invalid, NotFound
from app.people.actor import SYSTEM
from config import ROOT
from workflows import WORKFLOWS, versions
from workflows.rules import (
    Catalogue,
    Row,
    RuleFault,
    Rules,
    UnknownRule,
    catalogue,
    complete,
    differences,
)

SHOWN: Final = 50
"""Due dates that are listed one by one."""
TOLD_EVERY: Final = 1000
"""Cases after which it is said how far the look at them has come."""

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


@cases.command("what-if")
@click.argument("numbers", nargs=-1)
@click.option("--workflow", "version", type=int, help="流程定义的另一个版本，如 1。")
@click.option(
    "--rules",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="一份规则文件，如修改过的 workflows/rules/national.toml。",
)
def what_if(numbers: tuple[str, ...], version: int | None, file: Path | None) -> None:
    """列出改按另一版流程或者另一份规则时，在办案件（默认全部）会有什么不同；不作任何改动。

    会停滞的、没有对应的、变动到期日的、影响办理结果的，每处一行。
    """
    if (version is None) == (file is None):
        message = "请写明 --workflow 版本或者 --rules 文件，二者取一。"
        raise click.UsageError(message)
    if version is not None and version not in versions():
        message = f"流程定义没有第{version}版，只有：{'、'.join(map(str, versions()))}。"
        raise click.ClickException(message)
    for number in numbers:
        _must_be_open(number)
    rules = _in_force(partial(complete, file), today()) if file else None
    _tell_changes(numbers or open_cases(), Otherwise(version, rules))


def _tell_changes(numbers: Sequence[str], otherwise: Otherwise) -> None:
    found: Counter[Sort] = Counter()
    touched = 0
    for done, number in enumerate(numbers):
        if done and done % TOLD_EVERY == 0:
            click.echo(f"已看{done}件……", err=True)
        told = changes(number, otherwise)
        touched += bool(told)
        found.update(one.sort for one in told)
        for one in told:
            click.echo(f"{number} {one.sort.value}：{one.text}")
    counted = "".join(f"，{sort.value}{found[sort]}处" for sort in Sort)
    click.echo(f"共{len(numbers)}件，其中{touched}件会有不同{counted}。没有作任何改动。")


def _must_be_open(number: str) -> None:
    try:
        case = case_for(SYSTEM, number)
    except NotFound:
        message = f"没有案件{number}。"
        raise click.ClickException(message) from None
    if case.owner_role is None:
        message = f"案件{number}已经办结，不会再变动。"
        raise click.ClickException(message)


rules = AppGroup("rules", help="规则。")


@rules.command("compare")
@click.argument("before")
@click.argument("after")
def compare(before: str, after: str) -> None:
    """列出两份规则的不同，以及在办案件改用后者时会变动的到期日。

    BEFORE 和 AFTER 是规则集的名称，可以加日期：national@2026-03-31。
    """
    old, new = _named(before), _named(after)
    for one in differences(old, new):
        if one.only_source:
            click.echo(f"{one.name}：只有出处或者说明不同")
        else:
            click.echo(f"{one.name}：{_said(one.before)} → {_said(one.after)}")
    _tell(moved_by(new))


def _named(text: str) -> Rules:
    name, _, day = text.partition("@")
    try:
        on = date.fromisoformat(day) if day else today()
    except ValueError:
        message = f"{text}：日期请写成 2026-04-01。"
        raise click.ClickException(message) from None
    return _in_force(lambda: catalogue(name), on)


def _in_force(read: Callable[[], Catalogue], on: date) -> Rules:
    try:
        return read().on(on)
    except (RuleFault, UnknownRule) as error:
        raise click.ClickException(str(error)) from error


def _said(row: Row | None) -> str:
    return "、".join(in_words(row)) if row else "（没有）"


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


@calendars.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="不再询问，直接应用。")
def import_year(file: Path, *, yes: bool) -> None:
    """导入国务院公布的一年放假安排：先列出会变动的到期日，确认后应用；--yes 时边应用边列出。"""
    arrangement = _arrangement(file)
    year, then = arrangement.year.number, calendar().with_years([arrangement.year])
    click.echo(
        f"{year}年：放假{len(arrangement.year.off)}日，调休上班{len(arrangement.year.worked)}日"
    )
    click.echo(f"依据：{arrangement.source}")
    new = calendar().year(year) != arrangement.year
    if not yes and (_tell(moved_under(then, year)) or new):
        click.confirm("应用以上变动？", abort=True)
    if new:
        with transaction():
            keep_year(arrangement, SYSTEM)
    done = (_tell if yes else _count)(reschedule(then, year))
    if new or done:
        click.echo(f"已导入{year}年的放假安排，更新{done}项期限。")
    else:
        click.echo("这份安排已经导入过，没有要变动的。")


def _count(slices: Iterable[Sequence[Moved]]) -> int:
    """How many were written, said after each slice."""
    done = 0
    for part in slices:
        done += len(part)
        click.echo(f"已更新{done}项……", err=True)
    return done


def _arrangement(file: Path) -> Arrangement:
    try:
        return read(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        message = f"{file}：文件应为 UTF-8 编码的文字。"
    except Invalid as error:
        faults = "；".join(f"{name}：{why}" if name else why for name, why in error.faults.items())
        message = f"{file}：{faults}"
    raise click.ClickException(message)


def _tell(slices: Iterable[Sequence[Moved]]) -> int:
    """Print what would move, the first SHOWN of them, and how many only lose their doubt."""
    found: Counter[str] = Counter()
    for one in (one for part in slices for one in part):
        sort = "ended" if one.ended else "settled" if one.before == one.after else "moved"
        found[sort] += 1
        if sort == "moved" and found[sort] <= SHOWN:
            click.echo(f"{one.number} {one.clock}：{one.before} → {one.after}")
    if found["moved"] > SHOWN:
        click.echo(f"……另有{found['moved'] - SHOWN}项")
    told = [f"变动到期日{found['moved']}项"]
    if found["settled"]:
        told.append(f"到期日不变、不再是暂定的{found['settled']}项")
    if found["ended"]:
        told.append(f"已经结束的期限重算{found['ended']}项")
    click.echo("；".join(told) + "。")
    return found.total()


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
    kept = f"（共{len(versions())}个版本）" if len(versions()) > 1 else ""
    click.echo(f"{len(WORKFLOWS)}类案件的流程定义无误{kept}。")


@workflows.command("write", with_appcontext=False)
@click.option(
    "--to", default=Path("docs/workflows"), type=click.Path(path_type=Path), help="目录。"
)
def write(to: Path) -> None:
    """按流程定义重新生成 docs/workflows/ 下的说明和流程图。"""
    folder = ROOT / to
    folder.mkdir(parents=True, exist_ok=True)
    for kind in WORKFLOWS:
        for name, text in (
            (f"{kind}.md", described(kind)),
            (f"{kind}.svg", drawn(WORKFLOWS[kind])),
        ):
            (folder / name).write_text(text, encoding="utf-8")
            click.echo(to / name)
