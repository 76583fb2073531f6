"""Reminders on their way: published once, and stopped when they would not be true any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from data import loading, publications, reminders
from data.follows import NETWORK, Kind, Target
from data.news import targets_about, targets_of
from data.reminders import Reminder
from data.states import UNFINISHED
from data.tables import publications as publication_table
from data.topics import Topic
from data.types import NewsId

if TYPE_CHECKING:
    import datetime as dt

    from data.catalogue import Catalogue
    from data.db import Database


async def remind(db: Database, catalogue: Catalogue, now: dt.datetime) -> tuple[str, ...]:
    """Order the reminders that are due, in one transaction, and stop those that are not true any more; the items ordered.

    However often it is called, each goes out once. Nothing happens while the database holds another revision than the catalogue: a call
    that was withdrawn this moment is no call. Raises what the database raises.
    """
    wanted = {one.key: one for one in reminders.due(catalogue, now)}
    async with db.read() as connection:
        ours = publication_table.c.item.startswith(reminders.PREFIX, autoescape=True)
        known = or_(publication_table.c.item.in_(wanted), publication_table.c.state.in_(UNFINISHED))
        rows = (await connection.execute(select(publication_table.c.item, publication_table.c.state).where(ours, known))).all()
    new = wanted.keys() - {row.item for row in rows}
    over = [row.item for row in rows if row.state in UNFINISHED and not _is_true(row.item, catalogue, now)]
    if not new and not over:
        return ()
    async with db.write() as connection:
        held = await loading.newest(connection)
        if held is None or held.number != catalogue.revision:
            return ()
        for item in over:
            await publications.cancel(connection, item, now)
        told = [
            key
            for key, one in wanted.items()
            if key in new and await publications.publish(connection, key, targets(one, catalogue), now, revision=catalogue.revision)
        ]
    return tuple(told)


def targets(reminder: Reminder, catalogue: Catalogue) -> tuple[Target, ...]:
    """Whose followers are reminded: those of the news item, or of where a conference is held and of dates."""
    if item := catalogue.news_by_id.get(NewsId(reminder.record)):
        return targets_of(item, catalogue)
    named = [Target(Kind.TOPIC, Topic.DEADLINES)]
    for conference in catalogue.conferences:
        if conference.id == reminder.record:
            named += [Target(Kind.CITY, conference.city)] if conference.city else []
            named += [Target(Kind.COUNTRY, conference.country)] if conference.country else []
    return (*targets_about(named, catalogue), NETWORK)


def _is_true(item: str, catalogue: Catalogue, now: dt.datetime) -> bool:
    reminder = Reminder.parse(item)
    return reminder is not None and reminders.is_true(reminder, catalogue, now)
