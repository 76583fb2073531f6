"""The proof that delivery can be trusted: `make faults`.

The bot runs as a process of its own, against a Telegram on a real socket and a database of each engine, and is killed, cut off, slowed
down and starved. Afterwards an audit compares what Telegram took with what the rows say.
"""
