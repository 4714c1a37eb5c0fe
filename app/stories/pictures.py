"""Pictures: checked, re-encoded to WebP at two widths, and kept under a name made from their content."""

import hashlib
import re
import secrets
import warnings
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select

from app.db import db, insert_once
from app.stories.models import Picture

WIDTHS = (720, 1440)
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 24_000_000
LEAST_WIDTH = 320
QUALITY = 78
FORMATS = ("JPEG", "PNG", "WEBP")
FILE_NAME = re.compile(r"[0-9a-f]{24}-\d{2,4}\.webp")
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class PictureRefused(Exception):
    """A file that cannot be a picture here. `reason`: too-big, not-a-picture, too-many-pixels, too-small."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as two WebP files, the smaller first: (width, height, bytes)."""

    name: str
    sizes: tuple[tuple[int, int, bytes], ...]


def encode(data: bytes) -> Encoded:
    """Re-encode a JPEG, PNG or WebP; nothing of the file itself is kept. Raises PictureRefused."""
    if len(data) > MOST_BYTES:
        raise PictureRefused("too-big")
    image = _opened(data)
    if image.width < LEAST_WIDTH:
        raise PictureRefused("too-small")
    sizes = tuple(_at_width(image, min(width, image.width)) for width in WIDTHS)
    return Encoded(hashlib.sha256(sizes[-1][2]).hexdigest()[:24], sizes)


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=FORMATS) as file:
                if file.width * file.height > MOST_PIXELS:
                    raise PictureRefused("too-many-pixels")
                file.load()
                return ImageOps.exif_transpose(file).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as reason:
        raise PictureRefused("too-many-pixels") from reason
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as reason:
        raise PictureRefused("not-a-picture") from reason


def _at_width(image: Image.Image, width: int) -> tuple[int, int, bytes]:
    height = max(1, round(image.height * width / image.width))
    out = BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(out, "WEBP", quality=QUALITY, method=5)
    return width, height, out.getvalue()


def keep(picture: Encoded, folder: Path) -> None:
    """Write the files; each is there whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, _height, content in picture.sizes:
        path = folder / f"{picture.name}-{width}.webp"
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
