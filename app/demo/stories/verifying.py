"""Cases that are with the providers, or were until now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from app.demo.accounts import FIRST_PROVIDER
from app.demo.routine import (
    accurate,
    acknowledge,
    answer,
    at_the_counter,
    decline,
    report,
    suspend,
    wrong,
)
from app.demo.stories import topics
from app.demo.town import Town
from workflows.findings import Finding
from workflows.grammar import Role


def just_accepted(town: Town) -> Iterator[int]:
    """`person` contests a record; provider and departments have not answered yet."""
    record = town.person
    statement = (
        "本人于处罚作出前已将经营场所转让他人，并办理了注销登记，处罚决定书载明的违法行为发生时"
        "本人已不是经营者。请核实当事人身份并撤销该记录，恢复本人信用。"
    )
    item = record.item("record", "O1", "违法行为不是本人所为，请撤销")
    number = town.file("person", item, statement=statement)
    town.attach(
        number, "person", "店铺转让协议.png", "转让方将店铺及设备一并转让，自签订之日起生效。"
    )
    town.take(number, "submit", "person")
    yield 1
    town.take(number, "accept", "clerk")


def silent(town: Town) -> Iterator[int]:
    """Provider and department let their time pass; clock and supervisor urge them."""
    record = town.stock.take("惠州市应急管理局")
    statement = (
        "我公司已按期完成安全生产培训并报备，处罚决定认定未培训与备案情况不符，"
        "请核对培训备案系统中的记录。"
    )
    item = record.item("facts", "O1", "已按规定培训并备案")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    yield 6
    for one in town.children(number, "verification", "issued"):
        note = "核实函已逾期，请务必于两日内反馈，否则将在全市信用工作通报中通报。"
        town.take(one, "urge", "supervisor", note=note)


def more_time(town: Town) -> Iterator[int]:
    """The provider was granted more time; one department may not suspend by statute."""
    record = town.stock.take("惠州市农业农村局", mandatory=True)
    statement = (
        "涉案种子由上游供货商提供，我公司已取得检验合格证明，抽检批次与我公司销售批次不同，"
        "请核对抽样单编号。"
    )
    item = record.item("facts", "O1", "抽检批次不是我公司销售的批次")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    yield 1
    decline(
        town,
        number,
        "该措施依据《中华人民共和国政府采购法》第二十二条、第七十七条执行，属于法定资格限制，"
        "异议期间停止执行没有法律依据。",
    )
    suspend(town, number)
    acknowledge(town, number)
    for one in town.children(number, "verification", "verifying"):
        handler, approver = town.owner(one), town.colleague(one, Role.PROVIDER_APPROVER)
        town.take(one, "ask_for_time", handler, reason="抽样单原件存省级检验机构，需函调。")
        town.take(one, "grant_time", approver)


def reported(town: Town) -> Iterator[int]:
    """The provider's approver has the findings before it."""
    record = town.stock.take(FIRST_PROVIDER)
    right = "江一鸣"
    statement = (
        f"处罚决定作出时我公司法定代表人为{right}，公示记录仍为前任{record.says('legal_person')}；"
        "且罚款已于决定书送达后第三日缴清，记录未作注明。"
    )
    items = (
        record.item("legal_person", "O8", f"法定代表人应为{right}"),
        record.item("note", "O2", "应注明罚款已缴清"),
    )
    number = at_the_counter(town, record, *items, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    acknowledge(town, number)
    yield 1
    suspend(town, number)
    reasons = "核对登记档案，决定作出前一周已变更法定代表人，登记通知书存档案第1页。"
    paid = "罚款缴款书回单附卷第21页，确已缴清，记录遗漏。"
    answers = {"legal_person": wrong(right, reasons), "note": wrong("罚款已缴清", paid)}
    report(town, number, answers)


def redirected(town: Town) -> Iterator[int]:
    """The provider disowns the record: another one is asked."""
    record = town.stock.take("惠州市住房和城乡建设局")
    statement = "该项目的施工许可及处罚均由区级部门办理，我公司未收到过市级部门的处罚文书。"
    item = record.item("authority", "O8", "处罚机关登记有误")
    number = at_the_counter(town, record, item, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    acknowledge(town, number)
    yield 1
    suspend(town, number)
    reasons = "经查本局处罚台账无此文号，该事项不属本局职责，应由下列单位核实。"
    theirs = next(one for one in ("惠州市交通运输局", "惠州市应急管理局") if one != record.provider)
    disowned = {"finding": Finding.NOT_OURS.value, "unit": theirs, "reasons": reasons}
    answer(town, number, {"authority": disowned})
    yield 1
    (item_id,) = (one.id for one in town.items(number))
    town.take(number, "redirect", "clerk", item_id=item_id, unit=theirs)


def appraised(town: Town) -> Iterator[int]:
    """A complaint: the provider has something appraised, and the clocks stand still."""
    record = town.stock.take("惠州市生态环境局")
    statement = (
        f"投诉人反映：认定该公司“{record.says('violation')}”所依据的现场勘验位置有误，"
        "实际位于相邻厂区，该公司因此被误列，影响周边配套企业。"
    )
    item = record.item("facts", "O1", "勘验位置有误，违法事实与该公司无关")
    filed = {"source": "complaint", "on_behalf_of": "刘先生（投诉人）", "statement": statement}
    number = town.file("clerk", item, **filed)
    town.take(number, "submit", "clerk")
    yield 1
    town.take(number, "accept", "clerk")
    acknowledge(town, number)
    yield 1
    suspend(town, number)
    for one in town.children(number, "verification", "verifying"):
        approver = town.colleague(one, Role.PROVIDER_APPROVER)
        reasons = "需对现场位置和边界进行测绘鉴定，已委托鉴定机构。"
        document = "委鉴〔示例〕7号鉴定委托书"
        town.take(
            one, "stop_clock", approver, ground="appraisal", document=document, reasons=reasons
        )


def second_round(town: Town) -> Iterator[int]:
    """The office was not convinced and asks once more."""
    record = town.stock.take("惠州市卫生健康局")
    statement = "处罚决定书所称场所不是我单位的经营场所，门牌号不一致，请实地核查。"
    number = at_the_counter(
        town, record, record.item("facts", "O1", "违法事实发生地不是我单位"), statement=statement
    )
    yield 1
    town.take(number, "accept", "clerk")
    yield 1
    acknowledge(town, number)
    suspend(town, number)
    answer(town, number, {"facts": accurate("经核对处罚决定书，记录与决定书一致。")})
    yield 1
    reasons = "反馈函只核对了文书，没有回应异议人提出的地址不一致问题，请补充现场核查材料。"
    ids = [one.id for one in town.items(number)]
    town.take(number, "return_for_verification", "approver", items=ids, reasons=reasons)
    yield 1
    acknowledge(town, number)


def to_be_decided(town: Town) -> Iterator[int]:
    """Two providers have answered, one record is wrong: the office has to decide."""
    first, second = town.stock.take_two()
    right = "白若溪"
    statement = (
        f"一、{first.says('decision_no')}记录的法定代表人不是我单位人员，应为{right}。"
        f"二、{second.says('decision_no')}所载处罚内容与我单位收到的决定书不一致。"
    )
    items = (
        first.item("legal_person", "O1", f"法定代表人应为{right}"),
        second.item("penalty", "O8", "处罚内容应以送达的决定书为准"),
    )
    number = at_the_counter(town, first, *items, statement=statement)
    yield 1
    town.take(number, "accept", "clerk")
    yield 1
    acknowledge(town, number)
    suspend(town, number)
    yield 1
    wrong_name = "比对登记档案，法定代表人录入错误，见核查记录第1页。"
    same = "公示内容与决定书第3页逐字一致，决定书存本局档案室，可预约查阅。"
    answer(town, number, {"legal_person": wrong(right, wrong_name), "penalty": accurate(same)})


def to_be_endorsed(seed: str, provider: str, department: str) -> Callable[[Town], Iterator[int]]:
    """A provider's handler has reported; its approver has not looked at it yet."""

    def begin(town: Town) -> Iterator[int]:
        rng = Random(seed)  # noqa: S311 -- the same city each time
        topic = rng.choice(topics.RIGHT)
        number, said = _contested(town, rng, topic, provider, department)
        yield 1
        town.take(number, "accept", "clerk-2")
        acknowledge(town, number)
        yield 1
        suspend(town, number)
        reasons = topics.told(topic.found, said, rng)
        report(town, number, {topic.field: accurate(reasons)})

    return begin


def newly_accepted(seed: str, provider: str, department: str) -> Callable[[Town], Iterator[int]]:
    """A provider is asked, and the departments have been ordered to suspend."""

    def begin(town: Town) -> Iterator[int]:
        rng = Random(seed)  # noqa: S311 -- the same city each time
        topic = rng.choice(topics.WRONG)
        number, _ = _contested(town, rng, topic, provider, department)
        yield rng.choice((1, 2))
        town.take(number, "accept", "clerk-3")

    return begin


def _contested(
    town: Town, rng: Random, topic: topics.Topic, provider: str, department: str
) -> tuple[str, dict[str, str]]:
    """Filed at the counter; its number, and what texts are filled in with."""
    record = town.stock.take(provider, department)
    said = topics.words(record, rng)
    item = record.item(topic.field, topic.ground, topic.claim.format_map(said))
    statement = topics.told(topic.statements, said, rng)
    return at_the_counter(town, record, item, statement=statement), said
