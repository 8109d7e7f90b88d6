"""Requests of one person that come together keep one whole chain."""

from concurrent.futures import ThreadPoolExecutor

from app.audit import queries
from app.audit.chain import verify_chain
from app.audit.commands import Action, record
from app.db import transaction
from app.people.actor import Actor


def test_a_chain_stays_whole_when_many_write_at_once(make_app):
    app = make_app()

    def work(number: int) -> None:
        with app.app_context():
            for _ in range(10):
                with transaction():
                    record(Action.EXPORTED, Actor(1 + number % 2, ""), f"case:{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with app.app_context():
        links = list(queries.links())
        assert [link.seq for link in links] == [*range(1, 21), *range(1, 21)]
        assert verify_chain(links) is None
