"""Cases that are decided, and being carried out."""

from __future__ import annotations

from collections.abc import Iterator

from app.demo.accounts import FIRST_EXECUTOR, FIRST_PROVIDER
from app.demo.routine import (
    accurate,
    acknowledge,
    answer,
    approve,
    at_the_counter,
    correct,
    groundless,
    lift,
    resume,
    suspend,
    wrong,
)
from app.demo.town import Town


def correction_ordered(town: Town) -> Iterator[int]:
    """Upheld; the provider has to correct the record."""
    record = town.stock.take(FIRST_PROVIDER)
    right = "秦月明"
    statement = f"决定书载明的法定代表人为{right}，公示记录有误，请更正。"
    item = record.item("legal_person", "O8", f"法定代表人应为{right}")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    acknowledge(town, number)
    yield 1
    suspend(town, number)
    answer(town, number, {"legal_person": wrong(right, "决定书首页载明，录入有误，案卷第1页。")})
    yield 1
    reasons = "提供单位确认录入有误，异议成立，请于两个工作日内更正。"
    town.take(number, "uphold", "approver", reasons=reasons)


def correction_proposed(town: Town) -> Iterator[int]:
    """The provider's handler has proposed the correction, its approver has not approved it."""
    record = town.stock.take(FIRST_PROVIDER)
    right = "处罚款人民币3000元，限期改正"
    statement = "公示的处罚内容与决定书不一致，决定书为罚款三千元并限期改正，请更正。"
    items = (record.item("penalty", "O1", right), record.item("fine", "O1", "3000元"))
    number = at_the_counter(town, record, *items, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    acknowledge(town, number)
    yield 1
    suspend(town, number)
    reasons = "决定书第3页主文如异议人所述，录入有误。"
    answer(town, number, {"penalty": wrong(right, reasons), "fine": wrong("3000", reasons)})
    yield 2
    town.take(number, "uphold", "approver", reasons="以决定书主文为准，异议成立。")
    yield 1
    correct(town, number, "correct", "行政处罚决定书主文")


def being_lifted(town: Town) -> Iterator[int]:
    """Revoked; the clerk has to restore the name, one department has not yet lifted."""
    record = town.stock.take("", FIRST_EXECUTOR)
    statement = "同一违法行为被公示两次，文号不同但事实、日期、金额完全一致，属于重复公示。"
    item = record.item("record", "O6", "重复公示，请撤销其中一条")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    acknowledge(town, number)
    suspend(town, number)
    yield 2
    reasons = "两条记录对应同一案卷，后一条系系统切换时重复报送，报送日志可查。"
    answer(town, number, {"record": groundless(reasons)})
    yield 1
    town.take(number, "uphold", "approver", reasons="重复报送属实，撤销后一条记录。")
    yield 1
    correct(town, number, "revoke", "数据报送日志；异议处理结果告知书")
    approve(town, number)
    yield 1
    lift(town, number, but=FIRST_EXECUTOR)


def being_resumed(town: Town) -> Iterator[int]:
    """Referred from above and dismissed; one department has not yet resumed."""
    record = town.stock.take("", FIRST_EXECUTOR)
    statement = "省平台转办：该企业向省平台反映记录的公示截止期有误，请核实后反馈。"
    item = record.item("disclosed_until", "O3", "已经超过公示期限")
    filed = {"source": "referral", "on_behalf_of": "省公共信用信息平台", "statement": statement}
    number = town.file("clerk", item, **filed)
    town.take(number, "submit", "clerk")
    yield 1
    town.take(number, "accept", "clerk")
    acknowledge(town, number)
    yield 1
    suspend(town, number)
    answer(town, number, {"disclosed_until": accurate("公示截止期按处罚种类确定，计算表附后。")})
    yield 2
    town.take(number, "dismiss", "approver", reasons="公示期限计算无误，尚未届满，异议不成立。")
    yield 1
    resume(town, number, but=FIRST_EXECUTOR)


def own_error(town: Town) -> Iterator[int]:
    """The platform itself was wrong: the office corrects, its approver has not approved yet."""
    record = town.stock.take("惠州市生态环境局")
    right = "石清扬"
    statement = f"提供单位网站公示的法定代表人为{right}，只有信用平台显示不同，应为平台转换错误。"
    item = record.item("legal_person", "O8", f"应与提供单位一致，为{right}")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    (item_id,) = (one.id for one in town.items(number))
    original = town.attach(
        number, "clerk", "提供单位原始报送数据.png", f"法定代表人：{right}", "报送批次：示例批次。"
    )
    right_value = {"item_id": item_id, "value": right, "proof": str(original)}
    town.take(number, "correct_own_error", "clerk", items=[right_value])
    yield 1
    suspend(town, number)
    reasons = "原始报送数据正确，平台字段转换出错，由本中心自行更正。"
    town.take(number, "uphold", "approver", reasons=reasons)
    yield 1
    correct(town, number, "correct", "提供单位原始报送数据")


def being_told(town: Town) -> Iterator[int]:
    """Corrected this minute: the recipients have not confirmed yet."""
    record = town.stock.take("惠州市农业农村局")
    right = "顾南乔"
    statement = f"我单位法定代表人姓名在公示记录中写错，应为{right}，请更正。"
    item = record.item("legal_person", "O1", f"应为{right}")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    acknowledge(town, number)
    yield 1
    suspend(town, number)
    answer(town, number, {"legal_person": wrong(right, "营业执照复印件附卷第4页，录入笔误。")})
    yield 1
    town.take(number, "uphold", "approver", reasons="姓名录入笔误，异议成立。")
    yield 1
    correct(town, number, "correct", "案卷所附营业执照复印件")
    approve(town, number)
