"""Pictures are written anew, small, without place or camera; what is none gets a reason."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from app.stories.pictures import MOST_BYTES, PictureRefused, encode, keep, path_of


def jpeg(width=1600, height=1200, **more):
    out = BytesIO()
    Image.new("RGB", (width, height), "#c84").save(out, "JPEG", **more)
    return out.getvalue()


def png(width, height):
    out = BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def png_that_claims(width, height):
    """A few bytes that say they are a huge picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100)
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def test_a_picture_becomes_webp_at_two_widths():
    sizes = encode(jpeg()).sizes
    assert [(width, height) for width, height, _content in sizes] == [(720, 540), (1440, 1080)]
    assert all(Image.open(BytesIO(content)).format == "WEBP" for _width, _height, content in sizes)


def test_place_and_camera_are_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Kamera", 6
    exif.get_ifd(0x8825)[1] = "N"
    (_w, _h, small), (width, height, content) = encode(jpeg(1600, 1200, exif=exif)).sizes
    for one in (small, content):
        assert not Image.open(BytesIO(one)).getexif()
        assert b"Kamera" not in one
    assert height > width


def test_colours_of_another_profile_become_those_of_every_screen():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    for profile, seen in (
        (srgb, (204, 136, 68)),
        (swapped, (136, 204, 68)),
        (b"rubbish" * 9, (204, 136, 68)),
    ):
        (_w, _h, content), _large = encode(jpeg(icc_profile=profile, comment=b"hej")).sizes
        image = Image.open(BytesIO(content))
        assert all(abs(one - other) < 9 for one, other in zip(image.getpixel((99, 99)), seen, strict=True))
        assert not {"icc_profile", "comment", "xmp"} & set(image.info)


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("not-a-picture", b""),
        ("not-a-picture", b"hej " * 100),
        ("not-a-picture", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("not-a-picture", jpeg()[:2000]),
        ("not-a-picture", b"GIF89a" + b"\0" * 50),
        ("too-small", jpeg(319, 319)),
        ("too-tall", jpeg(320, 1601)),
        ("too-tall", png(320, 70_000)),
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("too-many-pixels", png_that_claims(20_000, 20_000)),
        ("too-many-pixels", png_that_claims(6_000, 5_000)),
        ("too-big", b"\xff" * (MOST_BYTES + 1)),
    ],
)
def test_what_is_no_picture_here_says_why(reason, data):
    with pytest.raises(PictureRefused) as refused:
        encode(data)
    assert refused.value.reason == reason


def test_only_names_of_ours_lead_to_a_file(tmp_path):
    picture = encode(jpeg())
    keep(picture, tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(
        f"{picture.name}-{width}.webp" for width in (720, 1440)
    )
    assert path_of(tmp_path, f"{picture.name}-720.webp")
    for name in ("../secret", "secret_key", f"{picture.name}-721.webp", f".{picture.name}-720.webp"):
        assert path_of(tmp_path, name) is None
