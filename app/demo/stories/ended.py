"""Cases that have come to their end, in each of the ways there are."""

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
    endorse,
    groundless,
    lift,
    report,
    restore,
    resume,
    suspend,
    wrong,
)
from app.demo.stories.serving import received
from app.demo.town import Town
from workflows.grammar import Role


def mistaken_identity(town: Town) -> Iterator[int]:
    """Another company was meant: found out, revoked, lifted, and told to everybody."""
    record = town.stock.take(FIRST_PROVIDER, FIRST_EXECUTOR)
    statement = (
        f"我公司从未收到{record.says('authority')}作出的{record.says('decision_no')}处罚决定书，"
        "也从未因该事项接受过调查。经到该局查询，被处罚的是与我公司字号相近的另一家企业，"
        "其统一社会信用代码与我公司不同。该记录公示后，我公司已两次被取消投标资格，恳请尽快撤销。"
    )
    claim = "被处罚人不是我公司，请撤销该条记录"
    number = at_the_counter(town, record, record.item("record", "O1", claim), statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    yield 1
    acknowledge(town, number)
    suspend(town, number)
    yield 2
    reasons = (
        "经调阅案卷，送达回证、询问笔录上的当事人为另一企业，系录入时误选字号相近的主体。"
        "案卷第5页、第12页，存本局档案室。"
    )
    report(town, number, {"record": groundless(reasons)})
    yield 1
    endorse(town, number)
    yield 1
    reasons = "提供单位核实确认记录主体有误，异议成立，由提供单位撤销该记录并告知各使用单位。"
    town.take(number, "uphold", "approver", reasons=reasons)
    yield 1
    correct(town, number, "revoke", "处罚案卷送达回证；异议核实结果反馈函")
    approve(town, number)
    yield 1
    lift(town, number)
    yield 2
    restore(
        town,
        number,
        f"此前公示的{record.says('decision_no')}记录误将{record.name}列为被处罚人，现已撤销。"
        "该公司并无相应违法行为，特此澄清，消除影响。",
    )


def dismissed(town: Town) -> Iterator[int]:
    """The record of `subject` proves right; what was suspended is executed again."""
    record = town.subject[1]
    statement = (
        f"我公司对{record.says('decision_no')}认定的“{record.says('violation')}”有异议。"
        "检查当日涉案场所已经出租，由承租方经营，违法行为不是我公司所为，请予核实。"
    )
    item = record.item("violation", "O1", "检查当日由承租方经营，不是我公司的违法行为")
    number = town.file("subject", item, statement=statement)
    lines = (f"出租方：{record.name}", "承租方：（示例）商贸部", "租赁期限一年，自交付之日起算。")
    town.attach(number, "subject", "场地租赁合同.pdf", *lines)
    town.take(number, "submit", "subject")
    yield 1
    town.take(number, "accept", "clerk")
    yield 1
    suspend(town, number)
    acknowledge(town, number)
    yield 1
    reasons = "现场检查笔录、询问笔录均由当事人负责人签字确认为其自行经营，案卷第8至15页可查阅。"
    answer(town, number, {"violation": accurate(reasons)})
    yield 2
    reasons = (
        "提供单位提交的检查笔录、询问笔录形成完整证据链；异议人提交的租赁合同起租日在检查日之后，"
        "不足以推翻原记录。"
    )
    town.take(number, "dismiss", "approver", reasons=reasons)
    yield 1
    town.read(number, "subject")
    resume(town, number)


def not_accepted(town: Town) -> Iterator[int]:
    """What `subject` asks for is no matter of records: it learns where to turn."""
    record = town.subject[1]
    statement = "罚款数额明显过高，与同类企业相比处罚过重，请求减轻处罚并停止公示。"
    item = record.item("penalty", "O9", "处罚过重，请求减轻")
    number = town.file("subject", item, statement=statement)
    town.take(number, "submit", "subject")
    yield 2
    town.take(
        number,
        "refuse",
        "approver",
        reason_code="not_contestable",
        reason="所提事项是对行政处罚决定本身的裁量不服，不属于信用信息异议的范围。",
        right_body="惠州市人民政府（行政复议）或者有管辖权的人民法院（行政诉讼）",
    )
    yield 1
    town.read(number, "subject")


def given_up(town: Town) -> Iterator[int]:
    """The company finds the decision in its own files and withdraws at the counter."""
    record = town.stock.take("惠州市农业农村局")
    statement = "我公司财务人员称未缴纳过该笔罚款，怀疑记录有误，请核实是否确有此处罚。"
    item = record.item("record", "O1", "没有该项处罚，请核实")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    yield 1
    suspend(town, number)
    acknowledge(town, number)
    yield 1
    wish = (
        f"经内部核对，{record.says('decision_no')}处罚决定书已由前任经理签收并缴款，申请撤回异议。"
    )
    town.attach(number, "clerk", "撤回异议申请书.pdf", wish, proves="withdrawal")
    town.take(number, "withdraw", "clerk", reason="异议人自行核对后确认记录属实，书面申请撤回。")
    yield 1
    resume(town, number)


def lapsed(town: Town) -> Iterator[int]:
    """The neighbour never sends what is missing: the clock ends its objection."""
    record = town.neighbour
    statement = "该记录与我单位无关，请删除。"
    number = town.file("subject-2", record.item("record", "O1", "请删除"), statement=statement)
    town.take(number, "submit", "subject-2")
    yield 1
    gaps = ["写明认为记录有误的具体事实和理由", "提交能够证明记录与本单位无关的材料"]
    town.take(number, "request_supplement", "clerk", gaps=gaps)
    received(town, number, "supplement")


def carried_out(town: Town) -> Iterator[int]:
    """The provider does not correct in time: the office does it in its place."""
    record = town.stock.take("惠州市交通运输局")
    right = "钟立群"
    statement = (
        f"公示记录将我单位法定代表人登记为{record.says('legal_person')}，处罚决定书载明的是{right}。"
        "银行据此认为我单位隐瞒法定代表人变更，暂停了授信。"
    )
    item = record.item("legal_person", "O8", f"法定代表人应为{right}")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    yield 1
    suspend(town, number)
    acknowledge(town, number)
    yield 1
    reasons = f"处罚决定书正文及送达回证载明的法定代表人为{right}，数据录入有误，见案卷第2页。"
    answer(town, number, {"legal_person": wrong(right, reasons)})
    yield 1
    reasons = "决定书与公示记录不一致，以决定书为准，异议成立。"
    town.take(number, "uphold", "approver", reasons=reasons)
    yield 4
    for one in town.children(number, "correction", "ordered"):
        reasons = "提供单位逾期未更正，经两次催办仍未办理，依处理结果由本中心代为更正并予督办。"
        town.take(one, "carry_out", "approver", reasons=reasons)
    yield 1
    resume(town, number)
    restore(
        town,
        number,
        f"{record.name}相关公示记录的法定代表人已更正为{right}，原登记有误，特此说明。",
    )


def annulled(town: Town) -> Iterator[int]:
    """A court annulled the act: the provider withdraws the publication and says why."""
    record = town.stock.take("惠州市卫生健康局")
    basis = "惠州市惠城区人民法院（示例）行初字第18号行政判决书：撤销该行政处罚决定"
    handler = town.of_provider(record, Role.PROVIDER_HANDLER)
    number = town.open_correction(handler, record, basis)
    town.attach(number, handler, "行政判决书.pdf", "判决如下：撤销被诉行政处罚决定。")
    yield 1
    town.take(
        number,
        "withdraw_publication",
        town.of_provider(record, Role.PROVIDER_APPROVER),
        document="（示例）行初字第18号行政判决书",
        reasons=f"{record.says('decision_no')}行政处罚决定因主要证据不足被人民法院判决撤销，"
        "现撤回公示并向社会说明理由。",
    )
    yield 1
    lift(town, number)
    town.take(
        number,
        "restore",
        "clerk",
        statement=f"涉及{record.name}的处罚决定已被判决撤销，原公示信息已撤回，特此公告。",
        places=["信用惠州网站", f"{record.provider}网站"],
    )


def never_answered(town: Town) -> Iterator[int]:
    """The provider stays silent to the last day: what cannot be verified is no longer shown."""
    record = town.stock.take("惠州市人力资源和社会保障局")
    statement = (
        "该记录所称事项早在处罚前已经整改完毕并经复查合格，处罚机关曾口头告知不再公示，"
        "但至今仍可查询，影响我单位申报项目。"
    )
    item = record.item("record", "O7", "依法不应公示，请终止公示")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    yield 2
    suspend(town, number)
    yield 3
    town.take(
        number,
        "extend",
        "approver",
        due_on=town.working_day_after(12).isoformat(),
        reason="提供单位机构调整，原始案卷正在移交，需延长核实时间。",
    )
    yield 11
    reasons = "提供单位逾期未能提供任何核实依据，依规定按无法核实处理，终止公示。"
    town.take(number, "uphold", "approver", reasons=reasons)
    yield 1
    correct(town, number, "end_disclosure", "异议处理结果告知书")
    approve(town, number)
    yield 1
    lift(town, number)
    restore(town, number, f"关于{record.name}的一条记录因无法核实已终止公示，特此说明。")
