"""Names: one spelling, keys that bring spellings together, an index of everything that has a name, links in sentences.

    index = NameIndex.build(entries, words)
    index.lookup("Никополь")            -> (Hit(Ref(CITY, "nikopol"), EXACT, ...),)
    index.complete("nik")               -> what inline search shows while one types
    index.link("коли вступив Нікополь?") -> (Link(13, 21, (Ref(CITY, "nikopol"),), EXACT),)

Pure: no file is read here. `data.gazetteer` reads the tables that feed it.
"""

from data.names.folding import Token, normalise, normalise_all, tokens
from data.names.index import NameIndex
from data.names.keys import other_layouts, phonetic_key
from data.names.model import Entry, Hit, How, Kind, Link, Ref, Role, Word
from data.names.table import Kinds

__all__ = [
    "Entry",
    "Hit",
    "How",
    "Kind",
    "Kinds",
    "Link",
    "NameIndex",
    "Ref",
    "Role",
    "Token",
    "Word",
    "normalise",
    "normalise_all",
    "other_layouts",
    "phonetic_key",
    "tokens",
]
