"""A year's arrangement as it might be announced; the real one of 2027 is not out."""

OF_2027 = """\
year = 2027
source = "关于2027年部分节假日安排的通知（示例）"

[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-04

[[holiday]]
name = "春节"
from = 2027-02-05
to = 2027-02-11
worked = [2027-02-14, 2027-02-20]

[[holiday]]
name = "清明节"
from = 2027-04-03
to = 2027-04-05

[[holiday]]
name = "劳动节"
from = 2027-05-01
to = 2027-05-05
worked = [2027-05-08]

[[holiday]]
name = "端午节"
from = 2027-06-09
to = 2027-06-09

[[holiday]]
name = "中秋节"
from = 2027-09-15
to = 2027-09-15

[[holiday]]
name = "国庆节"
from = 2027-10-01
to = 2027-10-07
worked = [2027-09-26, 2027-10-09]
"""
