"""The clock: who deserves a nudge."""
