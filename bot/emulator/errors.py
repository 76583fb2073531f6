"""How the Bot API says no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIXES: Final[Mapping[int, str]] = {
    400: "Bad Request",
    403: "Forbidden",
    409: "Conflict",
    500: "Internal Server Error",
}


class ApiError(Exception):
    """A refused request: `code` is the HTTP status, `description` Telegram's wording.

    `faulty` is False where the request was well formed and the world said no: a user blocked the bot, a chat moved,
    Telegram asked for patience. Only faulty requests are defects of the bot.
    """

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None, *, faulty: bool = True) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})
        self.faulty = faulty

    def __repr__(self) -> str:
        return f"ApiError({self.code}, {self.description!r})"

    def payload(self) -> dict[str, object]:
        """The JSON body of the answer."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class ConnectionCut(Exception):
    """The connection ends without an answer.

    `accepted` tells whether Telegram had already obeyed, `sent` whether the request could leave at all.
    """

    def __init__(self, *, accepted: bool, sent: bool = True) -> None:
        super().__init__("cut after acceptance" if accepted else "cut before acceptance")
        self.accepted = accepted
        self.sent = sent


def bad_request(text: str) -> ApiError:
    """400: the request itself is wrong."""
    return ApiError(400, f"{PREFIXES[400]}: {text}")


def would_be_lost(text: str) -> ApiError:
    """400 for what Telegram accepts in silence and drops: a bot that relies on it has a defect all the same."""
    return bad_request(f"[strict] {text}")


def refused_by_world(text: str) -> ApiError:
    """400 for a state of the world that a correct bot meets: an unknown chat, a closed topic, an expired query."""
    return ApiError(400, f"{PREFIXES[400]}: {text}", faulty=False)


def forbidden(text: str) -> ApiError:
    """403: blocked, kicked, never met."""
    return ApiError(403, f"{PREFIXES[403]}: {text}", faulty=False)


def conflict(text: str) -> ApiError:
    """409: two consumers of updates."""
    return ApiError(409, f"{PREFIXES[409]}: {text}", faulty=False)


def too_many_requests(retry_after: int) -> ApiError:
    """429 with the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}, faulty=False)


def migrated(to: int) -> ApiError:
    """400 that names the supergroup a group has become."""
    description = f"{PREFIXES[400]}: group chat was upgraded to a supergroup chat"
    return ApiError(400, description, {"migrate_to_chat_id": to}, faulty=False)


def server_error(code: int = 502, description: str = "Bad Gateway") -> ApiError:
    """5xx: whether the request was obeyed is unknown."""
    return ApiError(code, description, faulty=False)


def unauthorized() -> ApiError:
    """401: the token is not this bot's."""
    return ApiError(401, "Unauthorized")


def not_found() -> ApiError:
    """404: no such method."""
    return ApiError(404, "Not Found")


def not_emulated(method: str) -> ApiError:
    """404 for a real method that nobody has needed here yet."""
    return ApiError(404, f"Not Found: method {method} is not emulated")
