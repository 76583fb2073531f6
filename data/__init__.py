"""The domain and its storage: member cities, their practices, awards and news. Knows nothing of Telegram."""
