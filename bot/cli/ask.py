"""`main.py ask`: the bot's answers without Telegram."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.cli.progress import watched
from bot.exits import Exit
from bot.i18n import Languages, match_language
from bot.markup import plain
from bot.questions import answer
from bot.settings import read_settings
from data import upkeep
from data.db import Database, is_storage_error, may_exist

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bot.settings import Settings
    from data.catalogue import Catalogue
    from data.types import Lang

CYRILLIC: Final = re.compile("[Ѐ-ӿ]")


class WrongRow(ValueError):
    """A line of a batch that is no question."""


@dataclass(frozen=True, slots=True)
class Question:
    """A row of a batch."""

    id: object
    text: str
    lang: Lang


def ask(options: Namespace, environment: Mapping[str, str]) -> int:
    """Answer one question, or a file of them."""
    if (options.question is None) == (options.batch is None):
        return _wrong("ask takes either a question or --batch")
    languages = Languages()
    if options.lang and not match_language(options.lang, languages.held):
        return _wrong(f"--lang must be one of {', '.join(languages.held)}")
    try:
        questions = list(_questions(options, languages))
    except WrongRow as error:
        print(f"main.py: {error}", file=sys.stderr)
        return Exit.FAILED
    try:
        catalogue = asyncio.run(_catalogue(read_settings(environment)))
    except upkeep.BadSeed as error:
        print(f"main.py: the data set has {len(error.defects)} defects; main.py data check names them", file=sys.stderr)
        return Exit.FAILED
    if options.batch is None:
        print(_answered(questions[0], catalogue, languages)[0])
    else:
        _batch(questions, options.out, catalogue, languages)
    return Exit.DONE


def _questions(options: Namespace, languages: Languages) -> Iterator[Question]:
    if options.batch is None:
        yield Question(None, options.question, _language(options.question, options.lang, languages))
        return
    for number, line in enumerate(options.batch.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            key, text, lang = row["id"], row["question"], row.get("lang") or options.lang
            fits = isinstance(text, str) and (lang is None or isinstance(lang, str))
        except (ValueError, LookupError, TypeError, AttributeError):
            fits = False
        if not fits:
            raise WrongRow(f"{options.batch}:{number}: must be an object with id, question and perhaps lang")
        yield Question(key, text, _language(text, lang, languages))


def _language(text: str, chosen: str | None, languages: Languages) -> Lang:
    """The language to answer in: the one asked for, else by the script of the question. As in a chat, English stands in for others."""
    return languages.reader(chosen or ("uk" if CYRILLIC.search(text) else "en")).lang


async def _catalogue(settings: Settings) -> Catalogue:
    """From the database if it holds the shipped data set, else from the files; nothing is written."""
    return await _stored(settings.database.value) or upkeep.catalogue_of(upkeep.read_seed())


async def _stored(address: str) -> Catalogue | None:
    if not may_exist(address):
        return None
    try:
        async with Database(address) as db:
            return await upkeep.read_catalogue(db) if await upkeep.is_up_to_date(db) else None
    except Exception as error:
        if not is_storage_error(error):
            raise
        return None


def _answered(question: Question, catalogue: Catalogue, languages: Languages) -> tuple[str, bool]:
    found = answer(question.text, catalogue, languages.reader(question.lang))
    return plain(found.screen.blocks), found.answered


def _batch(questions: list[Question], out: Path | None, catalogue: Catalogue, languages: Languages) -> None:
    with out.open("w", encoding="utf-8") if out else contextlib.nullcontext(sys.stdout) as file:
        for question in watched(questions, "answering"):
            text, answered = _answered(question, catalogue, languages)
            json.dump({"id": question.id, "answer": text, "answered": answered}, file, ensure_ascii=False)
            file.write("\n")


def _wrong(message: str) -> Exit:
    print(f"main.py: {message}; see main.py ask --help", file=sys.stderr)
    return Exit.USAGE
