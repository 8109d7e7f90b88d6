"""The texts on which guards rest, each with whether its wording was seen.

What another city's regulation says serves as a model (参照) until the profile of a city names its
own; the cities' plans that demand a thing all repeat 国发〔2016〕33号.
"""

from workflows.grammar import Source

TRIGGERS = Source(
    "国发〔2016〕33号：发现、投诉、异议应当核实，核实期间不执行联合惩戒措施", verified=False
)
TWO_LISTS = Source("国发〔2016〕33号：强制性措施与推荐性措施两张清单", verified=False)
SUPERVISION = Source("国发〔2016〕33号：跟踪、监测、统计、评估、督办", verified=False)
SUSPENSION = Source("国发〔2016〕33号：通知提供单位核实并同时暂停惩戒", verified=False)
SHANGHAI_36 = Source("参照《上海市社会信用条例》第三十六条")
ZHEJIANG_30 = Source("参照《浙江省公共信用信息管理条例》第三十条、第三十一条")
HENAN_41 = Source("参照《河南省社会信用条例》第四十一条")
SHENZHEN_48 = Source("参照《深圳经济特区社会信用条例》第四十八条至第五十一条")
SHENZHEN_43 = Source("参照《深圳经济特区社会信用条例》第四十三条")
REPAIR_ORDER_2 = Source("《信用修复管理办法》（国家发展改革委令第36号）第二条")
REPAIR_ORDER_3 = Source("《信用修复管理办法》（国家发展改革委令第36号）第三条")
REPAIR_PERIODS = Source("《关于进一步完善信用修复制度的实施方案》（国办发〔2025〕22号）第二项")
REPAIR_CONDITIONS = Source("《信用修复管理办法》（国家发展改革委令第36号）规定的修复条件")
REPAIR_MATERIALS = Source("《关于进一步完善信用修复制度的实施方案》（国办发〔2025〕22号）")
REPAIR_INTEGRITY = Source(
    "《信用修复管理办法》（国家发展改革委令第36号）关于虚假材料、违背承诺的规定", verified=False
)
WHO_DETERMINES_REPAIRS = Source("谁认定、谁修复：《信用修复管理办法》（国家发展改革委令第36号）")
CREDIT_25 = Source("参照《征信业管理条例》第二十五条")
CIVIL_PROCEDURE = Source("参照《民事诉讼法》第八十七条至第九十五条")
PENALTY_48 = Source("《行政处罚法》第四十八条")
REVIEW = Source("《行政复议法》《行政诉讼法》：原处理被撤销的应当重新处理")
COMPENSATION_35 = Source("《国家赔偿法》第三十五条（消除影响、恢复名誉，参照）")
OWN_RULE = Source("本系统办案规则（信用办自定）")
