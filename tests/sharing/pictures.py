"""Files that people send as pictures of their own, and the form they send them with."""

from io import BytesIO

from PIL import Image
from werkzeug.datastructures import FileStorage

ALT = "To kolleger ved en ladcykel"


def picture(kind="JPEG", width=800, height=600, colour="#c84", mode="RGB", **more):
    """The bytes of a picture."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).convert(mode).save(out, kind, **more)
    return out.getvalue()


def telltale():
    """A JPEG with all that a camera and a program may leave in one: the words in it must be gone afterwards."""
    exif = Image.Exif()
    exif[0x010E], exif[0x010F], exif[0x013B], exif[0x9C9B] = (
        "BESKRIVELSE",
        "KAMERA",
        "EJER",
        "TITEL".encode("utf-16le"),
    )
    exif.get_ifd(0x8769).update(
        {0x927C: b"MAKERNOTE" * 9, 0xA431: "SERIENUMMER", 0x9286: b"ASCII\0\0\0KOMMENTAR"}
    )
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (55.0, 40.0, 12.0), 3: "E", 4: (12.0, 34.0, 5.0), 29: "2026:11:25"}
    )
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li>XMPEJER</rdf:li></x:xmpmeta>'
    head, body = picture(exif=exif, xmp=xmp, comment=b"JPEGKOMMENTAR").split(b"\xff\xdb", 1)
    return (
        head
        + segment(0xED, b"Photoshop 3.0\0IPTCNAVN")
        + segment(0xE3, b"META\0MINIATURE")
        + b"\xff\xdb"
        + body
        + b"EFTERSKRIFT"
    )


TALES = (b"BESKRIVELSE", b"KAMERA", b"EJER", b"T\0I\0T\0E\0L", b"MAKERNOTE", b"SERIENUMMER", b"KOMMENTAR", b"2026:11:25",
         b"XMP", b"IPTC", b"MINIATURE", b"EFTERSKRIFT", b"Exif", b"Photoshop")  # fmt: skip


def segment(marker, data):
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data


def form(data=None, name="IMG_0001.jpg", alt=ALT, consent="nobody", **more):
    """The fields of a picture of one's own."""
    file = {"photo": FileStorage(BytesIO(picture() if data is None else data), name)}
    return file | {"photo_alt": alt, "photo_consent": consent} | more
