"""The tables, for SQLite and PostgreSQL alike.

Two families live here. The data set (`cities` ... `news`) is always read whole into the catalogue and never queried piece by
piece; therefore lists are JSON columns and texts in all languages share one table, so that a new language is rows and not a
migration. What people and admins leave behind (`chats`, `follows`, `marks`, `unanswered`), what is on its way to them (`publications`,
`deliveries`, `leases`) and what processes tell one another (`ledger`, `chat_changes`) is read and written row by row.

Every row of the data set knows where it came from (`origin`: `seed` or `admin`) and when it was taken out (`removed_at`), so that
loading a new seed marks removals and leaves alone what admins wrote.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.schema import SchemaItem


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment, aware and in UTC on both engines: SQLite would hand it back without its zone.

    The unused argument of both methods is SQLAlchemy's.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Store UTC; a naive moment is a defect in the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Hand back an aware moment."""
        return value and value.replace(tzinfo=value.tzinfo or dt.UTC)


metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SEED: Final = "seed"
ADMIN: Final = "admin"


def _of_the_data_set(name: str, *columns: SchemaItem) -> Table:
    return Table(
        name,
        metadata,
        *columns,
        Column("origin", String(8), nullable=False, server_default=SEED),
        Column("removed_at", UtcDateTime),
    )


def _key(name: str, kind: type[String | Integer] = String) -> Column[Any]:
    return Column(name, kind(), primary_key=True, autoincrement=False)


def _date(name: str, *, nullable: bool = True) -> Column[str]:
    """A date as exact as its source: YYYY, YYYY-MM or YYYY-MM-DD."""
    return Column(name, String(10), nullable=nullable)


def _list(name: str) -> Column[list[str]]:
    return Column(name, JSON, nullable=False)


publishers = _of_the_data_set(
    "publishers",
    _key("host"),
    Column("name_en", Text, nullable=False),
    Column("name_uk", Text, nullable=False),
    Column("quality", String(16), nullable=False),
)
sources = _of_the_data_set("sources", _key("url"), _date("date"))
region_names = _of_the_data_set("region_names", _key("region"), _key("lang"), _key("kind"), _key("name"))
countries = _of_the_data_set(
    "countries",
    _key("country"),
    Column("region", String(32)),
    Column("listing", String(16), nullable=False),
    _date("as_of"),
    _list("sources"),
)
country_names = _of_the_data_set("country_names", _key("country"), _key("lang"), _key("kind"), _key("name"))
country_forms = _of_the_data_set(
    "country_forms", _key("country"), _key("lang"), Column("genitive", Text, nullable=False), Column("locative", Text, nullable=False)
)
cities = _of_the_data_set(
    "cities",
    _key("id"),
    Column("number", Integer, nullable=False, unique=True),
    Column("country", String(2), nullable=False),
    Column("region", String(32), nullable=False),
    Column("admin1", Text),
    Column("status", String(16), nullable=False),
    Column("joined", Integer),
    Column("joined_basis", String(16)),
    Column("left_by", Integer),
    _date("abolished"),
    _date("as_of"),
    Column("lat", Float),
    Column("lon", Float),
    Column("zone", String(64)),
    _list("sources"),
)
city_names = _of_the_data_set("city_names", _key("city"), _key("lang"), _key("kind"), _key("name"))
city_forms = _of_the_data_set(
    "city_forms", _key("city"), _key("lang"), Column("genitive", Text, nullable=False), Column("locative", Text, nullable=False)
)
totals = _of_the_data_set(
    "totals",
    _key("scope"),
    _key("key"),
    _key("date"),
    _key("line", Integer),
    Column("cities", Integer),
    Column("countries", Integer),
    Column("approximate", String(3), nullable=False),
    _list("sources"),
)
intakes = _of_the_data_set(
    "intakes",
    _key("year", Integer),
    _date("date", nullable=False),
    Column("cities", Integer, nullable=False),
    Column("countries", Integer),
    Column("network_cities", Integer),
    Column("network_countries", Integer),
    Column("listing", String(16), nullable=False),
    _list("sources"),
)
award_rounds = _of_the_data_set(
    "award_rounds",
    _key("year", Integer),
    _date("date", nullable=False),
    Column("conference", String(16), nullable=False),
    Column("cities", Integer, nullable=False),
    Column("listing", String(16), nullable=False),
    _list("sources"),
)
awards = _of_the_data_set("awards", _key("city"), _key("year", Integer), _list("sources"))
theme_names = _of_the_data_set("theme_names", _key("theme"), _key("lang"), _key("kind"), _key("name"))
themes = _of_the_data_set("themes", _key("id"), Column("position", Integer, nullable=False))
practices = _of_the_data_set(
    "practices",
    _key("id"),
    Column("city", String(64), nullable=False),
    _list("themes"),
    _list("sdgs"),
    Column("year", Integer),
    _list("sources"),
)
conferences = _of_the_data_set(
    "conferences",
    _key("id"),
    Column("number", Integer),
    _date("start", nullable=False),
    _date("end"),
    Column("country", String(2)),
    Column("city", String(64)),
    _list("sources"),
)
documents = _of_the_data_set(
    "documents", _key("id"), _date("date"), Column("conference", String(16)), Column("url", Text), _list("sources")
)
features = _of_the_data_set(
    "features", _key("id"), Column("part", String(16), nullable=False), Column("position", Integer, nullable=False), _list("sources")
)
rules = _of_the_data_set(
    "rules",
    _key("id"),
    Column("topic", String(32), nullable=False),
    Column("position", Integer, nullable=False),
    _date("as_of", nullable=False),
    _list("sources"),
)
contacts = _of_the_data_set(
    "contacts",
    _key("id"),
    Column("kind", String(16), nullable=False),
    Column("value", Text, nullable=False),
    Column("country", String(2)),
    _date("as_of", nullable=False),
    _list("sources"),
)
networks = _of_the_data_set("networks", _key("id"), _list("sources"))
faq = _of_the_data_set("faq", _key("id"), Column("topic", String(32), nullable=False), _date("as_of", nullable=False), _list("sources"))
news = _of_the_data_set(
    "news",
    _key("id"),
    _date("date"),
    _list("cities"),
    _list("countries"),
    _list("topics"),
    _date("deadline"),
    _list("sources"),
    Column("published_at", UtcDateTime),
)
texts = _of_the_data_set("texts", _key("subject"), _key("key"), _key("lang"), _key("field"), Column("text", Text, nullable=False))

revisions = Table(
    "revisions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("seed", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)
"""One row for each change of the data set. Processes watch the highest number and read the catalogue anew.

`seed` is the digest of the files loaded.
"""

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(16)),
    Column("zone", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("kind", String(16), nullable=False, server_default="private"),
    Column("state", String(16), nullable=False, server_default="active"),
    Column("state_at", UtcDateTime),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("digest_at", Integer),
    Column("digest_day", Integer),
)
"""What a chat chose, what kind it is, and whether we may write to it (since when: `state_at`).

A private chat's id is its user's, so inline queries find their reader here too. Quiet hours and the time of digests are minutes after
midnight by the clocks of `zone`, the day of the weekly digest is 0 for Monday; empty is what `data.timing` says.
"""

marks = Table(
    "marks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)
"""Small facts about what was done, such as the digest of the commands last registered with Telegram."""

# SQLite numbers rows by itself only where the column is exactly INTEGER.
_Number: Final = BigInteger().with_variant(Integer, "sqlite")

follows = Table(
    "follows",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    Column("kind", String(8), nullable=False),
    Column("target", String(64), nullable=False),
    Column("paused_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("pace", String(8), nullable=False, server_default="instant"),
    Column("silent", Boolean, nullable=False, server_default=false()),
    Column("words", Text),
    UniqueConstraint("chat_id", "thread_id", "kind", "target"),
    Index(None, "kind", "target", "id"),
    # A number stands on buttons that outlive the follow, so none is ever given twice.
    sqlite_autoincrement=True,
)
"""What a chat, or a topic of it, wants to hear of, at which pace, with or without a sound, and filtered by which `data.follows.Words`.

Thread 0 is a chat without topics and the General topic.
"""

item_targets = Table(
    "item_targets",
    metadata,
    _key("item"),
    _key("position", Integer),
    Column("kind", String(8), nullable=False),
    Column("target", String(64), nullable=False),
)
"""Whose followers get an item; the most specific target comes first."""

publications = Table(
    "publications",
    metadata,
    _key("item"),
    Column("state", String(16), nullable=False),
    Column("reason", String(64)),
    Column("published_by", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state_at", UtcDateTime, nullable=False),
    Column("fanned_out_at", UtcDateTime),
    Column("last_follow", BigInteger, nullable=False),
    Column("cursor_position", Integer, nullable=False, server_default="0"),
    Column("cursor_follow", BigInteger, nullable=False, server_default="0"),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("amending_at", UtcDateTime),
    Column("amended", Integer, nullable=False, server_default="0"),
    Column("unamended", Integer, nullable=False, server_default="0"),
)
"""The delivery of one item: where it stands, who ordered it, and how far its fan-out is.

Follows up to `last_follow` get it: whoever follows afterwards starts from then. The cursor is the target and the follow that the fan-out
came to. `revision` is that of the data set in which the item got its present words, or was withdrawn; since `amending_at` the messages
that brought it before are edited or deleted, of which so many are done (`amended`) and so many cannot be (`unamended`).
"""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("item", String(64), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    Column("follow", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("holder", String(64)),
    Column("lease_until", UtcDateTime),
    Column("message_id", BigInteger),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("reason", String(64)),
    Column("digest", String(64)),
    Column("state_at", UtcDateTime, nullable=False),
    # In this order it also finds all of a chat.
    UniqueConstraint("chat_id", "thread_id", "item"),
    # Finds what is due, and counts an item's states without touching its rows.
    Index(None, "item", "state", "not_before"),
    Index(
        "ix_deliveries_lease_until",
        "lease_until",
        sqlite_where=text("lease_until IS NOT NULL"),
        postgresql_where=text("lease_until IS NOT NULL"),
    ),
    Index("ix_deliveries_moved", "reason", sqlite_where=text("state = 'moved'"), postgresql_where=text("state = 'moved'")),
    # What waits for a digest: found when the digest falls due.
    Index(
        "ix_deliveries_held",
        "not_before",
        sqlite_where=text("state IN ('daily', 'weekly')"),
        postgresql_where=text("state IN ('daily', 'weekly')"),
    ),
)
"""One item for one chat or topic: what became of it, or why it did not. `follow` is the number of the follow that matched.

A digest is an item, too, whose key holds its kind and local date, so a chat gets each once. A news item that went into one is `digested`,
and `digest` is the key of that digest: what became of the digest became of the item.

Its message shows the item as it was in `revision` of the data set at least. `reason` of a sent one says why it could not be changed since.
"""

drafts = Table(
    "drafts",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("admin", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("item", String(64)),
    Column("message_id", BigInteger),
    Column("corrects", String(64)),
    Column("cancelled_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    # A number stands on buttons.
    sqlite_autoincrement=True,
)
"""News that an admin is writing, as typed. `item` is the news that became of it; `message_id` the card in the admin's chat that tells how
its delivery goes; `corrects` is the published item whose words it is to replace."""

news_sources = Table(
    "news_sources",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("url", Text, nullable=False),
    Column("lang", String(16), nullable=False),
    Column("selectors", JSON, nullable=False),
    Column("keywords", JSON, nullable=False),
    Column("trust", String(8), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("is_on", Boolean, nullable=False, server_default=false()),
    Column("verified_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    Column("next_at", UtcDateTime),
    Column("fetched_at", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("problem", Text),
    Column("told_at", UtcDateTime),
)
"""Where news is looked for: what an admin decided, and how the last looks went. `problem` is empty while all is well."""

entries = Table(
    "entries",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("key", String(64), nullable=False),
    Column("address", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("item", String(64)),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("url", Text, nullable=False),
    _date("date"),
    Column("lang", String(16), nullable=False),
    _list("cities"),
    _list("countries"),
    _list("topics"),
    Column("reason", String(64)),
    Column("found_at", UtcDateTime, nullable=False),
    Column("state_at", UtcDateTime, nullable=False),
    Column("decided_by", BigInteger),
    UniqueConstraint("source", "key"),
    Index(None, "digest"),
    Index(None, "address"),
    Index(None, "state", "id"),
    # A number stands on buttons of admins.
    sqlite_autoincrement=True,
)
"""What a source was seen to tell, once each.

`key` is the SHA-256 of the source's own id of it, else of its canonical `address`, else of its content, whose SHA-256 is `digest`. `item`
is the news that it became, or that it is another telling of.
"""

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("language", String(16), nullable=False),
    Column("refusal", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
)
"""Questions that had no answer: why they were refused, and the words, set apart by blanks, that nothing accounted for. Never who asked."""

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
"""What only one process may do at a time, who does it, and until when unless it says so again."""

ledger = Table(
    "ledger",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("step", String(32), primary_key=True),
    Column("outcome", JSON),
    Column("written_at", UtcDateTime, nullable=False, index=True),
)
"""What was written because of an update, and what came of it: Telegram may bring the update again. Neither what it said nor who."""

chat_changes = Table(
    "chat_changes",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("changed_at", UtcDateTime, nullable=False, index=True),
)
"""Chats whose wishes changed just now, so that other processes read them anew. A row is gone after a minute."""
