"""What Prometheus may ask: counters with few and bounded labels, in a registry of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from bot.gate import Gate

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
MOST_SOURCES: Final = 50
OTHERS: Final = "others"


class BoundedGauge(Gauge):
    """A gauge with one label, whose values come from operators: after so many different ones, all others are `others`."""

    def labels(self, *labelvalues: Any, **labelkwargs: Any) -> Self:
        """As Gauge says."""
        wanted = (*labelvalues, *labelkwargs.values())
        if wanted not in self._metrics and len(self._metrics) >= MOST_SOURCES:
            wanted = (OTHERS,)
        return super().labels(*wanted)


class Metrics:
    """The bot's own measurements; one instance a process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        # Answering.
        self.updates = self._counter("bot_updates", "Updates handled, by kind and by outcome: handled, or why not.", "kind", "outcome")
        self.update_seconds = Histogram(
            "bot_update_seconds", "Seconds spent on an update, by kind.", ("kind",), buckets=SECONDS, registry=self.registry
        )
        self.questions = self._counter("bot_questions", "Questions asked in plain words, by outcome: answered or unanswered.", "outcome")
        self.failures = self._counter("bot_failures", "Updates that a reader did not get an answer to, by cause.", "cause")
        self.waiting = self._gauge("bot_updates_waiting", "Updates that wait their turn.")
        self.dropped = self._gauge("bot_updates_dropped", "Updates dropped because their chat sent too many.")
        # The data set.
        self.revision = self._gauge("bot_catalogue_revision", "Revision of the data set in force.")
        self.reloads = self._counter("bot_catalogue_reloads", "Changes of the data set taken up, by outcome.", "outcome")
        self.source_age = BoundedGauge(
            "bot_source_age_seconds",
            "Seconds since a source of news was last read without an error, by source; told by the process that sends.",
            ("source",),
            registry=self.registry,
        )
        # Delivering.
        self.deliveries = self._counter("bot_deliveries", "Requests that brought an item, by outcome.", "outcome")
        self.queue = self._gauge("bot_delivery_queue", "Deliveries that are due and not begun; told by the process that sends.")
        self.lag = self._gauge("bot_delivery_lag_seconds", "Seconds that the oldest of them has been due; told by the process that sends.")
        self.delivering = self._gauge("bot_delivering", "Whether this process is the one that delivers.")
        self.halts = self._counter("bot_delivery_halts", "Times that delivering stopped, by reason.", "reason")

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(name, about, registry=self.registry)

    def watch_gate(self, gate: Gate) -> None:
        """Read what the gate counts whenever someone asks."""
        self.waiting.set_function(lambda: gate.waiting)
        self.dropped.set_function(lambda: gate.dropped)

    def exposition(self) -> bytes:
        """The text that /metrics answers."""
        return generate_latest(self.registry)
