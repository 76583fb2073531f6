"""Prints the report: handler times, start, memory; fan-out and sending. Medians with the least and the most, what was aimed at beside them.

`--handlers` or `--delivery` measures only that: the former takes a minute, the latter several.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
from typing import TYPE_CHECKING

from tests.bench import delivery
from tests.bench.handlers import handler_times
from tests.bench.start import starts

if TYPE_CHECKING:
    from collections.abc import Iterable

RUNS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--handlers", action="store_true", help="only handlers, starts and memory")
    only.add_argument("--delivery", action="store_true", help="only fan-out and sending")
    parser.add_argument("--receivers", type=int, default=1_000_000, help="chats of the fan-out")
    parser.add_argument("--seconds", type=float, default=20, help="how long to send at each rate")
    parser.add_argument("--runs", type=int, default=3, help="how often to measure fan-out and sending")
    asked = parser.parse_args()
    print(f"Python {platform.python_version()} on {platform.machine()}")
    if not asked.delivery:
        _report()
    if not asked.handlers:
        delivery.report(asked.receivers, asked.seconds, asked.runs)


def _report() -> None:
    print(f"\n{RUNS} runs each: median (least to most)\n")
    print("Handler time without transport, in-process            p50 ms                  p99 ms                  aim for p99")
    for name, times in asyncio.run(handler_times(RUNS)).items():
        print(f"  {name:<50}  {_spread(run.p50 for run in times)}  {_spread(run.p99 for run in times)}  2 ms")
    print("\nProcess from its start to the first answered update")
    for name, aim, runs in starts(RUNS):
        print(f"  {name:<50}  {_spread(run.seconds for run in runs)} s  aim {aim} s")
        print(f"  {'resident memory after it':<50}  {_spread(run.megabytes for run in runs)} MB  aim 150 MB")


def _spread(values: Iterable[float]) -> str:
    held = sorted(values)
    return f"{statistics.median(held):6.2f} ({held[0]:.2f} to {held[-1]:.2f})".ljust(22)


if __name__ == "__main__":
    main()
