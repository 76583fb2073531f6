"""What the command line does, as an operator sees it: exit codes, standard output, standard error."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from bot.cli import main
from bot.diagnosis import Verdict, diagnose
from bot.emulator import BotApi
from bot.emulator.http import application
from bot.markup import Bullets, fill, line, link, plain
from bot.services import SystemClock
from bot.settings import HOME, Secret, Settings
from data import unanswered
from data.db import Database
from data.sheets import SEED
from tests.fakes.databases import Files, shipped_file
from tests.fakes.publisher import FEED

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["shipped_file"]  # a fixture


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No token, and a database that is not there yet."""
    return {"DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}"}


@pytest.fixture
def stocked(tmp_path: Path, shipped_file: Path) -> dict[str, str]:
    """No token, and a database with the data set that ships."""
    folder = tmp_path / "stocked"
    folder.mkdir()
    return {"DATABASE_URL": Files(folder).copy(f"sqlite:///{shipped_file}")}


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """A copy of the shipped data set, to be edited."""
    copy = tmp_path / "seed"
    shutil.copytree(SEED, copy)
    return copy


class Outcome:
    """What a command left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


@pytest.fixture
def does(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Runs a command in this process."""

    def do(environment: dict[str, str], *arguments: object) -> Outcome:
        try:
            code = main([str(argument) for argument in arguments], environment)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Outcome(code, *capsys.readouterr())

    return do


# --- Help and mistakes ------------------------------------------------------------------------------------------------------------------

COMMANDS = (
    "run",
    "ask",
    "data check",
    "data load",
    "data export",
    "db upgrade",
    "db copy",
    "news add",
    "news list",
    "news publish",
    "news withdraw",
    "news sources list",
    "news sources add",
    "news sources probe",
    "news sources verify",
    "news sources on",
    "news sources off",
    "news sources move",
    "news sources remove",
    "questions list",
    "questions export",
    "check",
)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help_with_examples_and_exit_codes(does: Callable[..., Outcome], command: str) -> None:
    helped = does({}, *command.split(), "--help")
    assert helped.code == 0
    assert f"main.py {command}".strip() in helped.out
    assert "exit codes:" in helped.out
    assert "examples:" in helped.out


@pytest.mark.parametrize(
    "command",
    [
        "dance",
        "data",
        "data dance",
        "news",
        "ask",
        "ask --batch x y",
        "ask --lang xx hello",
        "news add",
        "questions",
        "questions list --most 0",
        "news sources",
        "news sources add --url https://example.org",
        "news sources add --url https://example.org --lang en --kind blog",
        "news sources add --url https://example.org --lang en --kind page --select article",
        "news sources add --url https://example.org --lang en --minutes 0",
    ],
)
def test_a_wrong_command_line_is_explained(does: Callable[..., Outcome], command: str) -> None:
    wrong = does({}, *command.split())
    assert (wrong.code, wrong.out) == (2, "")
    assert "main.py" in wrong.err


def test_a_wrong_setting_is_named_without_its_value(does: Callable[..., Outcome]) -> None:
    wrong = does({"BOT_TOKEN": "hush-hush"}, "run")
    assert (wrong.code, wrong.out) == (78, "")
    assert "BOT_TOKEN must be" in wrong.err
    assert "hush" not in wrong.err


def test_help_does_not_load_the_bot() -> None:
    program = (
        "import sys; from bot.cli.parser import build_parser; build_parser(); sys.exit(bool({'telegram', 'sqlalchemy'} & {*sys.modules}))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=HOME)


def test_a_reader_who_has_enough_of_the_output_is_no_error() -> None:
    command = f"{sys.executable} main.py data check | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["/bin/bash", "-c", command], check=False, capture_output=True, text=True, cwd=HOME)
    assert (done.returncode, done.stderr) == (0, "")


# --- ask --------------------------------------------------------------------------------------------------------------------------------


def test_a_question_is_answered_with_its_source_and_nothing_is_written(
    does: Callable[..., Outcome], environment: dict[str, str], tmp_path: Path
) -> None:
    asked = does(environment, "ask", "Nikopol")
    assert (asked.code, asked.err) == (0, "")
    assert "Member of the network since" in asked.out
    assert re.search(r"Source: [^(]+ \(https?://", asked.out)
    assert "<" not in asked.out
    assert list(tmp_path.iterdir()) == []


def test_a_question_in_cyrillic_is_answered_in_ukrainian_unless_asked_otherwise(
    does: Callable[..., Outcome], environment: dict[str, str]
) -> None:
    assert "Джерело" in does(environment, "ask", "Нікополь").out
    assert "Source" in does(environment, "ask", "--lang", "en", "Нікополь").out


def test_what_admins_published_is_answered_from_the_database(does: Callable[..., Outcome], stocked: dict[str, str]) -> None:
    before = does(stocked, "ask", "--lang", "en", "Nikopol").out
    does(stocked, *NEWS, "--publish")
    assert does(stocked, "ask", "--lang", "en", "Nikopol").out != before


def test_a_database_that_does_not_answer_does_not_stop_the_answer(does: Callable[..., Outcome]) -> None:
    asked = does({"DATABASE_URL": "postgresql://bot:hush@127.0.0.1:9/bot"}, "ask", "Nikopol")
    assert (asked.code, asked.err) == (0, "")
    assert "Nikopol" in asked.out


def test_a_batch_is_answered_row_by_row(does: Callable[..., Outcome], environment: dict[str, str], tmp_path: Path) -> None:
    rows = [
        {"id": 1, "question": "Nikopol"},
        {"id": "two", "question": "чи є Нікополь у мережі?"},
        {"id": 3, "question": "Nikopol", "lang": "uk"},
        {"id": 4, "question": "what is the airspeed of a swallow?"},
        {"id": 5, "question": ""},
    ]
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n", encoding="utf-8")

    assert does(environment, "ask", "--batch", questions, "--out", answers).code == 0

    told: list[dict[str, Any]] = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in told] == [1, "two", 3, 4, 5]
    assert [row["answered"] for row in told] == [True, True, True, False, False]
    assert "Джерело" in told[2]["answer"]
    assert does(environment, "ask", "--batch", questions).out == answers.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ["no JSON", "[]", '{"id": 1}', '{"id": 1, "question": 2}', '{"id": 1, "question": "x", "lang": 3}'])
def test_a_row_that_is_no_question_is_named_before_anything_is_answered(
    does: Callable[..., Outcome], environment: dict[str, str], tmp_path: Path, row: str
) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_text(f'{{"id": 1, "question": "Nikopol"}}\n{row}\n', encoding="utf-8")
    asked = does(environment, "ask", "--batch", questions, "--out", answers)
    assert asked.code == 1
    assert "in.jsonl:2: must be an object with id, question" in asked.err
    assert not answers.exists()


def test_a_batch_that_is_not_there_is_named(does: Callable[..., Outcome], environment: dict[str, str], tmp_path: Path) -> None:
    asked = does(environment, "ask", "--batch", tmp_path / "nowhere.jsonl")
    assert asked.code == 1
    assert "nowhere.jsonl: No such file" in asked.err


def test_links_in_a_terminal_show_where_they_lead() -> None:
    blocks = (line(fill("See {page}.", page=link("A & B", "https://example.org/?a=1&b=2"))), Bullets(("<one>",)))
    assert plain(blocks) == "See A & B (https://example.org/?a=1&b=2).\n\n• <one>"


# --- data -------------------------------------------------------------------------------------------------------------------------------


def test_the_shipped_data_set_has_no_defect_and_its_coverage_is_shown(does: Callable[..., Outcome]) -> None:
    checked = does({}, "data", "check")
    assert checked.code == 0
    assert "members of the network named" in checked.out
    assert ".csv:" not in checked.out


def test_a_defect_is_named_with_file_and_line(does: Callable[..., Outcome], seed: Path) -> None:
    spoil(seed)
    checked = does({}, "data", "check", "--seed", seed)
    assert checked.code == 1
    assert "themes.csv:2: position: must be a whole number" in checked.out.splitlines()
    assert "members of the network named" in checked.out


def test_loading_says_what_changed(does: Callable[..., Outcome], environment: dict[str, str]) -> None:
    first = does(environment, "data", "load")
    assert (first.code, first.err) == (0, "")
    assert re.search(r"^cities: \d+ added, 0 changed, 0 removed$", first.out, re.MULTILINE)
    assert first.out.endswith("revision 1\n")
    assert does(environment, "data", "load").out == "nothing changed; revision 1\n"


def test_a_correction_is_loaded_alone(does: Callable[..., Outcome], stocked: dict[str, str], seed: Path) -> None:
    file = seed / "news.en.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("First newsletter of 2015", "The first newsletter of 2015", 1), encoding="utf-8")
    assert does(stocked, "data", "load", "--seed", seed).out == "texts: 0 added, 1 changed, 0 removed\nrevision 2\n"


def test_a_data_set_with_a_defect_is_not_loaded(does: Callable[..., Outcome], stocked: dict[str, str], seed: Path) -> None:
    spoil(seed)
    refused = does(stocked, "data", "load", "--seed", seed)
    assert (refused.code, refused.out) == (1, "")
    assert "themes.csv:2: position: must be a whole number" in refused.err
    assert does(stocked, "data", "load").out == "nothing changed; revision 1\n"


def test_what_is_exported_can_be_checked_and_loaded_again(
    does: Callable[..., Outcome], environment: dict[str, str], stocked: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "export"
    assert does(stocked, "data", "export", "--out", out).code == 0
    assert cells(out / "practices.uk.csv") == cells(SEED / "practices.uk.csv")
    assert does(environment, "data", "check", "--seed", out).code == 0
    assert does(environment, "data", "load", "--seed", out).code == 0


def test_what_admins_published_is_exported_with_the_rest(does: Callable[..., Outcome], stocked: dict[str, str], tmp_path: Path) -> None:
    does(stocked, *NEWS, "--publish")
    does(stocked, "data", "export", "--out", tmp_path / "export")
    assert ["a1", "Nikopol opens a centre", "It opened."] in cells(tmp_path / "export" / "news.en.csv")


def test_nothing_is_exported_where_nothing_is(does: Callable[..., Outcome], environment: dict[str, str], tmp_path: Path) -> None:
    nothing = does(environment, "data", "export", "--out", tmp_path / "export")
    assert nothing.code == 1
    assert "main.py data load" in nothing.err
    assert list(tmp_path.iterdir()) == []


def cells(file: Path) -> list[list[str]]:
    """The rows of a file, in an order that does not matter."""
    with file.open(encoding="utf-8", newline="") as opened:
        return sorted(csv.reader(opened))


def spoil(seed: Path) -> None:
    """Put a word where a number belongs."""
    themes = seed / "themes.csv"
    themes.write_text(themes.read_text(encoding="utf-8").replace(",1\n", ",first\n", 1), encoding="utf-8")


# --- db and news ------------------------------------------------------------------------------------------------------------------------


def test_the_tables_are_brought_up_to_date_once(does: Callable[..., Outcome], environment: dict[str, str]) -> None:
    assert does(environment, "db", "upgrade").out.startswith("upgraded to ")
    assert does(environment, "db", "upgrade").out.startswith("up to date at ")


def test_a_database_that_cannot_be_used_is_said_in_one_line(does: Callable[..., Outcome], tmp_path: Path) -> None:
    for address in ("postgresql://bot:hush@127.0.0.1:9/bot", f"sqlite:///{tmp_path}"):
        failed = does({"DATABASE_URL": address}, "db", "upgrade")
        assert failed.code == 1
        assert failed.err.count("\n") == 1
        assert "DATABASE_URL" in failed.err
        assert "hush" not in failed.err


NEWS = (
    *("news", "add", "--title", "Nikopol opens a centre", "--text", "It opened.", "--url", "https://example.org/1"),
    *("--city", "nikopol", "--country", "ua", "--theme", "digital", "--lang", "en"),
)


def test_news_are_kept_published_listed_and_withdrawn(does: Callable[..., Outcome], stocked: dict[str, str]) -> None:
    assert does(stocked, *NEWS).out == "a1 kept; main.py news publish a1 shows it to readers\n"
    (listed,) = [row for row in does(stocked, "news", "list").out.splitlines() if row.startswith("a1")]
    assert listed.split()[2:] == ["admin", "unpublished", "en", "Nikopol", "opens", "a", "centre"]
    assert does(stocked, "news", "publish", "a1").out == "a1 published\n"
    assert does(stocked, "news", "withdraw", "a1").out == "a1 withdrawn; the running bot takes it back from the chats that got it\n"
    gone = does(stocked, "news", "withdraw", "a1")
    assert (gone.code, gone.err) == (1, "main.py: no admin wrote a1; main.py news list shows all\n")


def test_news_with_mistakes_are_refused_with_all_of_them(does: Callable[..., Outcome], stocked: dict[str, str]) -> None:
    refused = does(stocked, *NEWS, "--city", "nikopo", "--date", "yesterday")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.splitlines() == [
        "main.py: date: must be of the form YYYY, YYYY-MM or YYYY-MM-DD",
        "main.py: city: nikopo is not known; perhaps nikopol",
    ]
    assert does(stocked, *NEWS[:-1], "xx").code == 1


def test_a_deadline_is_a_day_that_lies_ahead_of_the_news(does: Callable[..., Outcome], stocked: dict[str, str]) -> None:
    form = "main.py: deadline: must be of the form YYYY-MM-DD\n"
    assert does(stocked, *NEWS, "--deadline", "2026-12").err == form
    assert does(stocked, *NEWS, "--deadline", "soon").err == form
    over = does(stocked, *NEWS, "--date", "2026-11-23", "--deadline", "2026-11-22")
    assert over.err == "main.py: deadline: must not be before the date of the item, 2026-11-23\n"
    assert does(stocked, *NEWS, "--date", "2026-11-23", "--deadline", "2026-12-15", "--publish").out == "a1 published\n"


# --- news sources -----------------------------------------------------------------------------------------------------------------------


def sources(outcome: Outcome) -> dict[str, list[str]]:
    """The words of each row of the list after the id."""
    return {name: words for name, *words in (row.split() for row in outcome.out.splitlines())}


def test_the_shipped_sources_are_off_and_unverified(does: Callable[..., Outcome], stocked: dict[str, str]) -> None:
    listed = sources(does(stocked, "news", "sources", "list"))
    assert {"uil", "unesco", "un-news"} <= listed.keys()
    assert {(words[1], words[4]) for words in listed.values()} == {("off", "unverified")}


def test_a_source_is_kept_switched_moved_and_removed(does: Callable[..., Outcome], stocked: dict[str, str]) -> None:
    added = does(stocked, "news", "sources", "add", "--url", "https://www.Example.org/feed", "--lang", "en", "--keyword", "learning city")
    assert added.out == "example-org kept, off; main.py news sources probe example-org shows what it gives\n"
    on = does(stocked, "news", "sources", "on", "example-org")
    assert (on.code, on.out) == (0, "example-org on\n")
    assert "nobody verified example-org" in on.err
    assert does(stocked, "news", "sources", "verify", "example-org").out == "example-org verified\n"
    assert does(stocked, "news", "sources", "on", "example-org").err == ""
    row = sources(does(stocked, "news", "sources", "list"))["example-org"]
    assert (row[1], re.fullmatch(r"\d{4}-\d\d-\d\d", row[4]) is not None, row[5]) == ("on", True, "https://www.example.org/feed")
    assert does(stocked, "news", "sources", "move", "example-org", "https://example.org/rss").code == 0
    assert does(stocked, "news", "sources", "off", "example-org").out == "example-org off\n"
    row = sources(does(stocked, "news", "sources", "list"))["example-org"]
    assert row[1:] == ["off", "en", "ask", "unverified", "https://example.org/rss"], "nobody vouched for the new address"
    assert does(stocked, "news", "sources", "remove", "example-org").out == "example-org removed\n"
    assert "example-org" not in sources(does(stocked, "news", "sources", "list"))


@pytest.mark.parametrize("command", ["on", "off", "verify", "remove", "probe", "move"])
def test_a_source_that_is_not_there_is_named(does: Callable[..., Outcome], stocked: dict[str, str], command: str) -> None:
    gone = does(stocked, "news", "sources", command, "nope", *(["https://example.org/"] if command == "move" else []))
    assert (gone.code, gone.out, gone.err) == (1, "", "main.py: there is no source nope; main.py news sources list shows all\n")


def test_a_source_with_mistakes_is_refused_with_all_of_them(does: Callable[..., Outcome], stocked: dict[str, str]) -> None:
    wrong = (
        "--kind",
        "page",
        "--url",
        "ftp://example.org/",
        "--lang",
        "zz",
        "--id",
        "uil",
        "--select",
        "tittle=h3",
        "--select",
        "date=[[",
        "--minutes",
        "1",
    )
    refused = does(stocked, "news", "sources", "add", *wrong)
    assert (refused.code, refused.out) == (1, "")
    assert [row.split(":")[1] for row in refused.err.splitlines()] == [" url", " lang", " minutes", " select", " select", " select", " id"]
    assert does(stocked, "news", "sources", "probe", "uil", "--url", "https://example.org/").code == 1
    assert does(stocked, "news", "sources", "move", "uil", "example").err.startswith("main.py: url: must be")


def test_a_probe_shows_what_a_source_would_give_and_stores_nothing(
    does: Callable[..., Outcome], stocked: dict[str, str], tmp_path: Path
) -> None:
    feed = tmp_path / "news.xml"
    feed.write_text(FEED.replace("24 Nov 2026", "3 Mar 2026"), encoding="utf-8")
    before = does(stocked, "news", "sources", "list").out
    probed = does(stocked, "news", "sources", "probe", "--kind", "file", "--url", feed, "--lang", "en")
    assert (probed.code, probed.err) == (0, "")
    assert probed.out.splitlines()[0] == "2026-03-03  Learning city number 1 opens a centre"
    assert probed.out.splitlines()[-1] == "2 items, 2 with a date"
    assert does(stocked, "news", "sources", "list").out == before


def test_a_source_that_cannot_be_read_is_explained(does: Callable[..., Outcome], stocked: dict[str, str]) -> None:
    failed = does(stocked, "news", "sources", "probe", "--url", "http://127.0.0.1:9/feed")
    assert (failed.code, failed.out, failed.err) == (1, "0 items, 0 with a date\n", "main.py: the address is not public\n")
    allowed = does(stocked | {"NEWS_PRIVATE_ADDRESSES": "1"}, "news", "sources", "probe", "--url", "http://127.0.0.1:9/feed")
    assert (allowed.code, allowed.err) == (1, "main.py: no connection: Connection refused\n")


def test_a_defect_of_a_shipped_source_is_named_with_file_and_line(does: Callable[..., Outcome], seed: Path) -> None:
    file = seed / "news_sources.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("uil,page", "uil,blog").replace(",un-news", ",unesco").replace("un-news,feed", "unesco,feed"), encoding="utf-8"
    )
    checked = does({}, "data", "check", "--seed", seed)
    assert checked.code == 1
    assert "news_sources.csv:4: kind: must be one of feed, page" in checked.out.splitlines()
    assert "news_sources.csv:6: id: unesco stands twice" in checked.out.splitlines()


# --- check ------------------------------------------------------------------------------------------------------------------------------


def test_a_diagnosis_without_token_and_database_says_what_is_missing(does: Callable[..., Outcome], environment: dict[str, str]) -> None:
    checked = does(environment, "check")
    assert (checked.code, checked.err) == (1, "")
    assert [row.split()[:2] for row in checked.out.splitlines()] == [["FAIL", "token"], ["WARN", "database"]]


async def verdicts(settings: Settings, core: BotApi) -> dict[str, tuple[Verdict, str]]:
    """The diagnosis of a bot beside an emulated Telegram."""
    runner = web.AppRunner(application(core))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    findings = await diagnose(Settings(token=settings.token, api_url=address, database=settings.database))
    await runner.cleanup()
    return {finding.about: (finding.verdict, finding.words) for finding in findings}


async def test_a_good_installation_is_called_good(stocked: dict[str, str]) -> None:
    core = BotApi(clock=SystemClock())
    found = await verdicts(Settings(token=Secret(core.token), database=Secret(stocked["DATABASE_URL"])), core)
    assert {about: verdict for about, (verdict, _) in found.items()} == dict.fromkeys(
        ("token", "inline", "privacy", "clock", "database", "data"), Verdict.OK
    )
    assert found["token"][1] == f"@{core.bot.username}"
    assert found["data"][1].startswith("revision 1: ")


async def test_a_refused_token_is_called_so_and_not_shown(stocked: dict[str, str]) -> None:
    core = BotApi(clock=SystemClock())
    found = await verdicts(Settings(token=Secret("12345:a-token-that-was-revoked"), database=Secret(stocked["DATABASE_URL"])), core)
    assert found["token"][0] is Verdict.FAIL
    assert "revoked" not in str(found)


async def test_a_server_that_is_not_there_is_named_without_the_token(stocked: dict[str, str]) -> None:
    settings = Settings(token=Secret("12345:a-token-of-a-bot"), api_url="http://127.0.0.1:9", database=Secret(stocked["DATABASE_URL"]))
    found = {finding.about: finding for finding in await diagnose(settings)}
    assert found["telegram"].verdict is Verdict.FAIL
    assert "http://127.0.0.1:9 cannot be reached" in found["telegram"].words
    assert "a-token" not in str(found)


# --- Questions without an answer --------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(stocked: dict[str, str]) -> dict[str, str]:
    """A database in which some questions had no answer."""

    async def keep() -> None:
        async with Database(stocked["DATABASE_URL"]) as db, db.write() as connection:
            for lang, words in (("en", ("fee",)), ("en", ("fee", "=zoo")), ("uk", ("збір",))):
                await unanswered.note(connection, unanswered.Unanswered(lang, "unknown", words), dt.datetime.now(dt.UTC))

    asyncio.run(keep())
    return stocked


def test_questions_without_an_answer_are_counted(does: Callable[..., Outcome], asked: dict[str, str]) -> None:
    counted = does(asked, "questions", "list")
    assert (counted.code, counted.err) == (0, "")
    assert counted.out.splitlines()[:2] == ["en: 2 questions without an answer", "  words          2  fee"]
    assert "збір" in counted.out
    ukrainian = does(asked, "questions", "list", "--lang", "uk", "--most", "1")
    assert "fee" not in ukrainian.out
    assert "збір" in ukrainian.out


def test_questions_without_an_answer_are_exported(does: Callable[..., Outcome], asked: dict[str, str], tmp_path: Path) -> None:
    shown = does(asked, "questions", "export", "--lang", "en")
    written = does(asked, "questions", "export", "--out", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(shown.out.splitlines()) == 3
    assert (written.code, written.out.split()[0]) == (0, "3")
    assert next((row["language"], row["refusal"], row["words"]) for row in rows) == ("uk", "unknown", "збір")


def test_where_there_are_no_questions_or_no_database_it_is_said(
    does: Callable[..., Outcome], stocked: dict[str, str], environment: dict[str, str]
) -> None:
    assert does(stocked, "questions", "list").out == "no questions without an answer\n"
    for command in ("list", "export"):
        missing = does(environment, "questions", command)
        assert (missing.code, missing.out) == (1, "")
        assert "db upgrade" in missing.err
    unspoken = does(stocked, "questions", "list", "--lang", "xx")
    assert unspoken.code == 1
    assert "lang" in unspoken.err
    assert not list(Path(environment["DATABASE_URL"].removeprefix("sqlite:///")).parent.glob("bot.db")), "asking makes no database"
