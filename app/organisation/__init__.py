"""Name, purposes, values, settings and calendar of the one organisation."""
