"""Pictures: re-encoded to WebP at two widths, and kept under a name made from their content."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from app.db import db, insert_once
from app.stories.models import Picture
from app.stories.pixels import MOST_BYTES, MOST_WIDTH, PictureRefused, at_width, pixels

__all__ = ["MOST_BYTES", "Encoded", "PictureRefused", "encode", "keep", "path_of", "record", "write_whole"]

WIDTHS = (720, MOST_WIDTH)
QUALITY = 78
FILE_NAME = re.compile(r"[0-9a-f]{24}-\d{2,4}\.webp")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as two WebP files, the smaller first: (width, height, bytes)."""

    name: str
    sizes: tuple[tuple[int, int, bytes], ...]


def encode(data: bytes) -> Encoded:
    """Re-encode a JPEG, PNG or WebP; nothing of the file itself is kept. Raises PictureRefused."""
    image = pixels(data)
    sizes = tuple(_webp(at_width(image, min(width, image.width))) for width in WIDTHS)
    return Encoded(hashlib.sha256(sizes[-1][2]).hexdigest()[:24], sizes)


def _webp(image: Image.Image) -> tuple[int, int, bytes]:
    out = BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=5)
    return image.width, image.height, out.getvalue()


def keep(picture: Encoded, folder: Path) -> None:
    """Write the files; each is there whole or not at all."""
    for width, _height, content in picture.sizes:
        write_whole(folder / f"{picture.name}-{width}.webp", content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fresh.write_bytes(content)
    fresh.replace(path)


def record(picture: Encoded, at: datetime) -> int:
    """The picture's row; the same picture has one. Returns its id."""
    (small_width, small_height, _small), (width, height, _large) = picture.sizes
    insert_once(
        Picture, name=picture.name, width=width, height=height,
        small_width=small_width, small_height=small_height, added_at=at,
    )  # fmt: skip
    return db.session.scalars(select(Picture.id).where(Picture.name == picture.name)).one()


def path_of(folder: Path, file_name: str) -> Path | None:
    """Where a picture's file is; None for a name that is not one of ours."""
    path = folder / file_name
    return path if FILE_NAME.fullmatch(file_name) and path.is_file() else None
