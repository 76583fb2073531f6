"""What people send: updates as the bytes that Telegram would write, and how an answer to each is recognised."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Final

FIRST_CHAT: Final = 10_000_000
_PERSON: Final = {"id": -1, "is_bot": False, "first_name": "Леся", "last_name": "Коваль", "username": "lesia_-1", "language_code": "uk"}
_CHAT: Final = {"id": -1, "first_name": "Леся", "last_name": "Коваль", "username": "lesia_-1", "type": "private"}


@dataclass(frozen=True, slots=True)
class Kind:
    """Updates that differ in their numbers only."""

    name: str
    head: bytes
    middle: tuple[bytes, ...]
    """What stands between the numbers of the chat."""

    def update(self, number: int, chat: int) -> bytes:
        """The update with this number."""
        sender = b"%d" % (FIRST_CHAT + chat)
        return self.head % (number, number) + sender.join(self.middle)


def _kind(name: str, **content: object) -> Kind:
    written = json.dumps({"update_id": "NUMBER", **content}, ensure_ascii=False, separators=(",", ":")).encode()
    written = written.replace(b"%", b"%%").replace(b'"id":"NUMBER"', b'"id":"%d"').replace(b'"NUMBER"', b"%d")
    first, *others = written.split(b"-1")
    return Kind(name, first, (b"", *others))


def _says(name: str, text: str) -> Kind:
    command = [{"offset": 0, "length": len(text.split(maxsplit=1)[0]), "type": "bot_command"}] if text.startswith("/") else None
    message = {"message_id": "NUMBER", "from": _PERSON, "chat": _CHAT, "date": int(time.time()), "text": text}
    return _kind(name, message=message | ({"entities": command} if command else {}))


def kinds() -> dict[str, Kind]:
    """By name."""
    query = {"id": "NUMBER", "from": _PERSON, "query": "nik", "offset": "", "chat_type": "sender"}
    made = (_says("city", "/city Nikopol"), _kind("inline", inline_query=query), _says("question", "чи є Львів у мережі?"))
    return {kind.name: kind for kind in made}
