"""What an answer of Telegram means for a delivery: each line of the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.outcomes import (
    BLOCKED,
    CLOSED,
    DEFECTIVE,
    GONE,
    KICKED,
    MUTED,
    NO_CHAT,
    OUTCOMES,
    Defect,
    Failed,
    Flooded,
    Halt,
    Moved,
    NotSent,
    Outcome,
    TopicClosed,
    Uncertain,
    Unreachable,
    outcome_of,
)
from bot.delivery.outcomes import Muted as MutedOutcome
from bot.transport import AnswerTimedOut, NeverSent, PerhapsSent, TooLarge
from data.states import ChatState

BLOCKED_CHAT, KICKED_CHAT, GONE_CHAT = (Unreachable(state) for state in (ChatState.BLOCKED, ChatState.KICKED, ChatState.GONE))
DOWN = OperationalError("SELECT 1", None, Exception("database is locked"))


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(43_838), Flooded(43_838)),
        (ChatMigrated(-1001), Moved(-1001)),
        (InvalidToken("Unauthorized"), Halt("InvalidToken")),
        (Conflict("terminated by other getUpdates request"), Halt("Conflict")),
        (DOWN, Halt("database")),
        (Forbidden("Forbidden: bot was blocked by the user"), BLOCKED_CHAT),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), KICKED_CHAT),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), KICKED_CHAT),
        (Forbidden("Forbidden: user is deactivated"), GONE_CHAT),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), GONE_CHAT),
        (Forbidden("Forbidden: the group chat was deleted"), GONE_CHAT),
        (Forbidden("Forbidden: bot can't send messages to bots"), GONE_CHAT),
        (Forbidden("Forbidden: CHAT_WRITE_FORBIDDEN"), MutedOutcome()),
        (Forbidden("Forbidden: something new"), Failed("Forbidden")),
        (NeverSent("No connection: ClientConnectorError"), NotSent()),
        (TooLarge("Request Entity Too Large (413)"), Defect("TooLarge")),
        (PerhapsSent("Cut off: ServerDisconnectedError"), Uncertain("PerhapsSent")),
        (PerhapsSent("Bad Gateway (502)"), Uncertain("PerhapsSent")),
        (AnswerTimedOut("No answer in time"), Uncertain("AnswerTimedOut")),
        (BadRequest("Chat not found"), GONE_CHAT),
        (BadRequest("PEER_ID_INVALID"), GONE_CHAT),
        (BadRequest("Message thread not found"), TopicClosed()),
        (BadRequest("TOPIC_CLOSED"), TopicClosed()),
        (BadRequest("Not enough rights to send text messages to the chat"), MutedOutcome()),
        (BadRequest("Have no rights to send a message"), MutedOutcome()),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), MutedOutcome()),
        (BadRequest("Need administrator rights in the channel chat"), MutedOutcome()),
        (BadRequest("Can't parse entities: unsupported start tag"), Defect("refused")),
        (BadRequest("Message is too long"), Defect("refused")),
        (BadRequest("BUTTON_DATA_INVALID"), Defect("refused")),
        (BadRequest("MEDIA_EMPTY"), Defect("refused")),
        (BadRequest("Wrong file identifier/HTTP URL specified"), Defect("refused")),
        (BadRequest("Something nobody foresaw"), Failed("BadRequest")),
        (TimedOut(), Uncertain("TimedOut")),
        (NetworkError("httpx.ReadError"), Uncertain("NetworkError")),
        (TelegramError("what is this"), Failed("TelegramError")),
        (KeyError("title"), Failed("KeyError")),
    ],
    ids=lambda value: value.message if isinstance(value, TelegramError) else None,
)
def test_an_answer_means_what_the_table_says(error: Exception, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome


@pytest.mark.parametrize("phrase", [phrase for phrases in (BLOCKED, KICKED, GONE, NO_CHAT, MUTED, CLOSED, DEFECTIVE) for phrase in phrases])
def test_a_phrase_is_found_in_whatever_case_telegram_writes_it(phrase: str) -> None:
    assert phrase == phrase.lower()
    kind = Forbidden if phrase in GONE else BadRequest
    assert outcome_of(kind(phrase.upper())) == outcome_of(kind(phrase)) != Failed(kind.__name__)


def test_no_rule_is_hidden_behind_an_earlier_one() -> None:
    for number, rule in enumerate(OUTCOMES):
        for earlier in OUTCOMES[:number]:
            assert earlier.phrases or not issubclass(rule.error, earlier.error), f"{rule.error.__name__} never gets its turn"


@given(st.sampled_from([BadRequest, Forbidden, NetworkError, TelegramError]), st.text(max_size=60))
def test_whatever_telegram_says_there_is_an_outcome_and_it_is_never_a_resend_by_mistake(kind: type[TelegramError], text: str) -> None:
    outcome = outcome_of(kind(text))
    assert not isinstance(outcome, NotSent | Flooded), "only what surely did not arrive is sent again"
