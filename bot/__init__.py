"""The Telegram edge, the composition, and everything that speaks to a reader."""
