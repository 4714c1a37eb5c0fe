"""The thanks: a manager's shout-outs, who may see them, and the budget of the month."""
