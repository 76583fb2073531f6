"""Is every sentence of the code translated, into every language that has a folder, with the same fields?

`make check` extracts the sentences into build/messages.pot and runs `python -m tests.locales_check build/messages.pot`.
Each fault is a line `file:line: what`.
"""

from __future__ import annotations

import gettext
import re
import string
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.pofile import PoFileError, read_po

from data.types import SOURCE_LANG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from babel.messages.catalog import Catalog, Message

HOME: Final = Path(__file__).resolve().parent.parent
LOCALES: Final = HOME / "locales"
NUMBERS: Final = range(1000)
"""Enough to know which numbers each plural form of a language stands for."""

STYLE: Final = {
    "uk": (
        (re.compile(r"(?<=\w)['’`](?=\w)"), "the Ukrainian apostrophe is ʼ (U+02BC)"),
        (re.compile(r'["”]'), "Ukrainian quotation marks are «»"),
        (re.compile(r"(?<=\s)[-—](?=\s)"), "the Ukrainian dash is – (U+2013)"),
    ),
}
"""What a translation must not hold, a language."""


def main(arguments: Sequence[str]) -> int:
    """Prints the faults; 0 if there are none."""
    extracted = Path(arguments[0]) if arguments else HOME / "build" / "messages.pot"
    # A template behind the code would be told again for every language.
    faults = list(template_faults(extracted, LOCALES / "messages.pot")) or list(catalogue_faults(extracted, LOCALES))
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    sys.stdout.write(f"Translations: {len(faults)} faults\n" if faults else "Translations: complete\n")
    return 1 if faults else 0


def template_faults(extracted: Path, kept: Path) -> Iterator[str]:
    """The kept template must hold what the code says now."""
    if not kept.exists():
        yield f"{_short(kept)}:1: missing; run `make locales`"
        return
    now, then = read(extracted), read(kept)
    for key in sorted(_sentences(now) - _sentences(then)):
        yield f"{_short(kept)}:1: not in it yet, run `make locales`: {key[1][0]!r}"
    for key in sorted(_sentences(then) - _sentences(now)):
        yield f"{_short(kept)}:1: no longer in the code, run `make locales`: {key[1][0]!r}"


def catalogue_faults(extracted: Path, locales: Path) -> Iterator[str]:
    """Each catalogue must hold every sentence of the code and nothing else, translated, with its fields."""
    catalogues = sorted(locales.glob("*/LC_MESSAGES/messages.po"))
    if not catalogues:
        yield f"{_short(locales)}:1: no language has a catalogue; `make locales NEW=uk` makes one"
    sentences = _sentences(read(extracted))
    for path in catalogues:
        language = path.parent.parent.name
        try:
            catalogue = read(path, language)
        except PoFileError as error:
            yield f"{_short(path)}:{error.lineno}: {error}"
            continue
        held = {_key(message): message for message in _messages(catalogue)}
        yield from (f"{_short(path)}:1: missing, run `make locales`: {key[1][0]!r}" for key in sorted(sentences - set(held)))
        yield from (
            f"{_short(path)}:{message.lineno}: {fault}: {message.string!r}"
            for message in held.values()
            for fault in message_faults(message, catalogue, language)
        )


def message_faults(message: Message, catalogue: Catalog, language: str) -> Iterator[str]:
    """What is wrong with one translation."""
    if message.fuzzy:
        yield "marked as a guess (fuzzy): read it and remove the mark"
    source, forms = _texts(message.id), _texts(message.string)
    if not any(forms) and language == SOURCE_LANG:
        return  # The source language speaks its msgids.
    for number, form in enumerate(forms):
        if not form:
            yield "not translated"
            continue
        wanted = fields(source[-1])
        if len(source) > 1 and _stands_for_one_number(catalogue, number):
            wanted = wanted | {"n"} if "n" in fields(form) else wanted - {"n"}
        if fields(form) != wanted:
            yield f"its fields must be {', '.join(sorted(wanted)) or 'none'}"
        if _edges(form) != _edges(source[-1]):
            yield "begins or ends with other white space than its source"
        yield from (why for pattern, why in STYLE.get(language, ()) if pattern.search(form))


def fields(text: str) -> frozenset[str]:
    """The named fields of a format string; a broken one has the field that no sentence has."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return frozenset({"(broken braces)"})


def read(path: Path, language: str | None = None) -> Catalog:
    """A catalogue or template."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="messages", abort_invalid=True)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> tuple[str, tuple[str, ...]]:
    return message.context or "", _texts(message.id)


def _texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    if value is None:
        return ("",)
    return (value,) if isinstance(value, str) else tuple(value)


def _sentences(catalogue: Catalog) -> set[tuple[str, tuple[str, ...]]]:
    return {_key(message) for message in _messages(catalogue)}


def _stands_for_one_number(catalogue: Catalog, form: int) -> bool:
    """Whether a plural form is used for a single number, as the English singular is: then it may say the number in words."""
    rule = gettext.c2py(catalogue.plural_expr)
    return sum(rule(number) == form for number in NUMBERS) == 1


def _short(path: Path) -> str:
    return str(path.relative_to(HOME)) if path.is_relative_to(HOME) else path.name


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
