"""How many updates a second a bot answers, and what one costs: ours beside bare echo bots, each a process, over one local Bot API."""
