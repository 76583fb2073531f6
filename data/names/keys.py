"""Keys that bring spellings together: by sound, and by the key pressed.

The phonetic key is a skeleton in Latin letters. Ukrainian and Russian spellings meet in it (и і ы ї й; е є э; г ґ х; ь and ъ gone), and
so do their romanisations: the Ukrainian one of 2010 (Resolution 55 of the Cabinet of Ministers) and those made through Russian, whose
`-ov`, `-pol` and `-skiy` stand for `-iv`, `-pil` and `-skyi`. It is for comparison only and is never shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LATIN_OF: Final = str.maketrans(
    dict(zip("абвгґдежзийклмнопрстуфхцшщыэ", "abvggdezziiklmnoprstufgsssie", strict=True))
    | dict(zip("єіїёюяўјәғқңөұүһљњћђџ", "eiioua" + "viagknouuglncdz", strict=True))
    | {"ъ": "", "ь": "", "'": ""}
)
"""One letter for one letter; `ч` stands for itself."""
_SPELLINGS: Final = (
    *(("shch", "s"), ("tsch", "ч"), ("tch", "ч"), ("sch", "s"), ("sh", "s"), ("zh", "z"), ("kh", "g"), ("ch", "ч"), ("gh", "g")),
    *(("ph", "f"), ("th", "t"), ("dj", "dz"), ("ts", "s"), ("tz", "s"), ("cz", "ч"), ("sz", "s"), ("ck", "k"), ("ou", "u")),
    *(("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"), ("w", "v"), ("h", "g"), ("x", "ks"), ("j", "i"), ("y", "i")),
)
_DOUBLED: Final = tuple((letter * 2, letter) for letter in "abdefgiklmnoprstuvzч")
_ENDINGS: Final = (
    (re.compile(r"[eio]+v(?=[eo]?\b|sk)"), "iv"),  # Kiev, Kyiv; Lvov, Lviv; Novoyavorovsk, Novoyavorivsk
    (re.compile(r"[io]l(?=\b|sk)"), "il"),  # Ternopol, Ternopil
    (re.compile(r"i+(?=[aeou])|\b[ae]l (?=\w)"), ""),  # Victoria, Вікторія; Al-Wakra, Ель-Вакра, Вакра
    (re.compile(r"(?<=[sv])[eo]+\b"), "e"),  # Yenakiieve, Yenakievo
    (re.compile(r"(?<=sk)o?[ei]\b"), "i"),  # -ske, -skoe, -sky
)

_EN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.\\`"
_UK: Final = "йцукенгшщзхїфівапролджєячсмитьбюґ'"
_RU: Final = "йцукенгшщзхъфывапролджэячсмитьбю\\ё"
_LAYOUTS: Final = tuple(
    (re.compile(f"[{re.escape(typed)}0-9 -]+"), str.maketrans(typed, meant))
    for typed, meant in ((_EN, _UK), (_EN, _RU), (_UK, _EN), (_RU, _EN))
)


def phonetic_key(norm: str) -> str:
    """The key of a normalised text; words are run together, for people do."""
    return _skeleton(norm).replace(" ", "")


def phonetic_keys(norms: Sequence[str]) -> list[str]:
    """`phonetic_key` of each normalised text, in one pass over all of them."""
    return _skeleton("\n".join(norms)).replace(" ", "").split("\n") if norms else []


def other_layouts(text: str) -> Iterable[str]:
    """What the same keys give on the other keyboards: English read as Ukrainian and as Russian, and back.

    Nothing for a text with letters that the keyboard it would have been typed on has not.
    """
    typed = text.casefold().strip()
    return dict.fromkeys(swapped for keys, layout in _LAYOUTS if keys.fullmatch(typed) and (swapped := typed.translate(layout)) != typed)


def _skeleton(text: str) -> str:
    key = text.translate(_LATIN_OF)
    for spelling, sound in _SPELLINGS:
        key = key.replace(spelling, sound)
    for ending, sound in _ENDINGS:
        key = ending.sub(sound, key)
    for doubled, letter in _DOUBLED:
        while doubled in key:
            key = key.replace(doubled, letter)
    return key
