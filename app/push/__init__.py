"""The wire to people's phones: subscriptions, notices, delivery, and the manners that decide when."""
