"""The demo organisation: Fjordby Kommune, its people and three weeks of its life. All of it is invented."""
