"""What is asked, as far as many ask it: no row says who, and each has a day on which it is forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Engine, delete, distinct, func, select

from corpus.catalog.engine import reading, writing
from corpus.catalog.upserting import count_up, inserting
from corpus.catalog.use_tables import asked_queries, pseudonym_keys
from corpus.use import Asked, AskedOn, Crowd, FrequentQuery, UnansweredTopic

MOST = 500


class AskedQueries:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def secret(self, purpose: str) -> bytes:
        """What pseudonyms are made with: the same in every process, made at first use."""
        with writing(self._engine) as connection:
            connection.execute(
                inserting(connection, pseudonym_keys)
                .values(purpose=purpose, secret=secrets.token_hex(32))
                .on_conflict_do_nothing(index_elements=["purpose"])
            )
            known = connection.scalar(select(pseudonym_keys.c.secret).where(pseudonym_keys.c.purpose == purpose))
        return bytes.fromhex(known or "")

    def add(self, asked: Mapping[AskedOn, Asked]) -> None:
        with writing(self._engine) as connection:
            # In one order: two processes that write the same rows wait for each other, and never in a circle.
            for on, what in sorted(asked.items(), key=lambda item: (item[0].topic, item[0].asker, item[0].day)):
                count_up(
                    connection,
                    asked_queries,
                    {"topic": on.topic, "asker": on.asker, "day": on.day},
                    {"times": what.times, "found_nothing": what.found_nothing},
                    once={"firm": on.firm},
                    always={"text": what.text},
                )

    def frequent(self, crowd: Crowd, *, since: date) -> list[FrequentQuery]:
        """What a crowd asked and found, each in the words that most of them typed; most members first."""
        found = (asked_queries.c.day >= since, asked_queries.c.times > asked_queries.c.found_nothing)
        members = func.count(distinct(asked_queries.c.asker))
        with reading(self._engine) as connection:
            topics = connection.execute(
                select(asked_queries.c.topic, members)
                .where(*found)
                .group_by(asked_queries.c.topic)
                .having(members >= crowd.members, func.count(distinct(asked_queries.c.firm)) >= crowd.organisations)
                .order_by(members.desc(), asked_queries.c.topic)
                .limit(MOST)
            ).all()
            typed = connection.execute(
                select(asked_queries.c.topic, asked_queries.c.text, members)
                .where(*found, asked_queries.c.topic.in_([topic for topic, _ in topics]))
                .group_by(asked_queries.c.topic, asked_queries.c.text)
                .order_by(members, asked_queries.c.text.desc())
            ).all()
        words = {topic: text for topic, text, _ in typed}  # the last one is what most of them typed
        return [FrequentQuery(words[topic], count) for topic, count in topics]

    def unanswered(self, crowd: Crowd, *, since: date, limit: int = MOST) -> list[UnansweredTopic]:
        """What a crowd asked and did not find; most members first."""
        members = func.count(distinct(asked_queries.c.asker))
        times = func.sum(asked_queries.c.found_nothing)
        with reading(self._engine) as connection:
            found = connection.execute(
                select(asked_queries.c.topic, times, members)
                .where(asked_queries.c.day >= since, asked_queries.c.found_nothing > 0)
                .group_by(asked_queries.c.topic)
                .having(members >= crowd.members, func.count(distinct(asked_queries.c.firm)) >= crowd.organisations)
                .order_by(members.desc(), times.desc(), asked_queries.c.topic)
                .limit(limit)
            )
            return [UnansweredTopic(topic, int(count), many) for topic, count, many in found]

    def forget_before(self, day: date) -> int:
        """How many rows were removed."""
        with writing(self._engine) as connection:
            return connection.execute(delete(asked_queries).where(asked_queries.c.day < day)).rowcount
