"""Fortæl as it was before clicks waited: each is written in a transaction of its own, before its link answers."""

from app import create_app
from app.sharing.click_buffer import ClickBuffer
from app.sharing.visits import Click


class AtOnce(ClickBuffer):
    """Nothing waits."""

    def add(self, click: Click) -> None:
        """Write it now."""
        self.write([click])


app = create_app()
app.extensions["click-buffer"] = AtOnce(app)
