"""Progress bars: on standard error, and only where somebody watches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.loading import Progress

T = TypeVar("T")


def watched(items: Sequence[T], what: str) -> tqdm[T]:
    """The items, with a bar while they pass."""
    return tqdm(items, desc=what, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False)


def table_bar(unit: str = "tables") -> Progress:
    """A bar that names the table at hand, and moves with the tables or, as `unit` says, the rows that are done."""
    bar: tqdm[Any] = tqdm(file=sys.stderr, disable=not sys.stderr.isatty(), leave=False, unit=f" {unit}")

    def show(table: str, done: int, tables: int) -> None:
        bar.total = tables
        bar.set_description(table, refresh=False)
        bar.update(done - bar.n)
        if done == tables:
            bar.close()

    return show
