"""What programs are told of the service of notices."""

from app.cases.service.commands import conclude, set_out
from app.clock import today
from app.notices.queries import notices_of
from tests.app.cases.samples import pdf
from tests.app.cases.states import case_in
from workflows.inputs.service import Handing, Signed
from workflows.service import ServiceState


def told(answer, name):
    return next(one for one in answer["notices"] if one["type"] == name)


def test_a_notice_tells_how_it_was_served(city, program):
    number = case_in(city, "objection", "verifying")
    key = next(one.id for one in notices_of([number]) if one.name == "acceptance")
    asked = program("subject")
    nothing = {"state": None, "channel": None, "served_on": None, "read_at": None, "attempts": 0}
    assert told(asked.get(f"/cases/{number}"), "acceptance")["service"] == nothing
    clerk = city.actor["clerk"]
    attempt = set_out(clerk, key, "counter", Handing("信用办服务窗口"))
    found = told(asked.get(f"/cases/{number}"), "acceptance")["service"]
    assert (found["state"], found["channel"], found["attempts"]) == ("created", "counter", 1)
    signed, proof = Signed(today(), "本人"), ("回证.pdf", pdf())
    conclude(clerk, attempt, ServiceState.DELIVERED, signed, proof)
    found = asked.get(f"/notices/{key}")
    assert found["service"]["state"] == "delivered"
    assert found["service"]["served_on"] == found["served_on"] == today().isoformat()
    assert found["replaces"] is None
