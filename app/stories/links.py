"""A draft out of a link: what its page says of itself, for a curator to go on from."""

from contextlib import suppress
from datetime import datetime

from app.fetch import FetchRefused, fetch
from app.stories import editing, origins, pages, pictures
from app.stories.editing import Draft
from app.stories.models import Story
from app.stories.pages import Page
from app.stories.pictures import Encoded


def made_before(address: str) -> Story | None:
    """The story that somebody has made of this page already."""
    with suppress(ValueError):
        return origins.made_of(address)
    return None


def look(address: str) -> tuple[Page, Encoded | None, str]:
    """The page at an address, its picture, and why there is none, if it names one. Raises FetchRefused."""
    page = pages.read(fetch(address, "page"))
    if page.picture is None or origins.made_of(page.address):
        return page, None, ""
    try:
        return page, origins.picture_from(page.picture), ""
    except FetchRefused as refused:
        return page, None, refused.reason


def take(page: Page, picture: Encoded | None, curator_id: int, at: datetime) -> tuple[int, bool]:
    """The draft of a page, and whether it is new: of two who bring the same page, the second gets the first's."""
    origins.claim(page.address, at)
    origin = origins.locked(page.address)
    if story := origins.made_of(page.address):
        return story.id, False
    # What the picture shows is for somebody who sees it to say.
    texts = {"title": page.title, "body": page.text, "source_url": page.address, "source_name": page.site}
    picture_id = pictures.record(picture, at) if picture else None
    origin.story_id = editing.create(Draft(texts=texts, picture_id=picture_id), curator_id, at).id
    return origin.story_id, True
