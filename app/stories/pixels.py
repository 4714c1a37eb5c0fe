"""The pixels of a file that says it is a picture, and nothing else of it: no place, no camera, no owner's name."""

import struct
import threading
import warnings
from io import BytesIO

from PIL import Image, ImageCms, UnidentifiedImageError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 24_000_000
LEAST_WIDTH = 320
MOST_WIDTH = 1440
TALLEST = 5  # times its width
FORMATS = ("JPEG", "PNG", "WEBP")
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
SIXTEEN_BITS = 256
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.createProfile("sRGB")
# To read 24 million pixels takes up to 370 MB and 0.7 seconds.
_one_at_a_time = threading.Lock()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class PictureRefused(Exception):
    """A file that cannot be a picture here.

    `reason`: too-big, heic, not-a-picture, too-many-pixels, too-small, too-tall.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def pixels(data: bytes) -> Image.Image:
    """A JPEG, PNG or WebP as it is meant to be seen: upright, in RGB, on white, 320 to 1,440 pixels wide; an
    animation's first picture. Raises PictureRefused.
    """
    if len(data) > MOST_BYTES:
        raise PictureRefused("too-big")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        raise PictureRefused("heic")
    with _one_at_a_time:
        image = _read(data)
        if image.width < LEAST_WIDTH:
            raise PictureRefused("too-small")
        if image.height > image.width * TALLEST:
            raise PictureRefused("too-tall")
        return _bare(at_width(image, min(image.width, MOST_WIDTH)))


def _read(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as file:
            if file.width * file.height > MOST_PIXELS:
                raise PictureRefused("too-many-pixels")
            file.draft("RGB", (MOST_WIDTH, MOST_WIDTH))
            file.load()
            return _on_white(_upright(file))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as reason:
        raise PictureRefused("too-many-pixels") from reason
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as reason:
        raise PictureRefused("not-a-picture") from reason


def _upright(image: Image.Image) -> Image.Image:
    turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    return image.transpose(turn) if turn is not None else image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return image.point(lambda value: value / SIXTEEN_BITS).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    white = Image.new("RGB", seen.size, "white")
    white.info = dict(image.info)
    white.paste(seen, mask=seen.getchannel("A"))
    return white


def _bare(image: Image.Image) -> Image.Image:
    """Its colours as every screen takes them, and nothing that a file would carry along: profile, comment, place."""
    profile = image.info.get("icc_profile")
    image.info.clear()
    if not profile:
        return image
    try:
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        changed = ImageCms.profileToProfile(image, meant, SRGB, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    changed.info.clear()
    return changed


def at_width(image: Image.Image, width: int) -> Image.Image:
    """The same picture, so many pixels wide."""
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
