"""The screen Teams."""
