"""What Prometheus may ask: counters with few and bounded labels, in a registry of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from bot.gate import Gate

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """The bot's own measurements; one instance a process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.updates = Histogram(
            "bot_update_seconds", "Seconds spent on an update, by kind.", ("kind",), buckets=SECONDS, registry=self.registry
        )
        self.failures = Counter(
            "bot_failures", "Updates that a reader did not get an answer to, by cause.", ("cause",), registry=self.registry
        )
        self.revision = Gauge("bot_catalogue_revision", "Revision of the data set in force.", registry=self.registry)
        self.reloads = Counter(
            "bot_catalogue_reloads", "Changes of the data set taken up, by outcome.", ("outcome",), registry=self.registry
        )
        self.waiting = Gauge("bot_updates_waiting", "Updates that wait their turn.", registry=self.registry)
        self.deliveries = Counter("bot_deliveries", "Requests that brought an item, by outcome.", ("outcome",), registry=self.registry)
        self.delivering = Gauge("bot_delivering", "Whether this process is the one that delivers.", registry=self.registry)
        self.halts = Counter("bot_delivery_halts", "Times that delivering stopped, by reason.", ("reason",), registry=self.registry)
        self.dropped = Gauge("bot_updates_dropped", "Updates dropped because their chat sent too many.", registry=self.registry)

    def watch_gate(self, gate: Gate) -> None:
        """Read what the gate counts whenever someone asks."""
        self.waiting.set_function(lambda: gate.waiting)
        self.dropped.set_function(lambda: gate.dropped)

    def exposition(self) -> bytes:
        """The text that /metrics answers."""
        return generate_latest(self.registry)
