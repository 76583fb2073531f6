"""What admins read of sources and of what they tell fits a message, in each language, and says what is the matter."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.i18n import Languages, Reader
from bot.markup import Screen, pack, visible
from bot.screens import network, queue, sources
from data.catalogue import Catalogue
from data.entries import Entry
from data.intake import Doubt, Judged, Probe
from data.sources.model import Look, SourceKind, Told, Trouble, Trust, Watch, Watched
from data.sources.store import wished
from data.sources.wish import LONGEST_ID, Wish
from data.states import EntryState
from data.types import CityId, CountryCode

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
LONG = "x" * LONGEST_ID
SOURCE = replace(
    wished(Wish(SourceKind.PAGE, f"https://example.org/{'a' * 200}", "en", LONG, {"item": "li"})), problem="no connection: reset"
)
TOLD = Told("1", "https://example.org/1", "Ж" * 120, "ї" * 300, NOW.date(), "uk")


def entry_about(catalogue: Catalogue, count: int, doubt: Doubt | None = Doubt.ASKED) -> Entry:
    cities = tuple(sorted(catalogue.cities, key=len, reverse=True)[:count])
    topics = (*list(catalogue.themes)[:count], "new-members", "call")
    return Entry(
        999_999_999, LONG, EntryState.WAITING, TOLD.title, TOLD.summary, TOLD.url, "2026-11-20", "uk", cities, ("UA",), topics, doubt, ""
    )


def screens(catalogue: Catalogue, languages: Languages, reader: Reader) -> Iterator[Screen]:
    watched = [Watched(replace(SOURCE, id=f"{LONG[:-3]}{n:03}", is_on=n % 2 == 0), n) for n in range(30)]
    for page in (0, 1, 99):
        yield sources.source_list(watched, 435, reader, page)
    yield sources.source_list((), 0, reader)
    for source in (SOURCE, replace(SOURCE, is_on=True, trust=Trust.PUBLISH, succeeded_at=NOW, verified_at=NOW, problem="")):
        yield sources.source_card(Watched(source, 3), reader)
        yield sources.confirm_removal(source, reader)
    judged = Judged(tuple(map(CityId, entry_about(catalogue, 8).cities)), (CountryCode("UA"),), ("literacy", "call"))
    full = Probe(SOURCE, Look(told=(TOLD,) * 200), [judged] * 200)
    for probe in (full, Probe(SOURCE, Look(problem=Trouble.SLOW, failed=True), ()), Probe(SOURCE, Look(), ())):
        yield sources.probe_card(probe, catalogue, reader)
        yield sources.found_source(probe, languages.held, catalogue, languages, reader)
    yield from (sources.nothing_found("no feed", reader), sources.ask_source_again(reader), sources.removed(reader))
    yield sources.ailing([SOURCE] * 5, reader)
    yield sources.wrong_source(["url: must be an address"], reader)
    for count in (0, 12):
        for doubt in (None, *Doubt):
            yield queue.queue_card(entry_about(catalogue, count, doubt), 7, catalogue, reader)
        yield queue.tags_card(entry_about(catalogue, count), catalogue, reader)
    for state in EntryState:
        yield queue.decided(replace(entry_about(catalogue, 1), state=state, item="a1"), 2, reader)
    yield from (queue.queue_empty(reader), queue.file_taken(0, reader), queue.file_taken(3, reader), queue.file_refused("", 5, reader))
    yield network.status(catalogue, reader, Watch(3, (SOURCE, replace(SOURCE, succeeded_at=NOW))))


def test_every_screen_fits_a_message_and_its_buttons_fit_telegram(catalogue: Catalogue, languages: Languages, reader: Reader) -> None:
    for screen in screens(catalogue, languages, reader):
        (text,) = pack(screen.blocks)
        assert "{" not in visible(text)
        assert "• \n" not in f"{visible(text)}\n"
        for row in screen.buttons:
            assert len(row) <= 2
            for button in row:
                assert button.action is None or len(button.action.pack().encode()) <= 64


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_of_a_source_is_told_in_the_reader_s_language(trouble: Trouble, uk: Reader) -> None:
    told = sources.told_problem(f"{trouble}: 500", uk)

    assert told.endswith(" (500)")
    assert trouble not in told


@pytest.mark.parametrize("doubt", list(Doubt))
def test_every_reason_for_asking_is_told_in_the_reader_s_language(doubt: Doubt, catalogue: Catalogue, uk: Reader, en: Reader) -> None:
    told = [visible(pack(queue.queue_card(entry_about(catalogue, 1, doubt), 1, catalogue, one).blocks)[0]) for one in (uk, en)]

    assert "Питаю" in told[0] or "Ви просили" in told[0]
    assert "I ask" in told[1] or "You asked" in told[1]


def test_status_names_the_sources_that_are_silent(catalogue: Catalogue, uk: Reader) -> None:
    silent = replace(SOURCE, id="uil", succeeded_at=NOW)
    text = visible(pack(network.status(catalogue, uk, Watch(3, (silent,))).blocks)[0])

    assert "Відстежуваних джерел новин: 3" in text
    assert f"uil: мовчить від {uk.date(NOW.date())}" in text
    assert "джерел новин" not in visible(pack(network.status(catalogue, uk, Watch(0)).blocks)[0])
