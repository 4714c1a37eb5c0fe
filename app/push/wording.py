"""What a notice says when it says nothing of anyone: short texts of each kind, in the receiver's language.

Warm and brief; never guilt, rank or a count of days. There are so many of each kind that the caps leave none
to be repeated within 14 days.
"""

from collections.abc import Sequence
from datetime import timedelta

from app.language import catalogue

MOST_TITLE, MOST_BODY = 45, 90
REPEATED_AFTER = timedelta(days=14)


def _(text: str) -> str:
    """Marks a text for the catalogue; it is looked up in the receiver's language."""
    return text


TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "stories": (
        (_("A story is waiting for you"), _("Two minutes with your coffee, when it suits you.")),
        (_("You may know this yourself"), _("Read today’s story, and see if you recognise something.")),
        (_("Today’s stories are ready"), _("They are short. Take one now, or keep them for later.")),
        (_("What has happened where you work?"), _("Today’s story may remind you of something worth telling.")),
        (_("Time for a short break?"), _("One brief story, and then on with the day.")),
        (_("New in Fortæl"), _("There is a story that you have not seen yet.")),
        (_("Everyday work deserves to be told"), _("See what is waiting under Today.")),
        (_("You know what it is really like"), _("A story from here could do with your own words.")),
        (_("Good things happen around you"), _("Have a look at the day’s few stories.")),
        (_("A minute for a story"), _("It is there when you have the time.")),
        (_("Something from a colleague’s day"), _("Perhaps you have seen the same. Have a look.")),
        (_("Short and from close by"), _("One of today’s stories may be yours to tell on.")),
    ),
    "shoutout": (
        (_("You have got a shout-out"), _("Someone noticed what you did. Open it when you have a moment.")),
        (_("There is a shout-out for you"), _("Only you and the giver can see it until you decide.")),
        (_("Your work has been seen"), _("A few kind words are waiting for you.")),
        (_("Someone wants to say something nice"), _("Read it in Fortæl. You decide who else may.")),
        (_("Well done"), _("Someone has put it into words, and they are waiting for you.")),
        (_("A shout-out with a reason"), _("It says what you did and what it led to.")),
        (_("Something good for you"), _("A shout-out has come in. Read it at your own pace.")),
        (_("It was noticed"), _("You have got a shout-out for something that you did.")),
        (_("A few words about what you did"), _("They are for you. Open them when it suits you.")),
        (_("This one is for you"), _("There is a shout-out in Fortæl.")),
        (_("You made a difference"), _("Someone has written down how. Have a look.")),
        (_("Someone thought of you"), _("And wrote it down. It is in Fortæl.")),
        (_("A good reason to look in"), _("There is a shout-out with your name on it.")),
        (_("Your effort was worth a few words"), _("Read them when you have a moment.")),
        (_("A shout-out has landed"), _("Give yourself a minute for it. You have earned it.")),
    ),
    "digest": (
        (_("%(number)s shout-outs are waiting for you"), _("We gathered them, so that we disturb you only once.")),
        (_("Gathered for you: %(number)s shout-outs"), _("Read them in one go, when it suits you.")),
        (_("You have been noticed"), _("%(number)s shout-outs have come in. Open them in peace and quiet.")),
        (_("Good news, all at once"), _("%(number)s shout-outs with your name on them.")),
        (_("Something to look forward to"), _("%(number)s shout-outs are ready in Fortæl.")),
        (_("Kind words, several at once"), _("There are %(number)s shout-outs for you. Take them one at a time.")),
        (_("Your work is being seen"), _("%(number)s shout-outs tell how.")),
        (_("While you were doing something else"), _("%(number)s shout-outs came in for you.")),
        (_("%(number)s times well done"), _("You can read why in Fortæl.")),
        (_("A small pile of kind words"), _("%(number)s shout-outs, gathered for you.")),
        (_("It was worth writing down"), _("That has happened %(number)s times. Read your shout-outs in Fortæl.")),
        (_("For you, when there is time"), _("%(number)s shout-outs are waiting. There is no hurry.")),
    ),
    "test": (
        (_("It works"), _("This is what a message from Fortæl looks like on this device.")),
        (_("Here it is"), _("You asked for a test, and it came through.")),
        (_("It came through"), _("Now we know the way to this device.")),
        (_("Just a test"), _("Nothing to do. Real messages come in your own hours.")),
        (_("Hello from Fortæl"), _("This device can receive messages.")),
        (_("All is as it should be"), _("The test reached this device.")),
    ),
}  # fmt: skip


def next_text(kind: str, used: Sequence[int], person_id: int) -> int:
    """The number of a text that is not among `used`, the latest first; if all are, the one used longest ago.

    Colleagues begin at different texts.
    """
    most = len(TEXTS[kind])
    fresh = [number for place in range(most) if (number := (person_id + place) % most) not in used]
    return fresh[0] if fresh else max(range(most), key=used.index)


def text(kind: str, number: int, lang: str, count: int = 1) -> tuple[str, str]:
    """Title and body of a text; `count` is how many things a digest holds."""
    title, body = TEXTS[kind][number % len(TEXTS[kind])]
    look_up = catalogue(lang).gettext
    return look_up(title) % {"number": count}, look_up(body) % {"number": count}
