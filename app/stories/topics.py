"""The pictures that a topic may have, of the sprite's."""

ICONS = (
    "care", "school", "leaf", "bike", "book", "building", "users", "heart", "sun", "coffee", "bridge", "snow", "sprout",
    "handshake", "compass", "globe", "megaphone", "bulb", "palm", "shield", "smile", "award", "route", "news",
)  # fmt: skip
