"""What people type to sign in."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from app.web.forms import Form


class SignInForm(Form):
    """Name and password of an account."""

    username = StringField(
        "用户名",
        validators=[InputRequired("请填写用户名。")],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        "密码",
        validators=[InputRequired("请填写密码。")],
        render_kw={"autocomplete": "current-password"},
    )


class SignOutForm(Form):
    """Nothing but the button."""
