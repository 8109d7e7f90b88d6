"""What the demonstration promises of the records of its subjects."""

from app.clock import today
from app.db import db
from app.people.queries import actor_of, person_by_username
from app.records.models import Switch
from app.records.queries import in_force, sanctions_on, switches, visible_to


def untouched(username):
    """Records of a subject with their sanctions in force, about which there has been no case."""
    person = person_by_username(username)
    assert person
    records = db.session.scalars(visible_to(actor_of(person.id))).all()
    ids = [record.id for record in records]
    shown, resting = switches(ids, today()), sanctions_on(ids)
    fine = in_force({one.id for several in resting.values() for one in several}, today())
    return [
        [fine[one.id] for one in resting[record_id]]
        for record_id in ids
        if shown[record_id][Switch.DISCLOSURE].on
        and shown[record_id][Switch.ANNOTATION].since is None
    ]
