"""Reading and writing the tables that the build scripts share."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED: Final = Path(__file__).parent.parent / "seed"
BUILD: Final = Path(__file__).parent


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a `.csv` or `.tsv` file with a heading."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")


def progress(message: str) -> None:
    """Say where the work stands, beside the output."""
    print(message, file=sys.stderr, flush=True)


def settle(path: Path, text: str, *, check: bool) -> int:
    """Write the table, or with `check` only compare. The exit code: 1 when a check finds a difference."""
    if check:
        same = path.exists() and path.read_text(encoding="utf-8") == text
        progress(f"{path.name}: {'up to date' if same else 'out of date'}")
        return 0 if same else 1
    path.write_text(text, encoding="utf-8", newline="\n")
    progress(f"{path.name}: {text.count(chr(10)) - 1} rows, {len(text.encode()) / 1e6:.2f} MB")
    return 0
