"""A story's picture comes along as a JPEG named after the story, to those who may read the story."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from app.db import db, writing
from app.demo import seeding
from app.stories import downloads, pictures
from app.stories.models import Picture
from tests.conftest import NOW

BIKE = Path(seeding.__file__).parent / "pictures" / "bike.webp"


@pytest.fixture
def pictured(app, story):
    """`pictured(title="…")` publishes a story with a picture; its id."""
    encoded = pictures.encode(BIKE.read_bytes())
    pictures.keep(encoded, app.config["DATA_DIR"] / "pictures")
    with writing():
        picture_id = pictures.record(encoded, NOW)
    return lambda **more: story(picture_id=picture_id, alt="En cykel", **more)


def test_the_picture_is_a_jpeg_under_the_storys_title(sign_in, pictured):
    got = sign_in("anna").get(f"/stories/{pictured(title='Æblet på Østergård')}/picture")
    assert (got.status_code, got.mimetype, got.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    name = (
        "filename=\"Aeblet-paa-Oestergaard.jpg\"; filename*=UTF-8''%C3%86blet-p%C3%A5-%C3%98sterg%C3%A5rd.jpg"
    )
    assert got.headers["Content-Disposition"] == f"attachment; {name}"
    image = Image.open(BytesIO(got.data))
    assert (image.format, image.mode, image.width) == ("JPEG", "RGB", 1440)


@pytest.mark.parametrize(
    ("title", "plain", "whole"),
    [
        (
            "Kaffen kommer før kalenderen",
            "Kaffen-kommer-foer-kalenderen",
            "Kaffen-kommer-f%C3%B8r-kalenderen",
        ),
        (
            '"; filename="x.exe"\r\nSet-Cookie: a=b',
            "filename-x-exe-Set-Cookie-a-b",
            "filename-x-exe-Set-Cookie-a-b",
        ),
        ("../../etc/passwd\0", "etc-passwd", "etc-passwd"),
        ("…", "fortael", "fortael"),
        ("咖啡", "fortael", "%E5%92%96%E5%95%A1"),
        ("\u202egpj.exe", "gpj-exe", "gpj-exe"),
        ("ord " * 40, "ord-" * 14 + "ord", "ord-" * 14 + "ord"),
    ],
    ids=ascii,
)
def test_no_title_makes_a_name_that_is_more_than_a_name(title, plain, whole):
    said = downloads.disposition(title)
    assert said == f"attachment; filename=\"{plain}.jpg\"; filename*=UTF-8''{whole}.jpg"
    assert said.isascii()


def test_an_english_reader_gets_the_english_name(sign_in, pictured):
    anna, told = sign_in("anna"), pictured()
    anna.post("/me/choices/locale", data={"value": "en"})
    assert (
        "Coffee-before-the-calendar.jpg"
        in anna.get(f"/stories/{told}/picture").headers["Content-Disposition"]
    )


def test_a_story_without_a_picture_has_none_to_download(sign_in, story):
    assert sign_in("anna").get(f"/stories/{story()}/picture").status_code == 404


def test_a_picture_whose_file_is_lost_is_not_there(app, sign_in, pictured):
    told = pictured()
    for path in (app.config["DATA_DIR"] / "pictures").iterdir():
        path.unlink()
    assert sign_in("anna").get(f"/stories/{told}/picture").status_code == 404


def test_only_those_who_may_read_the_story_get_its_picture(sign_in, pictured, client, cast):
    hidden = pictured(audience=("north",))
    assert client.get(f"/stories/{hidden}/picture").status_code == 303
    assert sign_in("anna").get(f"/stories/{hidden}/picture").status_code == 200
    omar = sign_in("omar")
    for unread in (
        hidden,
        pictured(state="draft"),
        pictured(expires_at=NOW),
        pictured(leader_id=cast.birgit.id),
    ):
        assert omar.get(f"/stories/{unread}/picture").status_code == 404


def test_a_network_that_draws_no_webp_gets_the_preview_as_jpeg(client, pictured):
    pictured()
    name = db.session.scalars(select(Picture.name)).one()
    answer = client.get(f"/pictures/{name}-1440.jpg")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert Image.open(BytesIO(answer.data)).format == "JPEG"
    assert client.get(f"/pictures/{'a' * 24}-1440.jpg").status_code == 404
