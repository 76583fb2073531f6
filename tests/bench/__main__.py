"""Prints the report: handler times, start, memory, questions; growth; fan-out and sending; updates a second beside bare echo bots.

Medians with the least and the most, aims beside them. `--handlers`, `--growth`, `--delivery` or `--updates` measures only that; the first
two take a minute each, the others several. `--soak MINUTES` is apart from the report.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
from typing import TYPE_CHECKING

from tests.bench import delivery, growth
from tests.bench.handlers import handler_times
from tests.bench.questions import LONGEST_MS, MEGABYTES, P50_MS, P99_MS, SECONDS, load_times, longest_times, memory, question_times
from tests.bench.start import starts
from tests.bench.updates import report as updates
from tests.bench.updates.soak import soak

if TYPE_CHECKING:
    from collections.abc import Iterable

RUNS = 5
SLOWEST = 4
"""Longest messages that are shown, the slowest first."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--handlers", action="store_true", help="only handlers, starts, memory and questions")
    only.add_argument("--growth", action="store_true", help="only how the finding of names grows with the catalogue")
    only.add_argument("--delivery", action="store_true", help="only fan-out and sending")
    only.add_argument("--updates", action="store_true", help="only updates a second, beside bare echo bots")
    only.add_argument("--soak", type=int, metavar="MINUTES", help="only half of the most updates for so many minutes: what grows?")
    parser.add_argument("--receivers", type=int, default=1_000_000, help="chats of the fan-out")
    parser.add_argument("--seconds", type=float, default=20, help="how long to send at each rate")
    parser.add_argument("--runs", type=int, default=3, help="how often to measure fan-out and sending")
    parser.add_argument("--window", type=float, default=2, help="seconds of a window in which updates are counted")
    asked = parser.parse_args()
    print(f"Python {platform.python_version()} on {platform.machine()}")
    if asked.soak:
        asyncio.run(soak(asked.soak))
        return
    everything = not (asked.handlers or asked.growth or asked.delivery or asked.updates)
    if everything or asked.handlers:
        _report()
    if everything or asked.growth:
        growth.tell()
    if everything or asked.delivery:
        delivery.report(asked.receivers, asked.seconds, asked.runs)
    if everything or asked.updates:
        asyncio.run(updates.report(RUNS, asked.window))


def _report() -> None:
    print(f"\n{RUNS} runs each: median (least to most)\n")
    print("Handler time without transport, in-process            p50 ms                  p99 ms                  aim for p99")
    for name, times in asyncio.run(handler_times(RUNS)).items():
        print(f"  {name:<50}  {_spread(run.p50 for run in times)}  {_spread(run.p99 for run in times)}  2 ms")
    print("\nProcess from its start to the first answered update")
    for name, aim, runs in starts(RUNS):
        print(f"  {name:<50}  {_spread(run.seconds for run in runs)} s  aim {aim} s")
        print(f"  {'resident memory after it':<50}  {_spread(run.megabytes for run in runs)} MB  aim 150 MB")
    _questions()


def _questions() -> None:
    print("\nQuestions, one core, after warm-up                     p50 ms                  p99 ms")
    for name, times in question_times(RUNS):
        aims = f"aims {P50_MS:.0f} and {P99_MS:.0f} ms"
        print(f"  {name:<50}  {_spread(run.p50 for run in times)}  {_spread(run.p99 for run in times)}  {aims}")
    for name, taken in longest_times(RUNS)[:SLOWEST]:
        print(f"  {'4,096 characters: ' + name:<50}  {_spread(taken)} ms  aim {LONGEST_MS:.0f} ms")
    for name, seconds in load_times(RUNS):
        print(f"  {'loading: ' + name:<50}  {_spread(seconds)} s" + (f"  aim {SECONDS} s" if name == "all of it" else ""))
    print(f"  {'memory of the tables':<50}  {memory():6.2f} MB  aim {MEGABYTES} MB")


def _spread(values: Iterable[float]) -> str:
    held = sorted(values)
    return f"{statistics.median(held):6.2f} ({held[0]:.2f} to {held[-1]:.2f})".ljust(22)


if __name__ == "__main__":
    main()
