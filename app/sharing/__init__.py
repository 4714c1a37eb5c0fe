"""The deed: telling a story, its short link and its evidence."""
