"""What was asked in vain, for administrators: the most frequent words and kinds of refusal, language by language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import ListUnanswered
from bot.markup import Bullets, Button, Screen, bold, fill, line, rows
from bot.screens.parts import page_of, pager

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Reader
    from bot.markup import Html
    from data.unanswered import Tally

ROWS: Final = 15
"""Words, and kinds of refusal, on a page."""


def unanswered(tallies: Sequence[Tally], wanted: ListUnanswered, days: int, reader: Reader) -> Screen:
    """A page of the language that is wanted, or of the one with most questions."""
    _ = reader.translate
    tally = next((tally for tally in tallies if tally.language == wanted.lang), tallies[0] if tallies else None)
    title = line(
        bold(reader.plural("Questions without an answer in the last {n} day", "Questions without an answer in the last {n} days", days))
    )
    if tally is None:
        return Screen((title, line(_("There are none."))))
    longest = tally.words if len(tally.words) > len(tally.refusals) else tally.refusals
    at, pages, _shown = page_of(longest, wanted.page, ROWS)
    own = slice(at * ROWS, (at + 1) * ROWS if at + 1 < pages else None)
    words = [fill("{word}: {times}", word=word, times=str(times)) for word, times in tally.words[own]]
    refusals = [_row(refusal, times, reader) for refusal, times in tally.refusals[own]]
    return Screen(
        blocks=(
            title,
            Bullets(tuple(_language(other, reader) for other in tallies)),
            line(bold(fill(_("Words nobody knows, {language}"), language=tally.language)) if words else ""),
            Bullets(tuple(words)),
            line(bold(fill(_("Why there was no answer, {language}"), language=tally.language)) if refusals else ""),
            Bullets(tuple(refusals)),
            line(_("Page {page} of {pages}").format(page=at + 1, pages=pages) if pages > 1 else ""),
        ),
        buttons=(
            pager(
                at,
                pages,
                Button(_("‹ Back"), ListUnanswered(tally.language, max(at - 1, 0))),
                Button(_("Next ›"), ListUnanswered(tally.language, at + 1)),
            ),
            *rows(*(Button(other.language, ListUnanswered(other.language)) for other in tallies if other is not tally), width=4),
        ),
    )


def _language(tally: Tally, reader: Reader) -> Html:
    return fill(
        "{language}: {questions}", language=tally.language, questions=reader.plural("{n} question", "{n} questions", tally.questions)
    )


def _row(refusal: str, times: int, reader: Reader) -> Html:
    """A kind of refusal. Behind the first word stand concepts of the word lists, which have no translation."""
    _ = reader.translate
    kind, _space, concepts = refusal.partition(" ")
    said = {
        "other": _("not in the data ({concepts}): {times}"),
        "unknown": _("words nobody knows: {times}"),
        "frameless": _("known words, but no such kind of question ({concepts}): {times}"),
    }.get(kind, "{concepts}: {times}")
    return fill(said, concepts=concepts, times=str(times))
