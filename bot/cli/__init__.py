"""The command line: `main.py run|ask|data|db|news|questions|check`.

Each command is a function in a module of this package, imported when it is called, so that `--help` costs nothing and `ask` does not
load Telegram.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from bot.cli.parser import build_parser
from bot.exits import Exit

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping, Sequence

INTERRUPTED = 130
"""What shells expect after Ctrl-C."""


def main(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Do what the command line asks for; the exit code."""
    options = build_parser().parse_args(arguments)
    command: Callable[[Namespace, Mapping[str, str]], int] = getattr(import_module(f"bot.cli.{options.module}"), options.function)
    try:
        return int(command(options, environment))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output (`| head`) has enough. What Python would flush at its end has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as error:
        if not (known := _explained(error)):
            raise
        code, message = known
        print(f"main.py: {message}", file=sys.stderr)
        return code


def _explained(error: Exception) -> tuple[Exit, str] | None:
    """Code and words for what an operator can mend; None for a defect of ours."""
    from bot.logs import reason  # noqa: PLC0415 - an error is no start to hurry
    from bot.settings import WrongSetting  # noqa: PLC0415 - as above
    from data.db import is_storage_error  # noqa: PLC0415 - as above

    if isinstance(error, WrongSetting):
        return Exit.CONFIG, str(error)
    if isinstance(error, OSError) and error.filename:
        return Exit.FAILED, f"{error.filename}: {error.strerror}"
    if is_storage_error(error):
        return Exit.FAILED, f"the database of DATABASE_URL cannot be used: {reason(error)}"
    return None
