"""Plain text in, an answer out; knows nothing of Telegram.

    text -> names inside it (data.names) -> words of the lexicon -> what remains -> a query on the catalogue -> a screen

A guess is never shown as a fact: a word that nothing accounts for turns the answer into "I do not know", together with what was understood.
"""

from bot.questions.answering import Answer, answer
from bot.questions.reading import Wanted, read_filter, read_news, read_origin, read_practices, read_wanted

__all__ = ["Answer", "Wanted", "answer", "read_filter", "read_news", "read_origin", "read_practices", "read_wanted"]
