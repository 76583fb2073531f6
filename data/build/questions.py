"""Build `data/seed/faq_features.tsv`: what the questions of the FAQ and their other wordings speak of.

    python -m data.build.questions [--check]

Reading three thousand questions takes seconds, which a start need not spend. To be run again whenever the FAQ, its wordings
(`faq_questions.LANG.csv`), a lexicon or a name changes.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from data import upkeep
from data.build.tables import SEED, progress, rows, settle
from data.questions.faq import features_of, write_features

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from data.catalogue import Catalogue


def main(arguments: Sequence[str] | None = None) -> int:
    """Build or check the table; the exit code."""
    parser = argparse.ArgumentParser(description="Build data/seed/faq_features.tsv.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the table is out of date")
    check = parser.parse_args(arguments).check
    catalogue = upkeep.catalogue_of(upkeep.read_seed())
    progress("reading the questions")
    lines = sorted({f"{entry}\t{write_features(features_of(catalogue.read(text)))}\n" for entry, text in wordings(catalogue)})
    return settle(SEED / "faq_features.tsv", "id\tfeatures\n" + "".join(lines), check=check)


def wordings(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every question of the FAQ in every wording: an entry's id and the question."""
    yield from ((entry.id, text) for entry in catalogue.faq for text in entry.question.values())
    for path in sorted(SEED.glob("faq_questions.*.csv")):
        yield from ((row["id"], row["question"]) for row in rows(path))


if __name__ == "__main__":
    sys.exit(main())
