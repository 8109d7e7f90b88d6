"""The texts on which guards rest, each with whether its wording was seen."""

from workflows.grammar import Source

TRIGGERS = Source(
    "《天门市实施方案》（十五）、《昆明市方案》第19条：发现、投诉、异议三种情形的核实与处理"
)
TWO_LISTS = Source("《天门市实施方案》（十三）：强制性措施与推荐性措施两张清单")
SUPERVISION = Source("《天门市实施方案》（十六）：跟踪、监测、统计、评估、督办")
GANSU_21 = Source("甘政发〔2016〕83号第21条：通知提供单位核实并同时暂停惩戒")
SHANGHAI_36 = Source("《上海市社会信用条例》第三十六条")
ZHEJIANG_30 = Source("《浙江省公共信用信息管理条例》第三十条、第三十一条")
HENAN_41 = Source("《河南省社会信用条例》第四十一条")
SHENZHEN_48 = Source("《深圳经济特区社会信用条例》第四十八条至第五十一条")
SHENZHEN_43 = Source("《深圳经济特区社会信用条例》第四十三条")
TAIZHOU_13 = Source("《台州市公共信用信息办法》第十三条", verified=False)
CREDIT_25 = Source("《征信业管理条例》第二十五条")
PENALTY_48 = Source("《行政处罚法》第四十八条")
PENALTY_59 = Source("《行政处罚法》第五十九条（决定书应载明的内容，参照）")
LICENCE_32 = Source("《行政许可法》第三十二条（一次告知补正，参照）")
REVIEW = Source("《行政复议法》《行政诉讼法》：复议决定、判决撤销原处理的应当重新处理")
COMPENSATION_35 = Source("《国家赔偿法》第三十五条；《天门市实施方案》（十五）：恢复信誉、消除影响")
SERVICE = Source("《民事诉讼法》第八十七条至第九十五条（送达，参照）")
MEASURES_36 = Source(
    "《信用修复管理办法》（国家发展改革委令第36号）关于异议处理的规定", verified=False
)
OWN_RULE = Source("本系统办案规则（信用办自定）")
