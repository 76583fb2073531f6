"""What people can do, one module a feature.

The order matters: the first handler that fits takes the update, and the catch-alls come last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers import (
    about,
    awards,
    calendar,
    cities,
    city,
    fallback,
    follows,
    inline,
    language,
    membership,
    mistakes,
    nearby,
    news,
    pages,
    personal,
    practices,
    publish,
    questions,
    sources,
    start,
    timing,
    tuning,
    unanswered,
)

if TYPE_CHECKING:
    from telegram.ext import BaseHandler

FEATURES = (
    start,
    city,
    cities,
    practices,
    awards,
    news,
    pages,
    follows,
    calendar,
    tuning,
    membership,
    about,
    timing,  # before nearby: the answer to "where are you?" may be a location, too
    nearby,
    language,
    personal,
    publish,
    sources,
    unanswered,
    mistakes,  # before questions: the answer to "what is wrong?" is text, too
    inline,
    questions,
    fallback,  # whatever nobody took
)


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """Every handler, in the order in which they are asked."""
    return [handler for feature in FEATURES for handler in feature.handlers()]
