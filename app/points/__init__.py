"""The append-only ledger, its rules and its roll-ups."""
