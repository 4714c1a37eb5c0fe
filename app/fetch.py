"""The one guarded way to fetch an address that somebody has typed."""
