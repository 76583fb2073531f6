"""What the command line takes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.roles import Role

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it

CODES: Final = """exit codes:
  0   done
  1   failed: what was asked for could not be done, and standard error says why
  2   the command line is wrong
  3   run: no poll of Telegram succeeded for 90 s
  4   run: another process polls with the same token
  78  a setting of the environment is missing or wrong, or Telegram refuses the token"""


def build_parser() -> argparse.ArgumentParser:
    """The parser. What it returns names module and function of the command."""
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="The learning cities bot. Without a command it runs; without BOT_TOKEN it runs in a playground, in a browser.",
        epilog=f'examples:\n  main.py\n  main.py ask "Is Nikopol a member?"\n  main.py data check\n\n{CODES}\n\nSettings are read from the '
        "environment; .env.example lists them.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(module="run", function="run", role=Role.ALL)
    commands = parser.add_subparsers(metavar="COMMAND")
    _run(commands)
    _ask(commands)
    _data(commands)
    _db(commands)
    _news(commands)
    _questions(commands)
    _command(
        commands,
        "check",
        "check:check",
        "diagnose the installation: token, modes, database, data, clock",
        "main.py check\nmain.py check && systemctl restart bot",
    )
    return parser


def _run(commands: Commands) -> None:
    run = _command(
        commands,
        "run",
        "run:run",
        "run the bot until it is stopped; without BOT_TOKEN, in a playground on this machine",
        "main.py run\nBOT_TOKEN=... PORT=0 main.py run\nmain.py run --role worker",
        "The work may be shared out to any number of processes with the same DATABASE_URL, which is meant to be PostgreSQL; SQLite does on "
        "one machine. Those of role web answer what comes to WEBHOOK_URL; of those of role worker one sends news, the others stand by.",
    )
    run.add_argument("--role", choices=[*Role], default=Role.ALL, help="what this process does; default: all")


def _ask(commands: Commands) -> None:
    ask = _command(
        commands,
        "ask",
        "ask:ask",
        "answer a question here, as the bot would in a chat; needs no token and no running bot",
        'main.py ask "чи є Нікополь у мережі?"\nmain.py ask --lang en Nikopol\nmain.py ask --batch questions.jsonl --out answers.jsonl',
        "A line of IN is an object with id, question and perhaps lang; a line of OUT has id, answer (text with sources) and answered.",
    )
    ask.add_argument("question", nargs="?", help="what to answer")
    ask.add_argument("--lang", metavar="TAG", help="language of the answer; else Ukrainian to Cyrillic letters, English to others")
    ask.add_argument("--batch", metavar="IN", type=Path, help="answer the questions of a JSON Lines file")
    ask.add_argument("--out", metavar="OUT", type=Path, help="where the answers of a batch go; else to standard output")


def _data(commands: Commands) -> None:
    data = _group(commands, "data", "the data set")
    check = _command(
        data,
        "check",
        "data:check",
        "name file and line of every defect of the data set, then how far the set goes",
        "main.py data check\nmain.py data check --seed export",
        "Exits with 1 if there is a defect.",
    )
    load = _command(
        data,
        "load",
        "data:load",
        "put the data set into the database",
        "main.py data load",
        "A set with a defect is refused whole. What is gone from the set is marked as removed; what admins wrote stays. Running bots take "
        "the new set over within 30 s.",
    )
    for command in (check, load):
        command.add_argument("--seed", metavar="DIR", type=Path, help="another folder of the same format as data/seed")
    export = _command(
        data,
        "export",
        "data:export",
        "write what the database holds as CSV, in the format of data/seed",
        "main.py data export --out export",
    )
    export.add_argument("--out", metavar="DIR", type=Path, default=Path("export"), help="a folder, made if need be; default: export")


def _db(commands: Commands) -> None:
    db = _group(commands, "db", "the database's tables")
    _command(db, "upgrade", "db:upgrade", "bring the tables up to date; the bot also does so at its start", "main.py db upgrade")
    copy = _command(
        db,
        "copy",
        "db:copy",
        "copy every table to another database, SQLite or PostgreSQL, and compare the counts",
        "main.py db copy sqlite:///var/bot.db postgresql://bot@host/bot\nmain.py db copy postgresql://bot@host/bot sqlite:///var/bot.db",
        "Stop the bot first. FROM is only read. TO must be empty; its tables are made. A copy that was interrupted cannot be continued: "
        "begin again with an empty TO. Addresses are as in DATABASE_URL. Other users of the machine see a password on the command line; "
        "PGPASSWORD in the environment, or ~/.pgpass, keeps it from them.",
    )
    copy.add_argument("source", metavar="FROM", type=_address, help="the database to copy")
    copy.add_argument("target", metavar="TO", type=_address, help="the database that becomes its copy")
    # argparse would repeat what is too much, which may be half of a password.
    copy.add_argument("more", nargs="*", metavar="FROM TO", type=_too_much, help=argparse.SUPPRESS)


def _address(text: str) -> str:
    from data.db import UnusableAddress, parse_address  # noqa: PLC0415 - help does not load SQLAlchemy

    try:
        parse_address(text)
    except UnusableAddress as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _too_much(_text: str) -> str:
    raise argparse.ArgumentTypeError("two addresses are wanted; quote what the shell would take apart")


def _news(commands: Commands) -> None:
    news = _group(commands, "news", "news that admins write, and where news comes from")
    add = _command(
        news,
        "add",
        "news:add",
        "write a piece of news; readers see it once it is published",
        'main.py news add --title "Nikopol opens a learning centre" --text "..." --url https://example.org/news/1 \\\n'
        "      --city nikopol --country UA --theme digital --lang en --publish",
    )
    add.add_argument("--title", required=True, help="at most 120 characters")
    add.add_argument("--text", required=True, help="at most 600 characters")
    add.add_argument("--url", required=True, help="the page that says so")
    add.add_argument("--lang", required=True, metavar="TAG", help="language of title and text")
    add.add_argument("--date", help="YYYY, YYYY-MM or YYYY-MM-DD; default: today in UTC")
    add.add_argument(
        "--city", metavar="ID", action="append", default=[], help="a city it is about, by its id in cities.csv; may be repeated"
    )
    add.add_argument("--country", metavar="ISO2", action="append", default=[], help="a country it is about; may be repeated")
    add.add_argument(
        "--theme", metavar="ID", action="append", default=[], help="a theme of themes.csv or a topic of news.csv; may be repeated"
    )
    add.add_argument("--deadline", metavar="DATE", default="", help="its last day, YYYY-MM-DD; followers are reminded of it")
    add.add_argument("--publish", action="store_true", help="show it to readers at once")
    _command(news, "list", "news:show", "list the news, newest first", "main.py news list")
    for name, what in (
        ("publish", "show a piece of news that an admin wrote to readers"),
        ("withdraw", "take a piece of news back, also from the chats that got it"),
    ):
        _command(news, name, f"news:{name}", what, f"main.py news {name} a1").add_argument("id", help="as `news list` shows it")
    _poll(news)
    _sources(news)


def _poll(news: Commands) -> None:
    poll = _command(
        news,
        "poll",
        "poll:poll",
        "look at the sources of news that are due, once, and say how each look went",
        "main.py news poll --all",
        "What is certain of a trusted source is published, and a running bot delivers it; the rest waits for an administrator. "
        "Exits with 1 if a source could not be read.",
    )
    poll.add_argument("--all", action="store_true", help="look at every source that is on, due or not")


def _sources(news: Commands) -> None:
    sources = _group(news, "sources", "sources of news")
    _command(
        sources,
        "list",
        "sources:show",
        "list the sources: whether they are on, since when somebody vouches for them, what is wrong",
        "main.py news sources list",
    )
    kept = _command(
        sources,
        "add",
        "sources:add",
        "keep a source, off",
        "main.py news sources add --kind feed --url https://example.org/feed --lang en --keyword 'learning cit*'\n"
        "main.py news sources add --kind page --url https://example.org/news --lang uk --select item=article --select date=time",
    )
    kept.add_argument("--id", help="lower-case letters, digits and hyphens; else made of the address")
    probe = _command(
        sources,
        "probe",
        "sources:probe",
        "show what a source would give now; nothing is stored",
        "main.py news sources probe uil\nmain.py news sources probe --url https://example.org/feed --lang en",
        "Exits with 1 if the source cannot be read.",
    )
    probe.add_argument("id", nargs="?", help="as `news sources list` shows it")
    for command in (kept, probe):
        _describe_source(command, needed=command is kept)
    for name, what, example in (
        ("verify", "note that you saw that a source gives what it should", "uil"),
        ("on", "look at a source from now on", "uil"),
        ("off", "look at a source no more", "uil"),
        ("move", "look for a source at another address", "uil https://example.org/feed"),
        ("remove", "forget a source; the news that it brought stay", "uil"),
    ):
        command = _command(sources, name, f"sources:{name}", what, f"main.py news sources {name} {example}")
        command.add_argument("id", help="as `news sources list` shows it")
        if name == "move":
            command.add_argument("url", help="where it is now")


def _describe_source(command: argparse.ArgumentParser, *, needed: bool) -> None:
    command.add_argument("--url", required=needed, help="its address, or the path of a file")
    command.add_argument(
        "--kind", choices=("feed", "page", "file"), default="feed", help="RSS or Atom, a page that lists news, a feed in a file"
    )
    command.add_argument("--lang", metavar="TAG", required=needed, default="en", help="language in which it is written")
    command.add_argument(
        "--select",
        metavar="NAME=CSS",
        action="append",
        type=_selector,
        default=[],
        help="where things are on a page: item, and in it title, link, summary, date; on an item's own page article_date, article_summary",
    )
    command.add_argument(
        "--keyword", metavar="WORDS", action="append", default=[], help="keep only what says so; * is any ending; may be repeated"
    )
    command.add_argument(
        "--trust", choices=("ask", "publish"), default="ask", help="publish: items whose subjects are certain need no admin"
    )
    command.add_argument("--minutes", metavar="N", type=_count, default=60, help="between two looks, at least; default: 60")


def _selector(text: str) -> tuple[str, str]:
    name, _, selector = text.partition("=")
    if not name.strip() or not selector.strip():
        raise argparse.ArgumentTypeError("must be NAME=CSS, such as item=article")
    return name.strip(), selector.strip()


def _questions(commands: Commands) -> None:
    questions = _group(commands, "questions", "questions that had no answer, of the last 30 days")
    kept = "Kept are the language, why there was no answer, and the words that nobody knows; neither the text nor who asked."
    show = _command(
        questions,
        "list",
        "questions:show",
        "count the words and the reasons, the most frequent first",
        "main.py questions list --lang uk",
        kept,
    )
    show.add_argument("--most", metavar="N", type=_count, default=50, help="rows of each kind; default: 50")
    export = _command(
        questions,
        "export",
        "questions:export",
        "write each question as a row of CSV",
        "main.py questions export --out unanswered.csv",
        kept,
    )
    export.add_argument("--out", metavar="FILE", type=Path, help="where to; else to standard output")
    for command in (show, export):
        command.add_argument("--lang", metavar="TAG", help="of readers of this language only")


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("must be a whole number from 1 on")
    return int(text)


def _group(commands: Commands, name: str, about: str) -> Commands:
    parser = commands.add_parser(name, help=about, description=f"Commands for {about}.")
    return parser.add_subparsers(metavar="COMMAND", required=True)


def _command(commands: Commands, name: str, target: str, about: str, examples: str, more: str = "") -> argparse.ArgumentParser:
    module, _, function = target.partition(":")
    options: dict[str, Any] = {"help": about, "description": f"{about[0].upper()}{about[1:]}. {more}"}
    shown = "".join(f"  {line}\n" for line in examples.splitlines())
    parser = commands.add_parser(
        name, epilog=f"examples:\n{shown}\n{CODES}", formatter_class=argparse.RawDescriptionHelpFormatter, **options
    )
    parser.set_defaults(module=module, function=function)
    return parser
