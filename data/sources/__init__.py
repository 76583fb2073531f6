"""Where news comes from: fetching what others publish, politely and without trusting it. One file a kind of source."""
