"""The network itself: the first screen, help, what it is, how a city joins, and how fresh the data are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.callbacks import (
    ChooseFollow,
    ChooseLanguage,
    FindNearest,
    ListCountries,
    ListNews,
    ListThemes,
    OpenAbout,
    OpenJoin,
    SetLanguage,
)
from bot.markup import Block, Bullets, Button, Html, Numbered, Screen, bold, code, escape, fill, line, link, rows
from bot.screens.lists import network_numbers
from bot.screens.parts import OFFICIAL_PAGE, cited, home_button, source_line
from data.types import Lang

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.i18n import Reader
    from data.catalogue import Catalogue
    from data.sources.model import Watch
    from data.types import Conference, Document, Feature, Rule, Source

UKRAINE: Final = "UA"

JOIN_PARTS: Final = {
    "how": ("steps",),
    "who": ("who", "requirements"),
    "terms": ("limit", "window", "language", "fee", "signer"),
    "duties": ("duties", "report", "leaving", "logo"),
    "benefits": ("benefits",),
    "award": ("award-meaning", "award-rhythm", "award-eligibility", "award-criteria"),
}
"""The topics of rules that each screen of /join shows."""

COMMISSIONS: Final = "https://www.unesco.org/en/countries"
CALLS: Final = ("window-2025", "window-next")
FEATURE_PARTS: Final = ("pediment", "column", "step")


def start(catalogue: Catalogue, reader: Reader, *, greeted: bool = False) -> Screen:
    """The first screen: what the bot knows, and three things to try. Whoever greeted is greeted."""
    _ = reader.translate
    total = catalogue.network_total
    return Screen(
        blocks=(
            line(
                _("Hello.") if greeted else "",
                reader.plural(
                    "Ask me about the UNESCO Global Network of Learning Cities: {cities} in {n} country (as of {date}).",
                    "Ask me about the UNESCO Global Network of Learning Cities: {cities} in {n} countries (as of {date}).",
                    total.countries or 0,
                ).format(cities=reader.plural("{n} city", "{n} cities", total.cities or 0), date=reader.date(total.date)),
                _("They make learning possible for people of every age."),
            ),
            line(
                _("Write the name of a city in any language, or just ask:"),
            ),
            Bullets((_("Is Nikopol a member?"), _("How does a city join?"), _("What do cities do for older people?"))),
            line(_("This bot is independent; it is not run or endorsed by UNESCO.")),
        ),
        buttons=(
            *rows(
                home_button(reader),
                Button(_("Nearest members"), FindNearest()),
                Button(_("About the network"), OpenAbout("network")),
                Button(_("How to join"), OpenJoin("how")),
                Button(_("🔔 Follow the news"), ChooseFollow()),
                *_other_languages(reader),
            ),
        ),
    )


def _other_languages(reader: Reader) -> tuple[Button, ...]:
    """Whose language was only guessed is offered Ukrainian and English; others the one of the two they do not read now."""
    offers = {Lang("uk"): "Українська", Lang("en"): "English"}
    return tuple(Button(label, SetLanguage(lang)) for lang, label in offers.items() if lang != reader.lang or not reader.chosen)


def help_(reader: Reader) -> Screen:
    """What the bot can do, command by command."""
    _ = reader.translate
    return Screen(
        blocks=(
            line(bold(_("What I can do"))),
            Bullets(
                (
                    _("/city Nikopol – a city by its name, in any language; typos are fine"),
                    _("/cities Korea, /cities 2025, /cities digital – lists of cities"),
                    _("/countries – countries and the number of their members"),
                    _("/nearby – members near you"),
                    _("/practices older people – what cities do"),
                    _("/awards 2019 – the Learning City Award"),
                    _("/news – news of the network"),
                    _("/subscribe Nikopol – get news of a city, a country, a region or a theme as it happens"),
                    _("/subscriptions, /unsubscribe – what this chat follows; /missed – news that did not arrive"),
                    _("/quiet 22:00-07:00 – hours in which nothing comes by itself; /digest – what the next digest will hold"),
                    _("/join – how a city joins"),
                    _("/about – what the network is"),
                    _("/language – change the language"),
                    _("/privacy, /mydata, /forget – what I store about you"),
                    _("/status – how up to date I am"),
                    _("Or just ask: is Lviv a member? In a group, name me in your question or reply to me."),
                )
            ),
            line(
                fill(_("In any chat, write {bot} and a name to share a card."), bot=code(f"@{reader.bot}"))
                if reader.bot
                else escape(_("A name alone is enough in a private chat."))
            ),
        ),
        buttons=rows(
            Button(_("Countries"), ListCountries(None)),
            Button(_("Practices"), ListThemes(None)),
            Button(_("About the network"), OpenAbout("network")),
            Button(_("How to join"), OpenJoin("how")),
            Button(_("Language"), ChooseLanguage()),
            Button(_("News"), ListNews(0, None)),
        ),
    )


def about(part: str, catalogue: Catalogue, reader: Reader) -> Screen:
    """What the network is, part by part; an unknown part shows the first."""
    parts = {
        "network": _about_network,
        "features": _about_features,
        "conferences": _about_conferences,
        "documents": _about_documents,
        "contacts": _about_contacts,
        "bot": _about_bot,
    }
    return Screen(parts.get(part, _about_network)(catalogue, reader), _about_buttons(part, reader))


def _about_buttons(part: str, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    _ = reader.translate
    labels = {
        "network": _("The network"),
        "features": _("Key features"),
        "conferences": _("Conferences"),
        "documents": _("Documents"),
        "contacts": _("Contacts"),
        "bot": _("This bot"),
    }
    return rows(*(Button(label, OpenAbout(name)) for name, label in labels.items() if name != part))


def _about_network(catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    _ = reader.translate
    return (
        line(bold(_("UNESCO Global Network of Learning Cities"))),
        line(network_numbers(catalogue, reader)),
        line(
            _("The network was launched in Beijing in 2013 and has admitted members since September 2015."),
            _("It is coordinated by the UNESCO Institute for Lifelong Learning (UIL) in Hamburg."),
        ),
        line(
            _(
                "It fosters policy dialogue and learning from one another, builds links, partnerships and capacity, "
                "and offers tools that encourage and recognise progress."
            ),
            _("Members support all Sustainable Development Goals, especially SDG 4 (education) and SDG 11 (cities)."),
        ),
        line(fill(_("Official page: {page}"), page=link("uil.unesco.org", OFFICIAL_PAGE))),
        line(fill(_("Source of the number: {source}"), source=cited(catalogue.network_total.sources[0], reader))),
    )


def _about_features(catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    _ = reader.translate
    headings = {
        "pediment": _("The wider benefits of building a learning city"),
        "column": _("The building blocks"),
        "step": _("The fundamental conditions"),
    }
    blocks: list[Block] = [
        line(
            bold(_("Key Features of Learning Cities")),
            _("A learning city mobilises its resources in every sector. The features are drawn as a temple: pediment, columns and steps."),
        )
    ]
    for part in FEATURE_PARTS:
        features = [feature for feature in catalogue.features if feature.part == part]
        blocks += [line(bold(headings[part])), Bullets(tuple(_feature(feature, reader) for feature in features))]
    return (*blocks, source_line(catalogue.features[0].sources if catalogue.features else (), reader))


def _feature(feature: Feature, reader: Reader) -> Html:
    return escape(reader.text(feature.title))


def _about_conferences(catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    _ = reader.translate
    newest_first = tuple(reversed(catalogue.conferences))
    return (
        line(bold(_("Conferences on learning cities"))),
        Bullets(tuple(_conference(conference, reader) for conference in newest_first)),
        source_line(newest_first[0].sources if newest_first else (), reader),
    )


def _conference(conference: Conference, reader: Reader) -> Html:
    when = reader.date(conference.start)
    head = " · ".join(filter(None, (when, reader.text(conference.place))))
    theme = reader.text(conference.theme)
    return fill("{head}. {theme}" if theme else "{head}", head=bold(head), theme=theme)


def _about_documents(catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    _ = reader.translate
    documents = catalogue.documents
    return (line(bold(_("Guiding documents and publications"))), Bullets(tuple(_document(document, reader) for document in documents)))


def _document(document: Document, reader: Reader) -> Html:
    title = reader.text(document.title)
    shown = link(title, document.url or document.sources[0].url)
    return Html(f"{shown} ({escape(reader.date(document.date))})") if document.date else shown


def _about_contacts(catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    _ = reader.translate
    contacts = [fill("{label}: {value}", label=reader.text(contact.label), value=contact.value) for contact in catalogue.contacts]
    return (
        line(bold(_("Contacts"))),
        Bullets(tuple(contacts)),
        line(fill(_("Find the National Commission of your country: {page}"), page=link("unesco.org", COMMISSIONS))),
        source_line(catalogue.contacts[0].sources if catalogue.contacts else (), reader),
    )


def _about_bot(catalogue: Catalogue, reader: Reader) -> tuple[Block, ...]:
    _ = reader.translate
    return (
        line(bold(_("This bot"))),
        line(
            _("It is independent: not run or endorsed by UNESCO or UIL."),
            _("Every card ends with its source and date. What the sources do not say, I do not know."),
        ),
        line(
            _("My list is incomplete: {known} of {total} members.").format(
                known=reader.number(len(catalogue.members)), total=reader.number(catalogue.network_total.cities or 0)
            ),
            reader.plural("I can tell about {n} practice.", "I can tell about {n} practices.", len(catalogue.practices)),
            _("Data: CC BY 4.0; place names and coordinates: GeoNames."),
        ),
    )


def join(topic: str, catalogue: Catalogue, reader: Reader) -> Screen:
    """How a city joins and what follows, topic by topic; an unknown topic shows the first."""
    _ = reader.translate
    topic = topic if topic in JOIN_PARTS else "how"
    labels = {
        "how": _("How a city joins"),
        "who": _("Who can join"),
        "terms": _("Deadlines, fee, language"),
        "duties": _("Duties of members"),
        "benefits": _("What members gain"),
        "award": _("Rules of the award"),
    }
    rules = [rule for wanted in JOIN_PARTS[topic] for rule in catalogue.rules if rule.topic == wanted]
    return Screen(
        blocks=(
            line(bold(labels[topic])),
            line(*(_rule(rule, reader) for rule in _calls(catalogue)) if topic == "how" else ()),
            Numbered(tuple(reader.text(rule.text) for rule in rules))
            if topic == "how"
            else Bullets(tuple(_rule(rule, reader) for rule in rules)),
            source_line(_best([source for rule in rules for source in rule.sources[:1]]), reader),
        ),
        buttons=rows(
            *(Button(label, OpenJoin(name)) for name, label in labels.items() if name != topic),
            Button(_("Contacts"), OpenAbout("contacts")),
        ),
    )


def _calls(catalogue: Catalogue) -> tuple[Rule, ...]:
    """The last call for members and what is known of the next: whoever asks how to join wants to know whether it is open."""
    return tuple(rule for rule in catalogue.rules if rule.id in CALLS)


def _rule(rule: Rule, reader: Reader) -> Html:
    return fill("{title}. {text}", title=bold(reader.text(rule.title)), text=reader.text(rule.text))


def _best(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Sources by who speaks, best first, newest first among equals."""
    order = {quality: place for place, quality in enumerate(type(sources[0].quality))} if sources else {}
    newest = sorted(sources, key=lambda source: str(source.date or ""), reverse=True)
    return tuple(sorted(newest, key=lambda source: order[source.quality]))


def status(catalogue: Catalogue, reader: Reader, watched: Watch | None = None) -> Screen:
    """How fresh and how complete the data are; `watched` is None where nobody knows."""
    _ = reader.translate
    total = catalogue.network_total
    newest = next((item.date for item in catalogue.news if item.date), None)
    return Screen(
        blocks=(
            line(bold(_("How up to date I am"))),
            Bullets(
                (
                    fill(
                        _("Members: {total} (as of {date}), {known} of them known by name"),
                        total=reader.number(total.cities or 0),
                        date=reader.date(total.date),
                        known=reader.number(len(catalogue.members)),
                    ),
                    fill(_("Practices: {n}"), n=reader.number(len(catalogue.practices))),
                    fill(_("News items: {n}, the newest of {date}"), n=reader.number(len(catalogue.news)), date=reader.date(newest))
                    if newest
                    else fill(_("News items: {n}"), n=reader.number(len(catalogue.news))),
                    *(_watched(watched, reader) if watched and watched.sources else ()),
                )
            ),
            source_line(total.sources, reader),
        ),
        buttons=rows(Button(_("About the network"), OpenAbout("network")), Button(_("News"), ListNews(0, None))),
    )


def _watched(watched: Watch, reader: Reader) -> Iterator[str]:
    """How many sources of news are looked at, and those of them that broke."""
    _ = reader.translate
    yield reader.plural("Sources of news watched: {n}", "Sources of news watched: {n}", watched.sources)
    for source in watched.silent:
        since = source.succeeded_at
        told = _("{source}: silent since {date}") if since else _("{source}: silent from the beginning")
        yield told.format(source=source.id, date=reader.date(since.date()) if since else "")
