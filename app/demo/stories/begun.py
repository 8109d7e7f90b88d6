"""Cases that the office has not accepted yet."""

from __future__ import annotations

from collections.abc import Iterator

from app.demo.routine import at_the_counter
from app.demo.town import Town
from workflows.grammar import Role


def drafted(town: Town) -> Iterator[int]:
    """The agent writes for `subject`, which still has to read and submit it."""
    record = town.subject[1]
    statement = (
        "该记录对应的罚款已缴清、违法行为已整改，整改报告已报处罚机关。"
        "公示记录未注明履行情况，请补充。（代理人起草，待公司确认）"
    )
    item = record.item("note", "O2", "补充注明：罚款已缴清，已完成整改")
    number = town.file("agent", item, statement=statement)
    lines = (
        f"缴款人：{record.name}",
        f"决定书文号：{record.says('decision_no')}",
        "缴款状态：成功",
    )
    town.attach(number, "agent", "非税收入缴款回单.png", *lines)
    yield 1


def noted_down(town: Town) -> Iterator[int]:
    """`person` has begun to write, and still looks for the receipt."""
    record = town.person
    statement = "罚款是通过手机银行缴纳的，回单找到后补充上传，请先保存。"
    item = record.item("note", "O2", "补充注明：罚款已缴清")
    town.file("person", item, statement=statement)
    yield 1


def supplementing(town: Town) -> Iterator[int]:
    """`subject` was asked for what is missing."""
    record = town.subject[1]
    statement = (
        f"{record.says('decision_no')}的公示页面曾完整显示我公司法定代表人的身份证号码，"
        "属于敏感个人信息，与公示目的无关，请核实并隐去。"
    )
    item = record.item("legal_person_id", "O5", "隐去法定代表人的身份证号码")
    number = town.file("subject", item, statement=statement)
    town.take(number, "submit", "subject")
    yield 1
    gaps = [
        "写明在哪个网站、哪一天看到完整的证件号码",
        "提交带有日期的页面截图",
        "提交加盖公章的异议申请书",
    ]
    town.take(number, "request_supplement", "clerk", gaps=gaps)
    town.read(number, "subject")


def submitted(town: Town) -> Iterator[int]:
    """The neighbour tries again, with proof; the clerk has not looked yet."""
    record = town.neighbour
    statement = (
        "补充说明：记录所称违法行为发生时，我单位该经营点已经停业并退租，"
        "附退租协议和物业出具的证明，请核实后撤销。"
    )
    item = record.item("facts", "O1", "违法行为发生时我单位已停业退租")
    number = town.file("subject-2", item, statement=statement)
    town.attach(number, "subject-2", "退租协议.pdf", "双方同意提前解除租赁合同，承租方已搬离。")
    town.attach(number, "subject-2", "物业证明.png", "兹证明该商铺自去年底起空置。")
    town.take(number, "submit", "subject-2")
    yield 1


def found_by_the_provider(town: Town) -> Iterator[int]:
    """A provider has found an error of its own."""
    record = town.stock.take("惠州市住房和城乡建设局")
    statement = (
        "本局数据质量自查发现，该记录处罚依据引用的条款序号录入有误，提请按异议程序核实更正。"
    )
    item = record.item("basis", "O1", "处罚依据应为《建设工程质量管理条例》第六十四条")
    said = {"source": "own_finding", "statement": statement}
    handler = town.of_provider(record, Role.PROVIDER_HANDLER)
    number = town.file(handler, item, **said)
    town.take(number, "submit", handler)
    yield 1


def at_the_window(town: Town) -> Iterator[int]:
    """Taken down at the counter, and still to be submitted."""
    record = town.stock.take("惠州市交通运输局")
    statement = "车辆已于处罚前出售并过户，违法超限运输的不是我公司车辆。过户凭证下次带来。"
    item = record.item("facts", "O1", "涉案车辆已不属于我公司")
    at_the_counter(town, record, item, statement=statement, submit=False)
    yield 1
