"""The screen for curators."""
