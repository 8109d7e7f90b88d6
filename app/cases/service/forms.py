"""The forms of service, derived from what a channel takes, and those of the register."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import FileStorage
from wtforms import FileField, StringField, TextAreaField

from app.cases.choices import Choices
from app.cases.forms import Expected, StepForm, step_form
from app.records.queries import rules_today
from app.web.forms import Form


class ServiceForm(StepForm):
    """What is entered about an attempt, and the file that proves it."""

    proof = FileField(
        "证明文件",
        description="签收的送达回证、邮件回执、照片或者公告的影印件；PDF、JPG或者PNG，不超过20MB",
    )

    @property
    def upload(self) -> FileStorage | None:
        """The file; None where none was chosen."""
        chosen: FileStorage | None = self.proof.data or None
        return chosen if chosen is not None and chosen.filename else None

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Show faults at their fields, that of the file at the file."""
        super().refuse({path: text for path, text in faults.items() if path != "proof"})
        if "proof" in faults:
            self.proof.errors = [*self.proof.errors, faults["proof"]]

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """All that is wrong, with the file last."""
        label = str(self.proof.label.text)
        return super().faults + [(self.proof.id, label, str(one)) for one in self.proof.errors]


def service_form(takes: type, *, sent: bool) -> ServiceForm:
    """The form for what a channel takes, empty or with what was sent."""
    built = step_form(takes, Choices(rules_today()), base=ServiceForm)
    form: ServiceForm = built() if sent else built(formdata=None)
    return form


class ConsentForm(Form):
    """By what somebody agreed to be served here."""

    document = StringField(
        "同意的方式", validators=[Expected()], description="例如：当面签署的电子送达确认书"
    )


class VoidForm(Form):
    """Why a number says nothing."""

    reason = TextAreaField("作废的原因", validators=[Expected()], render_kw={"rows": 3})


class ReplacementForm(Form):
    """What a notice said, what it says now, and why."""

    before = TextAreaField("原文书的内容", validators=[Expected()], render_kw={"rows": 3})
    after = TextAreaField("更正后的内容", validators=[Expected()], render_kw={"rows": 3})
    reason = TextAreaField("更正的原因", validators=[Expected()], render_kw={"rows": 3})
