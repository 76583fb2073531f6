"""What a request may contain, read from the signatures of the installed python-telegram-bot.

Nothing of the Bot API is copied here: methods and parameters are those of `telegram.Bot`, objects and fields those of its classes. Names
behind `*` in PTB are its own conveniences and never travel, so they are unknown here too.
"""

from __future__ import annotations

import inspect
import json
import re
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import NoneType, UnionType
from typing import Any, Final, Protocol, TypeAlias

import telegram
from telegram._utils import types as ptb_types  # The aliases that PTB's annotations name live nowhere else.
from telegram._utils.defaultvalue import DefaultValue

from bot.emulator import limits
from bot.emulator.errors import ApiError, bad_request, would_be_lost

Json: TypeAlias = dict[str, Any]

_NAMES: Final[Mapping[str, object]] = {**vars(ptb_types), **vars(telegram)}
_TYPE_WORDS: Final[Mapping[type, str]] = {int: "Integer", float: "Float", bool: "Boolean", str: "String"}
_TRUTHS: Final[Mapping[str, bool]] = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


@dataclass(frozen=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass
class Place:
    """Where a value stands, for the complaint, and the files that came along."""

    words: str = ""
    name: str = ""
    files: Mapping[str, Upload] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def inside(self, words: str, name: str) -> Place:
        """The place of a field of the object called `words`; without words, of a parameter."""
        return Place(words, name, self.files, self.used)

    def wrong(self, expected: str) -> ApiError:
        """The complaint about a value of another type."""
        if not self.words:
            return bad_request(f'parameter "{self.name}" must be of type {expected}')
        return bad_request(f'can\'t parse {self.words}: Field "{self.name}" must be of type {expected}')


class Kind(Protocol):
    """A type of the Bot API."""

    def fits(self, value: object) -> bool:
        """Whether the JSON value has this type on the outside."""

    def read(self, value: Any, at: Place) -> Any:
        """The value, checked to its depths."""

    def parse(self, text: str, at: Place) -> Any:
        """The value of a form field, checked."""


@dataclass(frozen=True)
class _Scalar:
    """A number, a truth or a string."""

    type: type

    def fits(self, value: object) -> bool:
        if self.type is float:
            return isinstance(value, int | float) and not isinstance(value, bool)
        return type(value) is self.type

    def read(self, value: Any, at: Place) -> Any:
        if not self.fits(value):
            raise at.wrong(_TYPE_WORDS[self.type])
        return value

    def parse(self, text: str, at: Place) -> Any:
        if self.type is str:
            return text
        try:
            return _TRUTHS[text.lower()] if self.type is bool else self.type(text)
        except (ValueError, KeyError) as error:
            raise at.wrong(_TYPE_WORDS[self.type]) from error


@dataclass(frozen=True)
class _File:
    """A file_id, a URL, or an upload named by `attach://`."""

    def fits(self, value: object) -> bool:
        return isinstance(value, str)

    def read(self, value: Any, at: Place) -> Any:
        if not isinstance(value, str):
            raise at.wrong("String")
        if not value.startswith("attach://"):
            return value
        name = value.removeprefix("attach://")
        if name not in at.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        at.used.add(name)
        return at.files[name]

    def parse(self, text: str, at: Place) -> Any:
        return self.read(text, at)


@dataclass(frozen=True)
class _Array:
    """A list of one kind."""

    item: Kind

    def fits(self, value: object) -> bool:
        return isinstance(value, list)

    def read(self, value: Any, at: Place) -> Any:
        if not isinstance(value, list):
            raise at.wrong("Array")
        return [self.item.read(item, at) for item in value]

    def parse(self, text: str, at: Place) -> Any:
        return self.read(_json(text, at), at)


@dataclass(frozen=True)
class _Anything:
    """A mapping that PTB describes no further."""

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)

    def read(self, value: Any, at: Place) -> Any:
        if not self.fits(value):
            raise at.wrong("Object")
        return value

    def parse(self, text: str, at: Place) -> Any:
        return self.read(_json(text, at), at)


@dataclass(frozen=True)
class _Object:
    """One of several classes, told apart by their fixed fields (`type`, `force_reply`) and by what is present."""

    classes: tuple[type, ...]
    words: str

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """Read late: classes refer to one another."""
        return tuple(shape_of(cls) for cls in self.classes)

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)

    def read(self, value: Any, at: Place) -> Any:
        if not isinstance(value, dict):
            raise at.wrong("Object") if at.words else bad_request(f"object expected as {_words(at.name)}")
        alike = [shape for shape in self.shapes if shape.alike(value)]
        if not alike:
            raise bad_request(f"can't parse {self.words}: type {json.dumps(value.get('type', ''))} is unsupported")
        return min(alike, key=lambda shape: shape.distance(value)).read(value, at)

    def parse(self, text: str, at: Place) -> Any:
        return self.read(_json(text, at), at)


@dataclass(frozen=True)
class _Either:
    """A value of one of several kinds, in the order of the signature."""

    kinds: tuple[Kind, ...]

    def fits(self, value: object) -> bool:
        return any(kind.fits(value) for kind in self.kinds)

    def read(self, value: Any, at: Place) -> Any:
        for kind in self.kinds:
            if kind.fits(value):
                return kind.read(value, at)
        return self.kinds[0].read(value, at)

    def parse(self, text: str, at: Place) -> Any:
        kinds = self.kinds
        if text[:1] in {"[", "{"}:
            kinds = tuple(kind for kind in kinds if not isinstance(kind, _Scalar | _File)) or kinds
            return _Either(kinds).read(_json(text, at), at)
        for kind in kinds[:-1]:
            try:
                return kind.parse(text, at)
            except ApiError:
                continue
        return kinds[-1].parse(text, at)


@dataclass(frozen=True)
class Shape:
    """The fields of one class of the Bot API."""

    name: str
    words: str
    fields: Mapping[str, Kind]
    required: frozenset[str]
    fixed: Mapping[str, object]

    def alike(self, value: Json) -> bool:
        """Whether the fixed fields are as they must be."""
        return all(value.get(name) == wanted for name, wanted in self.fixed.items())

    def distance(self, value: Json) -> int:
        """How many fields are missing or unknown."""
        return len(self.required - value.keys()) + len(value.keys() - self.fields.keys() - self.fixed.keys())

    def read(self, value: Json, at: Place) -> Json:
        """The object, checked to its depths and against the limits."""
        missing = sorted(self.required - value.keys())
        if missing:
            raise bad_request(f"can't parse {self.words}: Can't find field \"{missing[0]}\"")
        unknown = sorted(value.keys() - self.fields.keys() - self.fixed.keys())
        if unknown:
            raise would_be_lost(f'{self.words} has no field "{unknown[0]}"')
        found = {name: value[name] for name in self.fixed}
        found |= {name: self.fields[name].read(item, at.inside(self.words, name)) for name, item in value.items() if name in self.fields}
        limits.check_object(self.name, found)
        return found


@dataclass(frozen=True)
class Signature:
    """The parameters of one method."""

    method: str
    parameters: Mapping[str, Kind]
    required: Sequence[str]

    def read(self, given: Mapping[str, object], files: Mapping[str, Upload]) -> Json:
        """Checked parameters; strings are form fields, anything else is JSON. Raises ApiError."""
        at = Place(files=files)
        params: Json = {}
        for name, value in given.items():
            kind = self.parameters.get(name)
            if kind is None:
                raise would_be_lost(f'method {self.method} has no parameter "{name}"')
            if value is not None:
                place = at.inside("", name)
                params[name] = kind.parse(value, place) if isinstance(value, str) else kind.read(value, place)
        for name in files.keys() & self.parameters.keys():
            params[name] = files[name]
            at.used.add(name)
        self._complain(params, at)
        limits.check_parameters(self.method, params)
        return params

    def _complain(self, params: Json, at: Place) -> None:
        for name in self.required:
            if name not in params:
                raise bad_request(limits.MISSING.get(name, f'parameter "{name}" is required'))
        for name in at.files.keys() - at.used:
            raise would_be_lost(f'nothing refers to the uploaded file "{name}"')


@cache
def methods() -> Mapping[str, Callable[..., Any]]:
    """The methods of the Bot API that PTB knows, by their wire names."""
    return {name: value for name, value in vars(telegram.Bot).items() if _is_method(name, value)}


def _is_method(name: str, value: object) -> bool:
    """PTB has every method twice: `send_message` and its alias `sendMessage`; those of one word once."""
    return name[0] != "_" and "_" not in name and inspect.iscoroutinefunction(value) and name not in {"initialize", "shutdown"}


@cache
def signature_of(method: str) -> Signature:
    """The signature of a method of `methods()`."""
    function = methods()[method]
    hints = typing.get_type_hints(function, localns=dict(_NAMES))
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self" and p.kind is not p.KEYWORD_ONLY]
    kinds = {p.name: kind_of(hints[p.name]) for p in parameters}
    return Signature(method, kinds, tuple(p.name for p in parameters if p.default is p.empty))


@cache
def shape_of(cls: type) -> Shape:
    """The fields of a class: its slots, since PTB's constructors also take deprecated and convenience names."""
    init = cls.__init__  # type: ignore[misc]
    hints = typing.get_type_hints(init, localns=dict(_NAMES))
    parameters = inspect.signature(init).parameters
    lineage = [base for base in cls.__mro__ if base not in {telegram.TelegramObject, object}]
    slots = {slot.lstrip("_") for base in lineage for slot in getattr(base, "__slots__", ())}
    fields = {name: kind_of(hints[name]) for name in slots if name in parameters}
    required = frozenset(name for name in fields if parameters[name].default is inspect.Parameter.empty)
    fixed = {name: _fixed_value(cls.__name__, [base.__name__ for base in lineage[1:]], name) for name in slots if name not in parameters}
    return Shape(cls.__name__, _words(cls.__name__), fields, required, fixed)


def _fixed_value(name: str, bases: Iterable[str], field: str) -> object:
    """What PTB's constructor would put: `type` is the rest of the class's name, a flag is True."""
    if field != "type":
        return True
    for base in bases:
        name = name.removeprefix(base.removeprefix("_Base"))
    return _snake(name.removeprefix("Cached"))


def kind_of(hint: Any) -> Kind:
    """The kind a PTB annotation stands for on the wire."""
    options = [option for option in _options(hint) if not _stays_home(option)]
    if telegram.InputFile in options:
        return _File()
    objects = [option for option in options if inspect.isclass(option) and issubclass(option, telegram.TelegramObject)]
    kinds: list[Kind] = [_plain(option) for option in options if option not in objects]
    if objects:
        classes = tuple(leaf for cls in objects for leaf in _leaves(cls))
        kinds.append(_Object(classes, _words(objects[0].__name__) if len(objects) == 1 else "reply markup"))
    unique = tuple(dict.fromkeys(kinds))
    return unique[0] if len(unique) == 1 else _Either(unique)


def _options(hint: Any) -> Iterable[Any]:
    """The members of a union, PTB's wrapper for defaults taken off."""
    origin = typing.get_origin(hint)
    if origin in {typing.Union, UnionType}:
        return [option for member in typing.get_args(hint) for option in _options(member)]
    if origin is DefaultValue:
        return _options(typing.get_args(hint)[0])
    return [hint]


def _stays_home(option: Any) -> bool:
    """Python conveniences that PTB turns into something else before sending."""
    if option in {NoneType, object} or typing.get_origin(option) in {tuple, Callable}:
        return True
    return inspect.isclass(option) and option.__module__ == "datetime" and option.__name__ == "timedelta"


def _plain(option: Any) -> Kind:
    origin, arguments = typing.get_origin(option), typing.get_args(option)
    if origin is typing.Literal:
        return _Scalar(type(arguments[0]))
    if option in _TYPE_WORDS:
        return _Scalar(option)
    if inspect.isclass(option) and option.__module__ == "datetime":
        return _Scalar(int)
    if origin is dict or option is dict:
        return _Anything()
    if origin is not None and inspect.isclass(origin) and issubclass(origin, Sequence):
        return _Array(kind_of(arguments[0]))
    raise TypeError(f"the annotation {option!r} of python-telegram-bot has no counterpart on the wire")


def _leaves(cls: type) -> list[type]:
    subclasses: list[type] = cls.__subclasses__()
    own = (child for child in subclasses if child.__module__.startswith("telegram."))
    return [leaf for child in own for leaf in _leaves(child)] or [cls]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _words(name: str) -> str:
    return _snake(name).replace("_", " ")


def _json(text: str, at: Place) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise bad_request(f"can't parse {_words(at.name)} JSON object") from error
