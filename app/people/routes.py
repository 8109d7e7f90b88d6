"""The pages of signing in and out."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.db import transaction
from app.people import commands, queries
from app.people.forms import SignInForm, SignOutForm
from app.people.recognition import let_in, let_out
from app.web.permissions import PUBLIC, permit

people = Blueprint("people", __name__)

WRONG: Final = "用户名或者密码不正确，或者账号已停用。"
"""One message for all: it tells nobody which accounts there are."""


@people.route("/login", methods=["GET", "POST"])
@permit(GET=PUBLIC, POST=PUBLIC)
def login() -> ResponseReturnValue:
    """The form; with the right name and password, on to where the person wanted to go."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("people/login.html", form=form), 422 if form.is_submitted() else 200
    username, password = str(form.username.data), str(form.password.data)
    if person := queries.person_with(username, password):
        return redirect(let_in(person, password))
    with transaction():
        commands.refuse_sign_in(username)
    form.refuse({"": WRONG})
    return render_template("people/login.html", form=form), 422


@people.route("/logout", methods=["GET", "POST"])
@permit(GET=PUBLIC, POST=PUBLIC)
def logout() -> ResponseReturnValue:
    """A page with a button; the button ends the session."""
    form = SignOutForm()
    if not form.validate_on_submit():
        return render_template("people/logout.html", form=form)
    let_out()
    flash("您已安全退出。")
    answer = redirect(url_for("people.login"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
