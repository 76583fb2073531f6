"""When two addresses are one page, and two tellings one story. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from data.names import normalise

if TYPE_CHECKING:
    from data.sources.model import Told

SCHEMES: Final = ("http", "https")
LONGEST_ADDRESS: Final = 2_000
"""Characters; longer addresses do not fit the limits of those who would have to take them."""
TELLING_WORDS: Final = 4
"""A headline of so many words names its story; a shorter one, such as "Newsletter", needs its summary beside it."""
_PORTS: Final = {"http": 80, "https": 443}
_TRACKING: Final = re.compile(
    r"utm_\w+|mc_[ce]id|_hsenc|_hsmi|mkt_tok|oly_(anon|enc)_id|vero_(conv|id)|wickedid|(fb|g|tt|tw|y|d)clid|gclsrc|[gw]braid|msclkid|igshid|"
    r"_openstat|ref_src|at_(medium|campaign)",
    re.IGNORECASE,
)
_SAFE: Final = "/%:@!$&'()*+,;=~-._"
"""Characters that stay as they are; `%` because what is escaped is escaped already."""


def clean(url: str, base: str = "") -> str:
    """Where a reader goes: absolute, without fragment, tracking parameters and default port; the host in small letters.

    It is written in ASCII. Empty for nothing, for what is no page of the web, or longer than 2,000 characters.
    """
    if not url.strip():
        return ""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    if parts.scheme not in SCHEMES or not host or parts.username is not None:
        return ""
    place = f"[{host}]" if ":" in host else host
    if port not in (None, _PORTS[parts.scheme]):
        place = f"{place}:{port}"
    cleaned = urlunsplit((parts.scheme, place, quote(parts.path, _SAFE) or "/", _query(parts.query), ""))
    return cleaned if len(cleaned) <= LONGEST_ADDRESS else ""


def address_of(url: str) -> str:
    """What two addresses of one page share: also scheme, `www.`, a slash at the end and the order of parameters make no difference."""
    parts = urlsplit(clean(url))
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}{query and f'?{query}'}"


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host, with or without `www.`, whatever the port."""
    first, second = (urlsplit(clean(url)).hostname or "" for url in (one, other))
    return bool(first) and first.removeprefix("www.") == second.removeprefix("www.")


def digest_of(told: Told) -> str:
    """SHA-256 of the story as told, in hexadecimal digits: two sources with the same headline tell the same story.

    A headline of fewer than four words counts together with the summary. Case, accents and punctuation make no difference. The same
    headline may come back in another year: compare those of a few days only.
    """
    headline = normalise(told.title)
    if len(headline.split()) < TELLING_WORDS:
        headline = f"{headline}\n{normalise(told.summary)}"
    return _sha256(f"{told.lang}\n{headline}")


def key_of(told: Told) -> str:
    """SHA-256 of what the source calls it, else of its address, else of its content, in hexadecimal digits."""
    if told.own_id:
        return _sha256(f"id\n{told.own_id}")
    if told.url:
        return _sha256(f"address\n{address_of(told.url)}")
    return digest_of(told)


def _query(query: str) -> str:
    """Without what only counts where readers came from; what is left stays as it was written, in ASCII."""
    return "&".join(quote(part, _SAFE + "?") for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0]))


def _ascii(host: str) -> str:
    """A host as the network knows it. Raises ValueError."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
