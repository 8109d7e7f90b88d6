"""What everyday objections are about: texts in several wordings, filled in from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from app.demo.choosing import Chosen

SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹苏潘葛范彭"
GIVEN: Final = (
    *("思远", "嘉宁", "文博", "雨桐", "立群", "海燕", "志诚", "晓彤", "建明", "春华", "景行"),
    *("若兰", "永年", "佩瑶", "启航", "静波", "延平", "丽莎", "少峰", "维国", "子衿", "秋实"),
)


@dataclass(frozen=True)
class Topic:
    """A way in which a record may be contested; of each text one wording is chosen.

    `removes`: where it is right, the record goes instead of being corrected. `right`: what the
    record should say; empty where it goes, or is right as it is.
    """

    field: str
    ground: str
    claim: str
    statements: tuple[str, ...]
    found: tuple[str, ...]
    decided: tuple[str, ...]
    right: str = ""
    removes: bool = False

    @property
    def wrong(self) -> bool:
        """Whether the record turns out to be wrong."""
        return bool(self.right) or self.removes


def words(record: Chosen, rng: Random) -> dict[str, str]:
    """What the texts are filled in with."""
    fine = rng.randrange(2, 60) * 1000
    return {
        "name": record.name,
        "no": record.says("decision_no"),
        "authority": record.says("authority"),
        "violation": record.says("violation"),
        "penalty": record.says("penalty"),
        "basis": record.says("basis"),
        "legal_person": record.says("legal_person"),
        "person": a_name(rng),
        "fine": str(fine),
        "page": str(rng.randrange(2, 48)),
        "day": str(rng.randrange(2, 28)),
    }


def a_name(rng: Random) -> str:
    """A person who does not exist."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def told(wordings: tuple[str, ...], said: Mapping[str, str], rng: Random) -> str:
    """One of the wordings, filled in."""
    return rng.choice(wordings).format_map(said)


CONFIRMED: Final = (
    "提供单位核实确认记录有误，异议成立，请于两个工作日内更正。",
    "经核实，异议人所述属实，异议成立，由提供单位更正并告知各使用单位。",
    "核实结果与异议人提交的材料一致，予以更正。",
)
UNFOUNDED: Final = (
    "提供单位的核实结论有案卷材料支持，异议人未提交足以推翻的证据，异议不成立。",
    "经核实，公示内容与处罚决定书一致，异议不成立。对处罚决定本身不服的，可另行复议或者诉讼。",
    "异议人提交的材料与案件事实没有直接关联，原记录予以维持。",
)

WRONG: Final = (
    Topic(
        "legal_person",
        "O8",
        "法定代表人应为{person}",
        (
            "处罚决定书载明的法定代表人为{person}，公示记录仍为{legal_person}，请更正。",
            "我公司法定代表人早已变更为{person}，决定书也是这样写的，合作方据此质疑我公司造假。",
            "公示页面把法定代表人写成了{legal_person}，此人已离职，现任及决定书所列均为{person}。",
        ),
        (
            "决定书首页载明为{person}，录入时误用旧档案，见案卷第{page}页。",
            "核对登记档案和送达回证，法定代表人确为{person}，系录入笔误。",
        ),
        CONFIRMED,
        right="{person}",
    ),
    Topic(
        "penalty",
        "O1",
        "处罚内容应为罚款人民币{fine}元",
        (
            "{no}决定书主文为罚款{fine}元，公示的处罚内容与决定书不一致，请按决定书更正。",
            "公示的处罚内容多写了一项，决定书只处罚款{fine}元，附决定书复印件。",
        ),
        (
            "决定书第{page}页主文如异议人所述，录入有误。",
            "经比对案卷，公示内容与主文不符，应更正。",
        ),
        CONFIRMED,
        right="处罚款人民币{fine}元",
    ),
    Topic(
        "note",
        "O2",
        "补充注明：罚款已缴清",
        (
            "罚款已于决定书送达后第{day}日缴清，公示记录没有注明履行情况，银行认为我公司仍欠缴。",
            "我公司已全部履行{no}处罚决定，附缴款回单，请在记录中注明。",
        ),
        (
            "非税收入系统显示已缴清，缴款书附卷第{page}页，记录遗漏。",
            "核对缴款回单，确已履行完毕。",
        ),
        CONFIRMED,
        right="罚款已缴清，已履行完毕",
    ),
    Topic(
        "basis",
        "O1",
        "处罚依据的条款引用有误",
        (
            "决定书引用的条款与公示的“{basis}”不同，公示多出的款项与我公司行为无关，请更正。",
            "公示的处罚依据与{no}决定书不一致，请核对决定书原文。",
        ),
        ("决定书引用至款，报送时误录为条，见案卷第{page}页。",),
        CONFIRMED,
        right="{basis}第一款",
    ),
    Topic(
        "violation",
        "O8",
        "违法行为类型与决定书不一致",
        (
            "决定书认定的是情节轻微的{violation}，公示记录没有写明情节，容易让人误解。",
            "公示的违法行为类型与决定书表述不一致，请以决定书为准。",
        ),
        ("决定书载明“情节轻微”，报送字段截断所致，见案卷第{page}页。",),
        CONFIRMED,
        right="{violation}（情节轻微）",
    ),
    Topic(
        "record",
        "O1",
        "被处罚人不是我公司，请撤销该条记录",
        (
            "我公司从未收到{authority}的{no}处罚决定书，查询后发现被处罚的是字号相近的另一家企业。",
            "{no}的当事人与我公司只差一个字，统一社会信用代码不同，系张冠李戴，请撤销。",
        ),
        ("送达回证、询问笔录上的当事人为另一企业，录入时误选主体，案卷第{page}页。",),
        ("记录主体有误，异议成立，由提供单位撤销该记录并告知各使用单位。",),
        removes=True,
    ),
    Topic(
        "record",
        "O6",
        "重复公示，请撤销其中一条",
        (
            "同一违法行为被公示了两次，事实、日期、金额完全一致，请撤销重复的一条。",
            "{no}与另一条公示记录是同一案件，系统里出现两条，影响我公司招投标评分。",
        ),
        ("两条记录对应同一案卷，后一条系系统切换时重复报送，报送日志可查。",),
        ("重复报送属实，撤销后一条记录。",),
        removes=True,
    ),
)

RIGHT: Final = (
    Topic(
        "violation",
        "O1",
        "检查当日由承租方经营，不是我公司的违法行为",
        (
            "检查当日涉案场所已经出租，由承租方经营，“{violation}”不是我公司所为。",
            "我公司对{no}认定的“{violation}”有异议，当时该场所由合作方使用。",
        ),
        (
            "现场检查笔录由当事人负责人签字确认为其自行经营，案卷第{page}页可查阅。",
            "询问笔录中当事人自认该行为，决定书认定无误。",
        ),
        UNFOUNDED,
    ),
    Topic(
        "facts",
        "O1",
        "违法事实与实际情况不符",
        (
            "我公司在检查前已自行整改完毕，记录中的违法事实与实际不符，请核实。",
            "记录所称事实发生时我公司已停产检修，附停产通知，请重新核实。",
        ),
        (
            "整改发生在立案之后，不影响违法事实的认定，时间线见案卷第{page}页。",
            "现场照片和监测记录显示当日仍在生产经营，停产通知的日期在检查之后。",
        ),
        UNFOUNDED,
    ),
    Topic(
        "disclosed_until",
        "O3",
        "已经超过公示期限",
        (
            "按公示期限计算，该记录应当已经到期，请停止公示。",
            "我公司认为公示截止期计算有误，至少多算了三个月。",
        ),
        ("公示截止期按处罚种类和决定日期确定，计算表附后。",),
        ("公示期限计算无误，尚未届满，异议不成立；符合条件的可以申请信用修复。",),
    ),
    Topic(
        "record",
        "O7",
        "依法不应公示，请终止公示",
        (
            "该处罚金额不大，我公司认为不属于应当公示的范围，请终止公示。",
            "处罚机关曾口头告知不再公示，但至今仍可查询，影响我单位申报项目。",
        ),
        ("该处罚适用一般程序作出，属于应当公示的范围，没有不予公示的决定。",),
        UNFOUNDED,
    ),
    Topic(
        "legal_person",
        "O1",
        "法定代表人应为{person}",
        ("我公司现任法定代表人为{person}，请将公示的{legal_person}更正。",),
        ("处罚决定作出时的法定代表人为{legal_person}，变更发生在其后，记录无误。",),
        ("记录反映处罚决定作出时的情况，此后的变更不构成记录错误，异议不成立。",),
    ),
)

REFUSED: Final = (
    (
        "not_contestable",
        "罚款数额明显过高，与同类企业相比处罚过重，请求减轻处罚并停止公示。",
        "所提事项是对行政处罚决定本身的裁量不服，不属于信用信息异议的范围。",
        "惠州市人民政府（行政复议）或者有管辖权的人民法院（行政诉讼）",
    ),
    (
        "other_body",
        "第三方网站转载了该处罚信息，搜索引擎首页都能看到，请一并删除。",
        "第三方网站的转载不在本中心公示范围内，应当向网站运营者提出。",
        "该网站的运营者；运营者拒绝的，可以向网信部门举报",
    ),
    (
        "under_review",
        "我公司已就该处罚提起行政诉讼，请先行撤下公示。",
        "同一事项正在诉讼中，是否停止执行由人民法院决定，判决生效后依判决办理。",
        "受理该案的人民法院",
    ),
)
"""Reason code, what was asked, why it is not accepted, and who is the right body."""

GAPS: Final = (
    ("提交加盖公章的异议申请书", "提交能够证明所述事实的材料"),
    ("写明认为记录有误的具体内容和理由",),
    ("提交经办人的授权委托书和身份证明", "提交处罚决定书复印件"),
    ("提交缴款凭证原件扫描件（现有照片无法辨认）",),
)
SUPPLIED: Final = (
    "已补充加盖公章的申请书和证明材料，请继续办理。",
    "补充决定书复印件及经办人授权委托书。",
    "已重新扫描，字迹清晰，原件可随时核对。",
)
PAPERS: Final = (
    ("行政处罚决定书复印件.pdf", "决定书文号：{no}", "当事人：{name}", "处罚内容：{penalty}"),
    ("情况说明.pdf", "{name}就{no}有关情况说明如下，所述属实，愿意承担相应责任。"),
    ("营业执照副本.png", "名称：{name}", "经核对，与登记信息一致。"),
    ("缴款回单.png", "缴款人：{name}", "决定书文号：{no}", "缴款状态：成功"),
)
COMPLAINANTS: Final = ("刘先生（投诉人）", "何女士（投诉人）", "某建材商户（投诉人）")
SLOW_REASONS: Final = (
    "案卷已移送档案室，调阅需要时间。",
    "承办人员外出办案，需待其返回后核对笔录原件。",
    "抽样单原件存检验机构，需函调。",
)
LATE_REASONS: Final = (
    "案情涉及两个科室，需会商后确定处理意见。",
    "提供单位补充材料较晚，需延长办理时间。",
)
UNCONVINCED: Final = (
    "反馈函只核对了文书，没有回应异议人提出的具体问题，请补充核查。",
    "核实结论与所附材料不一致，请说明理由并补充证据。",
)
