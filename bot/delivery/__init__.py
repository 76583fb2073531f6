"""Bringing published items to those who follow: what an answer of Telegram means, how fast to send, and the worker that does it.

`outcomes`, `budget` and `breaker` decide and do nothing; `worker` does what they decide; `service` is what a running bot starts.
"""
