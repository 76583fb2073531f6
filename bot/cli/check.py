"""`main.py check`: is the installation right?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.diagnosis import Verdict, diagnose
from bot.exits import Exit
from bot.settings import read_settings

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping


def check(_options: Namespace, environment: Mapping[str, str]) -> int:
    """Print what was found, one line a question."""
    findings = asyncio.run(diagnose(read_settings(environment)))
    for finding in findings:
        print(f"{finding.verdict:<4}  {finding.about:<9} {finding.words}")
    return Exit.FAILED if any(finding.verdict is Verdict.FAIL for finding in findings) else Exit.DONE
