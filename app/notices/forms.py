"""The forms by which anybody checks a notice."""

from __future__ import annotations

from werkzeug.datastructures import FileStorage
from wtforms import FileField, StringField

from app.errors import Invalid
from app.notices import codes, genuine
from app.notices.genuine import Verdict
from app.web.forms import Form


class VerifyForm(Form):
    """The code on a paper, or a file."""

    code = StringField(
        "核验码",
        description="印在文书末页二维码旁，例如 7K2M-QX0D-4RSE-9HBT；不分大小写，连字符可以省略。",
        render_kw={"autocomplete": "off", "maxlength": 40},
    )
    file = FileField(
        "或者上传文书的 PDF 文件",
        description=f"不超过 {genuine.LARGEST >> 20}MB。文件只用来比对，不会保存。",
        render_kw={"accept": ".pdf"},
    )

    def verdict(self) -> Verdict:
        """What was found; a file says more than a code. Raises Invalid where neither is given."""
        chosen: FileStorage | None = self.file.data or None
        if chosen is not None and chosen.filename:
            return genuine.of_file(chosen.stream.read(genuine.LARGEST + 1))
        text = (self.code.data or "").strip()
        if not text:
            raise Invalid({"code": "请输入核验码，或者选择要核验的 PDF 文件。"})
        if codes.read(text) is None:
            raise Invalid({"code": "核验码是 16 位字母和数字，请对照文书末页重新输入。"})
        return genuine.of_code(text)
