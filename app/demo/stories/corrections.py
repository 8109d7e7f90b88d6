"""Corrections that no objection asked for: a provider's own error, or an act that is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from app.demo.choosing import Chosen
from app.demo.routine import lift
from app.demo.stories import topics
from app.demo.town import Town
from workflows.grammar import Role

Beginning = Callable[[Town], Iterator[int]]

OWN_ERRORS: Final = (
    ("legal_person", "{person}", "数据质量自查：法定代表人与决定书不一致"),
    ("violation", "{violation}（情节轻微）", "数据质量自查：违法行为类型录入不完整"),
    ("note", "罚款已缴清", "数据质量自查：履行情况漏报"),
    ("basis", "{basis}第一款", "数据质量自查：处罚依据漏录款项"),
)
JUDGEMENTS: Final = (
    ("行政判决书", "（示例）行初字第{page}号行政判决书", "主要证据不足被人民法院判决撤销"),
    ("行政复议决定书", "（示例）府行复第{page}号行政复议决定书", "程序违法被复议机关撤销"),
)


def own_error(seed: str, provider: str = "") -> Beginning:
    """A provider puts right what it had sent in wrongly."""

    def begin(town: Town) -> Iterator[int]:
        rng = Random(seed)  # noqa: S311 -- the same city each time
        record = town.stock.take(provider)
        said = topics.words(record, rng)
        field, value, basis = rng.choice(OWN_ERRORS)
        number = _opened(town, record, basis)
        yield rng.choice((0, 1, 1))
        right = {"field": field, "value": value.format_map(said)}
        town.take(number, "correct", kind="correct", fields=[right], basis=basis)
        yield rng.choice((0, 1, 1))
        town.take(number, "approve")
        yield 1
        _made_known(town, number, record, "现已更正，特此说明。", rng)

    return begin


def annulled(seed: str, provider: str = "") -> Beginning:
    """A court or a review body annulled the act: the provider withdraws the publication."""

    def begin(town: Town) -> Iterator[int]:
        rng = Random(seed)  # noqa: S311 -- the same city each time
        record = town.stock.take(provider)
        number = _withdrawn(town, record, rng)
        yield 1
        lift(town, number)
        _made_known(town, number, record, "原处罚决定已被撤销，公示信息已撤回，特此公告。", rng)

    return begin


def overtaken(town: Town) -> Iterator[int]:
    """While a provider still looks for the right words, a court annuls the whole act."""
    rng = Random("overtaken")  # noqa: S311 -- the same city each time
    record = town.stock.take()
    _opened(town, record, "数据质量自查：处罚内容表述不完整，待核对案卷")
    yield 1
    number = _withdrawn(town, record, rng)
    yield 1
    lift(town, number)
    yield 1
    _made_known(town, number, record, "原处罚决定已被撤销，公示信息已撤回，特此公告。", rng)


def _opened(town: Town, record: Chosen, basis: str) -> str:
    handler = town.of_provider(record, Role.PROVIDER_HANDLER)
    return town.open_correction(handler, record, basis, annulled=False)


def _withdrawn(town: Town, record: Chosen, rng: Random) -> str:
    said = topics.words(record, rng)
    title, document, why = rng.choice(JUDGEMENTS)
    document = document.format_map(said)
    handler = town.of_provider(record, Role.PROVIDER_HANDLER)
    number = town.open_correction(handler, record, f"{document}：撤销该行政处罚决定")
    town.attach(number, handler, f"{title}.pdf", "决定如下：撤销被诉行政处罚决定。")
    approver = town.of_provider(record, Role.PROVIDER_APPROVER)
    reasons = f"{said['no']}行政处罚决定因{why}，现撤回公示并向社会说明理由。"
    town.take(number, "withdraw_publication", approver, document=document, reasons=reasons)
    return number


def _made_known(town: Town, number: str, record: Chosen, what: str, rng: Random) -> None:
    """Told to everybody who read the wrong record, where it did harm."""
    if town.state(number) == "restoring":
        places = ["信用惠州网站", f"{record.provider}网站"]
        clerk = rng.choice(("clerk-2", "clerk-3"))
        told = f"关于{record.name}的公示记录（{record.says('decision_no')}），{what}"
        town.take(number, "restore", clerk, statement=told, places=places)
