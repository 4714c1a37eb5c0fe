"""The screen Me."""
