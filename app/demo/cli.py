"""The command that loads the demonstration city."""

from __future__ import annotations

import sys

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.db import db
from app.demo.commands import load
from app.demo.queries import Standing
from app.people.models import Unit
from config import current

demo = AppGroup("demo", help="示范城市。")

REFUSALS = {
    Standing.LOADED: "示范城市已经装载，没有作任何改动。",
    Standing.OTHER: "数据库中已有单位、账号或者案件，不装载示范城市，没有作任何改动。",
}


@demo.command("load")
def load_city() -> None:
    """把示范城市装入空的数据库：单位、账号、记录、措施和各个环节的案件。"""
    if not current().demo:
        click.echo("只有演示环境（DEMO=1）才能装载示范城市：演示账号的密码是公开的。", err=True)
        sys.exit(1)
    if not sa.inspect(db.engine).has_table(Unit.__tablename__):
        click.echo("数据库中还没有表，请先执行：flask --app wsgi db upgrade", err=True)
        sys.exit(1)
    found = load(click.echo)
    click.echo(REFUSALS.get(found, "示范城市装载完毕。"))
