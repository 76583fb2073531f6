"""/publish as an admin sees it: how to write, the preview, and how the delivery goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.callbacks import ManageItem, WriteNews
from bot.markup import Button, Screen, bold, code, fill, line, link, rows, shorten
from bot.questions.writing import Lack
from bot.screens.parts import target_name
from data.news import LONGEST_TEXT, LONGEST_TITLE
from data.states import UNFINISHED, DeliveryState, PublicationState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.i18n import Reader
    from bot.questions.writing import Typed
    from data.catalogue import Catalogue
    from data.publications import Progress


LABEL = 40
"""Characters of a title on a button."""


def how_to_publish(recent: Sequence[Progress], reader: Reader) -> Screen:
    """`/publish` without words; the latest items can be looked after."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(bold(_("How to publish news"))),
            line(
                _("Write behind /publish, or reply to a text or a forwarded post with /publish:"),
                _("the first line is the title, the rest is the text, a link in it is the source."),
                _("--- on a line of its own begins the text in another language; a first line uk or en names the language."),
                _("A line about: Nikopol, Ukraine, health says whose followers get it; without it the names in the text count."),
                _("A line deadline: 2026-12-15 names the last day; followers are reminded of it 7 days and 1 day before."),
            ),
            line(_("You see a preview first; nothing goes out before you confirm.")),
            line(_("The latest news, to be looked after or corrected:") if recent else ""),
        ),
        buttons=rows(
            *(Button(shorten(reader.text(one.titles) or one.item, LABEL), ManageItem(one.item, "show")) for one in recent), width=1
        ),
    )


def preview(number: int, typed: Typed, receivers: int, catalogue: Catalogue, reader: Reader, *, corrects: bool = False) -> Screen:
    """What will go out, to how many, and what it lacks; or in how many messages it will stand, if it `corrects` what was sent."""
    _ = reader.translate
    lacks = [_lack(lack, reader) for lack in typed.lacks]
    lacks += [_("Not known: {name}").format(name=name) for name in typed.unknown]
    ready = not lacks
    about = reader.listing(target_name(target, catalogue, reader) for target in typed.subjects)
    if corrects:
        count = reader.plural("{n} message will be changed.", "{n} messages will be changed.", receivers)
    else:
        count = reader.plural("{n} chat will get it.", "{n} chats will get it.", receivers)
    return Screen(
        blocks=(
            *(line(bold(f"{lang} · {title}"), text) for lang, title, text in typed.texts),
            line(
                fill(_("About: {subjects}"), subjects=about) if about else _("About: the network as a whole"),
                fill(_("Deadline: {date}"), date=reader.full_day(typed.deadline)) if typed.deadline else "",
                fill(_("Source: {source}"), source=link(typed.url, typed.url)) if typed.url else "",
            ),
            line(*lacks) if lacks else line(count, _("Whoever still waits for it gets the new words.") if corrects else ""),
        ),
        buttons=rows(
            Button(_("Correct") if corrects else _("Publish"), WriteNews(number, "publish")) if ready else None,
            Button(_("Edit"), WriteNews(number, "edit")),
            Button(_("Cancel"), WriteNews(number, "cancel")),
        ),
    )


def _lack(lack: Lack, reader: Reader) -> str:
    _ = reader.translate
    return {
        Lack.TITLE: _("A title is missing: the first line."),
        Lack.TEXT: _("A text is missing: the lines under the title."),
        Lack.ADDRESS: _("A link to the page that says so is missing."),
        Lack.LONG_TITLE: _("A title is too long: at most {n} characters.").format(n=reader.number(LONGEST_TITLE)),
        Lack.LONG_TEXT: _("A text is too long: at most {n} characters.").format(n=reader.number(LONGEST_TEXT)),
        Lack.TWICE: _("Two texts are in one language; put uk or en above each."),
        Lack.DEADLINE: _("The deadline must be a day, for example: deadline: 2026-12-15"),
    }[lack]


def ask_rewrite(marker: str, text: str, reader: Reader) -> Screen:
    """Other words for a draft or an item, as a reply to this very message: the last, where a long text takes several."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(_("The present text, to be copied:"), code(text)),
            line(_("Reply to this message with the whole text anew."), f"#{marker}"),
        ),
        ask_reply=_("Title, text, link"),
    )


def draft_left(reader: Reader) -> Screen:
    """Nothing went out."""
    _ = reader.translate
    return Screen((line(_("The draft was cancelled. Nothing went out.")),))


def draft_over(reader: Reader) -> Screen:
    """A button of a draft that is published or cancelled."""
    _ = reader.translate
    return Screen((line(_("This draft was published or cancelled before. Write a new one: /publish")),))


def draft_wrong(faults: tuple[str, ...], reader: Reader) -> Screen:
    """The newsroom refuses it; the draft is kept."""
    _ = reader.translate
    return Screen((line(_("It was not published; the draft is kept. The reasons:"), *faults),))


def progress_card(progress: Progress, reader: Reader) -> Screen:
    """How the delivery of an item goes, and how far its correction or withdrawal came."""
    _ = reader.translate
    sent, pending = progress.counts.get(DeliveryState.SENT, 0), progress.pending
    doubtful = progress.counts.get(DeliveryState.UNCERTAIN, 0)
    held, told = progress.held, progress.counts.get(DeliveryState.DIGESTED, 0)
    others = progress.total - sent - pending - doubtful - held - told - progress.counts.get(DeliveryState.SKIPPED, 0)
    item, state = progress.item, progress.state
    return Screen(
        blocks=(
            line(bold(reader.text(progress.titles) or item), _state(state, reader)),
            line(
                reader.plural("Sent: {n}", "Sent: {n}", sent),
                reader.plural("Waiting: {n}", "Waiting: {n}", pending) if pending else "",
                reader.plural("Waiting for a digest: {n}", "Waiting for a digest: {n}", held) if held else "",
                reader.plural("In digests: {n}", "In digests: {n}", told) if told else "",
                reader.plural("Uncertain: {n}", "Uncertain: {n}", doubtful) if doubtful else "",
                reader.plural("Could not be reached: {n}", "Could not be reached: {n}", others) if others else "",
            ),
            line(*_amendment(progress, reader)),
        ),
        buttons=rows(
            Button(_("Pause"), ManageItem(item, "pause")) if state in UNFINISHED and state is not PublicationState.PAUSED else None,
            Button(_("Resume"), ManageItem(item, "resume")) if state is PublicationState.PAUSED else None,
            Button(_("Stop"), ManageItem(item, "stop")) if state in UNFINISHED else None,
            Button(_("Correct"), ManageItem(item, "correct")) if state is not PublicationState.WITHDRAWN else None,
            Button(_("Withdraw"), ManageItem(item, "withdraw")) if state is not PublicationState.WITHDRAWN else None,
            Button(_("Refresh"), ManageItem(item, "show")),
        ),
    )


def _amendment(progress: Progress, reader: Reader) -> Iterator[str]:
    """What became of the messages that were sent before a correction or the withdrawal."""
    left, done, failed = progress.outdated, progress.amended, progress.unamended
    if progress.state is PublicationState.WITHDRAWN:
        yield reader.plural("Taken back: {n}", "Taken back: {n}", done) if done else ""
        yield reader.plural("Still to be taken back: {n}", "Still to be taken back: {n}", left) if left else ""
    else:
        yield reader.plural("Corrected: {n}", "Corrected: {n}", done) if done else ""
        yield reader.plural("Still to be corrected: {n}", "Still to be corrected: {n}", left) if left else ""
    yield reader.plural("Could not be changed any more: {n}", "Could not be changed any more: {n}", failed) if failed else ""


def _state(state: PublicationState, reader: Reader) -> str:
    _ = reader.translate
    return {
        PublicationState.WAITING: _("It is published; sending begins."),
        PublicationState.FANNING_OUT: _("It is being sent."),
        PublicationState.SENDING: _("It is being sent."),
        PublicationState.PAUSED: _("Paused: nothing goes out until you resume."),
        PublicationState.CANCELLED: _("Stopped: what was sent stays, nothing more goes out."),
        PublicationState.DONE: _("Done."),
        PublicationState.WITHDRAWN: _("Withdrawn: nobody finds it in the news any more."),
    }[state]
