"""A picture of one's own with a share: taken from a form, kept while the share lives, seen where its link is."""

import os
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from sqlalchemy import Row, delete, func, or_, select, update
from werkzeug.datastructures import FileStorage

from app.db import db, insert_once
from app.given import text as typed
from app.people.models import Person
from app.sharing.models import Share, SharePhoto
from app.stories.models import Story
from app.stories.pictures import write_whole
from app.stories.pixels import MOST_BYTES, PictureRefused, pixels

FOLDER = "photos"
CONSENTS = ("nobody", "agreed")
LONGEST_ALT = 250
QUALITY = 85
KEPT_AFTER_GOODBYE = timedelta(days=1)
BEING_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as JPEG: pixels, and nothing of the file they came in."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form brought: a picture with all it needs, nothing, or problems, a reason by field.

    `chosen`: a file came along, which no browser keeps when the form is shown again.
    """

    photo: Photo | None = None
    alt: str = ""
    consent: str = ""
    chosen: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)


def encode(data: bytes) -> Photo:
    """Re-encode a JPEG, PNG or WebP, at most 1,440 pixels wide. Raises PictureRefused."""
    image, out = pixels(data), BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Photo(out.getvalue(), image.width, image.height)


def from_form(form: Mapping[str, str], files: Mapping[str, FileStorage]) -> Sent:
    """The picture of a form with the fields `photo`, `photo_alt` and `photo_consent`. Changes nothing."""
    alt, consent, file = typed(form.get("photo_alt", "")), form.get("photo_consent", ""), files.get("photo")
    if file is None or not file.filename:
        # A description without its picture: the browser has lost the file when the form came back.
        return Sent(None, alt, consent, problems={"photo": "missing"} if alt else {})
    problems = _problems(alt, consent)
    try:
        with closing(file):
            photo = encode(file.read(MOST_BYTES + 1))
    except PictureRefused as refused:
        return Sent(None, alt, consent, True, {"photo": refused.reason} | problems)
    return Sent(None if problems else photo, alt, consent, True, problems)


def _problems(alt: str, consent: str) -> dict[str, str]:
    wrong = {}
    if not alt or len(alt) > LONGEST_ALT:
        wrong["photo_alt"] = "too-long" if alt else "missing"
    if consent not in CONSENTS:
        wrong["photo_consent"] = "missing"
    return wrong


def keep(share_id: int, sent: Sent, folder: Path, at: datetime) -> None:
    """Keep what was sent with a share, in place of what it had; if nothing was sent, what it had stays.

    The file it had is for `discard()`, or for the next `sweep()`.
    """
    if sent.photo is None:
        return
    name = secrets.token_urlsafe(16)
    write_whole(_path(folder, name), sent.photo.content)
    # Of our clock, so that sweep() knows how old it is.
    os.utime(_path(folder, name), (at.timestamp(), at.timestamp()))
    values = {
        "name": name, "width": sent.photo.width, "height": sent.photo.height,
        "alt": sent.alt, "consent": sent.consent, "consented_at": at,
    }  # fmt: skip
    if insert_once(SharePhoto, share_id=share_id, **values) is None:
        db.session.execute(update(SharePhoto).where(SharePhoto.share_id == share_id).values(values))


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.jpg"


def of_share(share_id: int) -> SharePhoto | None:
    """The picture that a share has."""
    return db.session.get(SharePhoto, share_id)


def behind(token: str) -> Row[Share, Story, SharePhoto] | None:
    """The picture behind a short link, with its share and story, whether or not the link still lives."""
    whole = select(Share, Story, SharePhoto).join(Story, Story.id == Share.story_id)
    return db.session.execute(whole.join(SharePhoto).where(Share.token == token)).one_or_none()


def content(photo: SharePhoto, folder: Path) -> bytes | None:
    """The JPEG itself; None when its file is gone."""
    try:
        return _path(folder, photo.name).read_bytes()
    except FileNotFoundError:
        return None


def remove(share_id: int) -> None:
    """The share has no picture any more. Its file is for `discard()`, or for the next `sweep()`."""
    db.session.execute(delete(SharePhoto).where(SharePhoto.share_id == share_id))


def discard(name: str, folder: Path) -> None:
    """Delete the file that a share has named until now: once that is committed."""
    _path(folder, name).unlink(missing_ok=True)


def forget_old(at: datetime) -> int:
    """Remove the pictures of shares that were withdrawn a day ago and not written anew, and of people who left
    a day ago; how many.
    """
    day_ago = at - KEPT_AFTER_GOODBYE
    written = func.coalesce(Share.composed_at, Share.opened_at)
    withdrawn = (Share.withdrawn_at <= day_ago) & (Share.withdrawn_at >= written)
    gone = (
        select(Share.id)
        .join(Person, Person.id == Share.person_id)
        .where(or_(withdrawn, Person.left_at <= day_ago))
    )
    result = db.session.execute(delete(SharePhoto).where(SharePhoto.share_id.in_(gone)))
    return int(result.rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count


def sweep(folder: Path, at: datetime) -> int:
    """Delete the files that belong to no share; how many. One of the last hour may be about to be named."""
    found = [path for path in folder.glob("*") if _age(path, at) >= BEING_KEPT] if folder.is_dir() else []
    named = set(db.session.scalars(select(SharePhoto.name)))
    orphans = [path for path in found if path.stem not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _age(path: Path, at: datetime) -> timedelta:
    try:
        return timedelta(seconds=at.timestamp() - path.stat().st_mtime)
    except FileNotFoundError:
        return timedelta(0)
