"""Why nothing was fetched: a closed list of reasons, each with its sentence."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

SENTENCES: dict[str, LazyString] = {
    "not-an-address": _("That is no web address. It must begin with https:// or http://."),
    "not-public": _("That address leads into a private network, and we do not go there."),
    "port": _("That address names a port of its own. We open ordinary web addresses only."),
    "unknown-host": _("No site has that name. Check how it is spelled."),
    "no-answer": _("The site does not answer. Try again a little later."),
    "too-slow": _("The site is too slow. We stopped after 15 seconds."),
    "certificate": _("The site’s certificate is not in order, so we cannot know who answers."),
    "not-found": _("There is nothing at that address. It may have been moved or removed."),
    "closed": _("The site does not let us in. The page may need a sign-in."),
    "error": _("The site answered with an error. Try again a little later."),
    "too-many-redirects": _("That address keeps sending us on. Use the one that your browser ends at."),
    "too-big": _("What is there is too big. We read pages of 1 MB, feeds of 2 MB and pictures of 8 MB."),
    "not-a-page": _("There is no web page at that address, but something else."),
    "not-a-feed": _("There is no RSS or Atom feed at that address."),
    "broken-feed": _("The feed is broken: it cannot be read to its end. Nothing was taken from it."),
    "no-title": _("The page does not say what it is called. Write the story yourself."),
    "not-a-picture": _("That file is not a JPEG, PNG or WebP picture."),
    "too-many-pixels": _("That picture has too many pixels. 24 million at most."),
    "too-small": _("That picture is too small. It must be at least 320 pixels wide."),
    "too-tall": _("That picture is too tall. It may be five times as tall as it is wide."),
    "heic": _("That picture is in Apple’s own format, HEIC, which no browser shows."),
}


class FetchRefused(Exception):
    """Nothing was fetched. `reason` is a key of SENTENCES."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        """What to tell the person, in their language."""
        return str(SENTENCES[self.reason])
