"""Ways to tell a story that are not about oneself: each a question and a soft beginning, never finished text."""

from typing import NamedTuple

from flask_babel import gettext as _


class Mode(NamedTuple):
    """A way of telling, as the composer offers it beside the story's own angles."""

    key: str
    label: str
    question: str
    starter: str


def modes() -> tuple[Mode, ...]:
    """All of them, in the viewer's language; `models.MODES` are their keys."""
    return (
        Mode("thank", _("Say thanks"), _("Who deserves thanks for this?"), _("Thanks to a colleague who …")),
        Mode("ask", _("Ask"), _("What would you like to hear from others?"), _("How do you do it when …")),
        Mode("teach", _("Pass it on"), _("What can others use right away?"), _("A small trick we use is …")),
        Mode(
            "photo",
            _("Show it"),
            _("What would a picture from here show?"),
            _("In the picture you can see …"),
        ),
        Mode(
            "learnt", _("What I learnt"), _("What did you not know a year ago?"), _("I used to think that …")
        ),
    )
