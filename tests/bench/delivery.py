"""The report on delivery: figures with what was aimed at beside them, each engine and each run in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import statistics
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, Final

os.environ.setdefault("PTB_TIMEDELTA", "1")  # read by PTB when it is imported

from tests.bench.databases import ENGINES
from tests.bench.fan_out import FanOut, fan_out
from tests.bench.sampling import LIBRARIES, LOOP, OWN
from tests.bench.sending import RATES, Sending, sending

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

AIMS: Final = {"sqlite": 10, "postgresql": 20}
HEAVIEST: Final = 12


def report(followers: int, seconds: float, runs: int) -> None:
    """Measure and print."""
    print(f"\nOne item for {followers:,} chats by the bot's own worker, {runs} runs each: median (least to most); {_load()}")
    for engine in ENGINES:
        _tell_fan_out(engine, [_alone(fan_out, engine, followers) for _ in range(runs)])
    print(f"\nSending for {seconds:.0f} s, 50 ms an answer, {runs} runs each: median (least to most); {_load()}")
    for engine in ENGINES:
        for rate in RATES:
            _tell_sending(engine, [_alone(sending, engine, rate, seconds) for _ in range(runs)])


def _tell_fan_out(engine: str, runs: list[FanOut]) -> None:
    ratio = [run.p99 / run.p99_idle for run in runs]
    print(f"  {engine}")
    for name, figure, aim in (
        ("fan-out", _spread("{:.2f} s", (run.seconds for run in runs)), f"aim {AIMS[engine]} s"),
        ("longest wait of a writer in the bot", _spread("{:.0f} ms", (run.longest_wait * 1e3 for run in runs)), "aim 1,000 ms"),
        ("of one outside", _spread("{:.0f} ms", (run.longest_wait_outside * 1e3 for run in runs)), "aim 1,000 ms"),
        ("/city p99 idle", _spread("{:.1f} ms", (run.p99_idle for run in runs)), ""),
        ("/city p99 meanwhile", _spread("{:.1f} ms", (run.p99 for run in runs)), ""),
        ("their ratio", _spread("{:.2f}", ratio), ""),
        ("resident memory before", _spread("{:.1f} MB", (run.before for run in runs)), ""),
        ("at its peak", _spread("{:.1f} MB", (run.peak for run in runs)), "aim: as before, but for SQLite's cache of 33 MB"),
        ("after", _spread("{:.1f} MB", (run.after for run in runs)), ""),
        ("counting the list by state", _spread("{:.0f} ms", (run.counting * 1e3 for run in runs)), ""),
    ):
        print(f"    {name:<40}  {figure:<34}  {aim}".rstrip())


def _tell_sending(engine: str, runs: list[Sending]) -> None:
    rate = runs[0].rate
    print(f"  {engine} at {rate:,.0f} a second; {_load()}")
    for name, figure, aim in (
        ("reached", _spread("{:.2f}/s", (run.reached for run in runs)), ""),
        ("of the limit", _spread("{:.1%}", (run.reached / rate for run in runs)), "aim 97 %"),
        ("processor a message", _spread("{:.2f} ms", (run.cpu_ms for run in runs)), ""),
        ("without PTB, aiohttp and asyncio", _spread("{:.2f} ms", map(_ours, runs)), ""),
        ("what the server takes besides", _spread("{:.2f} ms", (run.server_ms for run in runs)), ""),
        ("resident memory before", _spread("{:.1f} MB", (run.before for run in runs)), ""),
        ("after", _spread("{:.1f} MB", (run.after for run in runs)), "aim: as before"),
    ):
        print(f"    {name:<40}  {figure:<34}  {aim}".rstrip())
    if rate == max(RATES):
        _tell_profile(runs)


def _tell_profile(runs: list[Sending]) -> None:
    """Median microseconds a message, by whose code it is; and the heaviest functions of ours."""
    print("    by whose code, in microseconds a message")
    for owner, figure in _medians([run.owners for run in runs]).most_common():
        print(f"      {owner:<38}  {figure:6.0f}")
    print("    the heaviest functions of ours, own time")
    for name, figure in _medians([run.functions for run in runs]).most_common(HEAVIEST):
        print(f"      {name:<66}  {figure:6.0f}")


def _ours(run: Sending) -> float:
    """Milliseconds of the processor that are the bot's own and the database's."""
    foreign = {LIBRARIES["telegram"], LIBRARIES["aiohttp"], LOOP}
    return sum(figure for owner, figure in run.owners.items() if owner not in foreign and (owner in OWN.values() or "SQL" in owner)) / 1e3


def _medians(found: list[Counter[str]]) -> Counter[str]:
    names = {name for one in found for name in one}
    return Counter({name: round(statistics.median(one[name] for one in found)) for name in names})


def _alone(measure: Callable[..., Coroutine[Any, Any, Any]], *about: Any) -> Any:
    """In a process of its own: what one run leaves in memory is not taken for the next one's."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_run, measure, *about).result()


def _run(measure: Callable[..., Coroutine[Any, Any, Any]], *about: Any) -> Any:
    return asyncio.run(measure(*about))


def _spread(form: str, values: Iterable[float]) -> str:
    held = sorted(values)
    middle = form.format(statistics.median(held))
    return middle if len(held) == 1 else f"{middle} ({form.format(held[0])} to {form.format(held[-1])})"


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
