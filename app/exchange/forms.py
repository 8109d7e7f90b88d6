"""The form with which a file is handed in."""

from __future__ import annotations

from typing import IO

from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField
from wtforms.validators import DataRequired

from app.errors import Invalid
from app.exchange import keeping
from app.web.forms import Form


class HandInForm(Form):
    """A file, and whether it is only a trial."""

    file = FileField(
        "文件",
        validators=[DataRequired("请选择要报送的文件。")],
        description=f"CSV、XLSX 或 XML，不超过 {keeping.LARGEST >> 20}MB（约 30 万行）",
        render_kw={"accept": ",".join(keeping.SUFFIXES)},
    )
    dry_run = BooleanField(
        "先试运行，不写入",
        description="只检查每一行会怎样处理，不改动任何记录；看过结果后，可以直接正式导入同一份文件。",
    )

    @property
    def upload(self) -> tuple[str, IO[bytes]]:
        """Name and content of the file; raises Invalid where none was chosen."""
        chosen: FileStorage | None = self.file.data or None
        if chosen is None or not chosen.filename:
            raise Invalid({"file": "请选择要报送的文件。"})
        return chosen.filename, chosen.stream
