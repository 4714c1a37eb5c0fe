"""A picture of one's own goes with a share: pixels alone, with a consent and a description, as long as the share lives."""

import os
from contextlib import suppress
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select, text
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import backup, worker
from app.db import db, writing
from app.people import actions as people
from app.sharing import photos
from app.sharing.models import Share, SharePhoto
from tests.conftest import NOW
from tests.sharing.pictures import ALT, TALES, form, picture, segment, telltale
from tests.sharing.test_telling import tell
from tests.stories.test_pictures import png_that_claims
from tests.words import danish


@pytest.fixture
def folder(app):
    return app.config["DATA_DIR"] / "photos"


@pytest.fixture
def shared(sign_in, story):
    """Anna's browser, and the number of a share of hers."""
    anna = sign_in("anna")
    return anna, int(tell(anna, story()).split("/")[2])


def files(folder):
    return sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []


def kept():
    db.session.rollback()
    return db.session.scalars(select(SharePhoto)).one_or_none()


def token_of(share_id):
    return db.session.get_one(Share, share_id).token


def sent(anna, share_id, data=None, **more):
    return posted(anna, f"/shares/{share_id}/photo", form(data, **more))


def posted(browser, path, fields):
    """As one piece: a browser of tests leaves the file open that it would gather a large form in."""
    boundary, body = encode_multipart(fields)
    return browser.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


# What is kept


def test_a_picture_goes_with_its_share_with_its_description_and_its_consent(shared, folder):
    anna, share_id = shared
    assert sent(anna, share_id, consent="agreed").status_code == 303
    photo = kept()
    assert (photo.share_id, photo.alt, photo.consent, photo.consented_at) == (share_id, ALT, "agreed", NOW)
    assert files(folder) == [f"{photo.name}.jpg"]
    page = anna.get(f"/shares/{share_id}").text
    assert f'alt="{ALT}"' in page
    assert danish("You said on %(date)s that those in it agreed.", date="25. november") in page
    got = anna.get(f"/shares/{share_id}/photo")
    assert (got.status_code, got.mimetype, got.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert got.headers["Content-Disposition"] == 'inline; filename="fortael.jpg"'
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(got.data)).size == (photo.width, photo.height) == (800, 600)


def test_nothing_of_the_camera_the_place_or_the_owner_is_left(shared, folder):
    source = telltale()
    assert all(tale in source for tale in TALES)
    sent(*shared, source)
    content = (folder / files(folder)[0]).read_bytes()
    assert [tale for tale in TALES if tale in content] == []
    image = Image.open(BytesIO(content))
    assert not image.getexif()
    assert set(image.info) == {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_a_picture_is_upright_and_at_most_1440_pixels_wide(shared):
    exif = Image.Exif()
    exif[0x0112] = 6
    sent(*shared, picture(width=4000, height=3000, exif=exif))
    assert (kept().width, kept().height) == (1440, 1920)


@pytest.mark.parametrize(
    "name", ["x.png", "x.HEIC", "x.html", "x", "../../etc/passwd\0.png", "æøå 🚲.jpg", "." * 300]
)
def test_what_a_file_is_called_decides_nothing(shared, folder, name):
    assert sent(*shared, name=name).status_code == 303
    assert files(folder) == [f"{kept().name}.jpg"]


SEEN = {
    "CMYK": (picture(mode="CMYK"), (204, 136, 68)),
    "grey in 16 bits": (picture("PNG", mode="L"), None),
    "black and white": (picture("PNG", mode="1", colour="white"), (255, 255, 255)),
    "a palette": (picture("PNG", mode="P", colour="white"), (255, 255, 255)),
    "WebP": (picture("WEBP", lossless=True), (204, 136, 68)),
    "a comment in PNG": (picture("PNG"), (204, 136, 68)),
}


@pytest.mark.parametrize("what", SEEN)
def test_every_kind_of_pixel_is_seen_as_it_is_meant(what):
    data, colour = SEEN[what]
    seen = Image.open(BytesIO(photos.encode(data).content))
    assert (seen.mode, seen.format) == ("RGB", "JPEG")
    if colour:
        assert all(abs(one - other) < 8 for one, other in zip(seen.getpixel((400, 300)), colour, strict=True))


def test_sixteen_bits_of_grey_do_not_become_white():
    out = BytesIO()
    Image.new("I;16", (400, 400), 32768).save(out, "PNG")
    assert abs(Image.open(BytesIO(photos.encode(out.getvalue()).content)).getpixel((9, 9))[0] - 128) < 3


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_stands_on_white(mode):
    out = BytesIO()
    image = Image.new("RGBA", (400, 400), (255, 0, 0, 0)).convert(mode)
    image.save(out, "PNG", **({"transparency": image.getpixel((0, 0))} if mode == "P" else {}))
    assert Image.open(BytesIO(photos.encode(out.getvalue()).content)).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_taken(kind):
    out = BytesIO()
    first, second = (Image.new("RGB", (400, 400), colour) for colour in ("#00f", "#f00"))
    first.save(out, kind, save_all=True, append_images=[second], duration=100)
    red, _green, blue = Image.open(BytesIO(photos.encode(out.getvalue()).content)).getpixel((9, 9))
    assert blue > 200 > 50 > red


def test_of_a_phones_several_pictures_in_one_the_first_is_taken():
    out = BytesIO()
    first, second = (Image.new("RGB", (400, 400), colour) for colour in ("#00f", "#f00"))
    first.save(out, "MPO", save_all=True, append_images=[second])
    red, _green, blue = Image.open(BytesIO(photos.encode(out.getvalue()).content)).getpixel((9, 9))
    assert blue > 200 > 50 > red


# What is refused

GIF = b"GIF89a" + b"\0" * 50
REFUSED = {
    "zero bytes": (b"", "That file is not a JPEG, PNG or WebP picture."),
    "a text": (b"hej " * 500, "That file is not a JPEG, PNG or WebP picture."),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "That file is not a JPEG, PNG or WebP picture."),
    "HTML": (b"<!doctype html><script>alert(1)</script>", "That file is not a JPEG, PNG or WebP picture."),
    "GIF and script": (GIF + b"<script>alert(1)</script>", "That file is not a JPEG, PNG or WebP picture."),
    "PDF": (b"%PDF-1.7\n" + b"\0" * 99, "That file is not a JPEG, PNG or WebP picture."),
    "ZIP": (b"PK\x03\x04" + b"\0" * 99, "That file is not a JPEG, PNG or WebP picture."),
    "half a JPEG": (picture()[:1500], "That file is not a JPEG, PNG or WebP picture."),
    "half a PNG": (picture("PNG")[:900], "That file is not a JPEG, PNG or WebP picture."),
    "half a WebP": (picture("WEBP")[:90], "That file is not a JPEG, PNG or WebP picture."),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, None),
    "a bomb": (png_that_claims(20_000, 20_000), "That picture has too many pixels. 24 million at most."),
    "25 million pixels": (png_that_claims(5_000, 5_000), "That picture has too many pixels. 24 million at most."),
    "a stamp": (picture(width=319), "That picture is too small. It must be at least 320 pixels wide."),
    "a tower": (picture(width=330, height=1700), "That picture is too tall. It may be five times as tall as it is wide."),
    "11 MB": (picture() + b"\0" * 11_000_000, "Pictures may be up to 10 MB. Choose a smaller one."),
}  # fmt: skip
APPLES = "That picture is in Apple’s own format, HEIC. Choose it from the phone’s photos, which sends it as JPEG, or take a screenshot of it."


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_here_is_refused_beside_its_field_and_what_was_typed_is_kept(shared, folder, what):
    data, sentence = REFUSED[what]
    page = sent(*shared, data, name="ferie.jpg", consent="agreed")
    assert page.status_code == 422
    assert danish(sentence or APPLES) in page.text
    assert f'value="{ALT}"' in page.text
    assert 'value="agreed" checked' in page.text
    assert (kept(), files(folder)) == (None, [])


@pytest.mark.parametrize(
    "tail", [b"<script>alert(1)</script>", b"PK\x05\x06" + b"\0" * 18, b"<?php system('id'); ?>"]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_a_picture_and_something_else_is_a_picture_alone_afterwards(kind, tail):
    data = picture(kind) + tail
    if kind == "JPEG":
        data = data[:2] + segment(0xFE, tail) + data[2:]
    assert tail not in photos.encode(data).content


def test_without_an_answer_about_people_nothing_is_kept(shared, folder):
    for answer in ("", "maybe", "NOBODY", "agreed "):
        page = sent(*shared, consent=answer)
        assert page.status_code == 422, answer
        assert (
            danish("Say whether there are people in it. If they have not agreed, choose another picture.")
            in page.text
        )
        assert danish("Choose the picture again, for the browser has let go of it.") in page.text
    assert (kept(), files(folder)) == (None, [])


def test_a_picture_needs_its_description_and_not_a_novel(shared):
    empty = sent(*shared, alt="  ")
    assert danish("Write it for those who cannot see the picture") in empty.text
    novel = sent(*shared, alt="ø" * 251)
    assert (
        danish("That is a little long. 250 characters at most; you have %(count)s.", count=251) in novel.text
    )
    assert (empty.status_code, novel.status_code, kept()) == (422, 422, None)
    assert sent(*shared, alt="ø" * 250).status_code == 303


def test_a_form_without_a_picture_asks_for_one(shared):
    anna, share_id = shared
    for data in (
        {},
        {"photo": "en tekst"},
        {"photo": FileStorage(BytesIO(b""), "")},
        {"photo_consent": "nobody"},
    ):
        page = posted(anna, f"/shares/{share_id}/photo", data)
        assert page.status_code == 422
        assert danish("Choose a picture first.") in page.text
    assert kept() is None


def test_too_much_gets_a_page_that_says_so(shared):
    anna, share_id = shared
    for data in (form(b"\xff" * (33 * 1024 * 1024)), {f"field-{number}": "x" for number in range(300)}):
        answer = posted(anna, f"/shares/{share_id}/photo", data)
        assert answer.status_code == 413
        assert danish("That was too big") in answer.text
    assert kept() is None


def test_nobody_sends_a_picture_without_the_forms_token(shared):
    anna, share_id = shared
    for path in (f"/shares/{share_id}/photo", f"/shares/{share_id}/photo/removal"):
        assert anna.post(path, data=form(), csrf=False).status_code == 400
        assert anna.post(path, data=form(), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert kept() is None


# Who sees it


@pytest.mark.parametrize("name", ["omar", "mads", "birgit", "karen", "henrik", "astrid", "liv"])
def test_nobody_else_sees_changes_or_deletes_it_whatever_their_role(shared, sign_in, folder, name):
    sent(*shared)
    other, before = sign_in(name), files(folder)
    share_id = shared[1]
    assert other.get(f"/shares/{share_id}/photo").status_code == 404
    assert other.get(f"/shares/{share_id}/photo/new").status_code == 404
    assert other.post(f"/shares/{share_id}/photo", data=form()).status_code == 404
    assert other.post(f"/shares/{share_id}/photo/removal").status_code == 404
    assert files(folder) == before
    assert kept() is not None


def test_a_stranger_is_sent_to_sign_in(shared, client):
    sent(*shared)
    assert client.get(f"/shares/{shared[1]}/photo").status_code == 303


def test_whoever_has_the_link_sees_it_and_no_search_engine_keeps_it(shared, client):
    anna, share_id = shared
    token = token_of(share_id)
    assert client.get(f"/s/{token}/photo").status_code == 404
    sent(anna, share_id)
    got = client.get(f"/s/{token}/photo")
    assert (got.status_code, got.mimetype) == (200, "image/jpeg")
    assert got.headers["X-Robots-Tag"] == "noindex"
    assert got.headers["Cache-Control"] == "no-store"
    assert client.get("/s/AAAAAAAAAA/photo").status_code == 404


def test_it_says_goodbye_with_its_link(shared, client, clock):
    anna, share_id = shared
    sent(anna, share_id)
    address = f"/s/{token_of(share_id)}/photo"
    with clock(NOW + timedelta(days=15)):
        assert client.get(address).status_code == 410
        assert anna.get(f"/shares/{share_id}/photo").status_code == 200
        assert anna.get(f"/shares/{share_id}/photo/new").status_code == 410
        assert sent(anna, share_id).status_code == 410
    anna.post(f"/shares/{share_id}/withdrawal")
    assert client.get(address).status_code == 410
    assert danish("The picture is deleted in a day.") in anna.get(f"/shares/{share_id}").text


@pytest.mark.parametrize("path", ["..%2f..%2fsecret_key", "%00", "..", "x.jpg", "photo"])
def test_no_address_leads_to_a_file_by_its_name(shared, client, folder, path):
    anna, share_id = shared
    sent(anna, share_id)
    for start in ("/photos/", f"/s/{token_of(share_id)}/photo/", "/s/", "/pictures/"):
        assert client.get(start + path).status_code in (404, 308), start
        assert client.get(start + files(folder)[0]).status_code == 404


# When it goes


def test_a_changed_picture_leaves_no_file_behind(shared, folder):
    anna, share_id = shared
    sent(anna, share_id)
    first = kept().name
    sent(anna, share_id, picture(colour="#00f"), alt="En anden cykel", consent="agreed")
    assert kept().name != first
    assert (kept().alt, kept().consent) == ("En anden cykel", "agreed")
    assert files(folder) == [f"{kept().name}.jpg"]


def test_a_deleted_picture_is_gone_at_once(shared, folder, client):
    anna, share_id = shared
    sent(anna, share_id)
    assert anna.post(f"/shares/{share_id}/photo/removal").status_code == 303
    assert (kept(), files(folder)) == (None, [])
    assert anna.get(f"/shares/{share_id}/photo").status_code == 404
    assert client.get(f"/s/{token_of(share_id)}/photo").status_code == 404
    assert anna.post(f"/shares/{share_id}/photo/removal").status_code == 303
    assert danish("Add a picture of your own") in anna.get(f"/shares/{share_id}").text


def hour(folder, at):
    """What the worker does each hour."""
    with writing():
        photos.forget_old(at)
    return photos.sweep(folder, at)


def test_a_withdrawn_shares_picture_is_deleted_a_day_later(shared, folder):
    anna, share_id = shared
    sent(anna, share_id)
    anna.post(f"/shares/{share_id}/withdrawal")
    hour(folder, NOW + timedelta(hours=23))
    assert len(files(folder)) == 1
    hour(folder, NOW + timedelta(hours=24))
    assert (kept(), files(folder)) == (None, [])


def test_a_share_that_is_told_again_keeps_its_picture(shared, folder, clock):
    anna, share_id = shared
    sent(anna, share_id)
    anna.post(f"/shares/{share_id}/withdrawal")
    with clock(NOW + timedelta(minutes=5)):
        tell(anna, db.session.get_one(Share, share_id).story_id)
    hour(folder, NOW + timedelta(days=3))
    assert files(folder) == [f"{kept().name}.jpg"]


def test_the_pictures_of_someone_who_leaves_go_a_day_later(shared, folder, cast):
    sent(*shared)
    with writing():
        people.leave(cast.anna.id, NOW, NOW.date())
    hour(folder, NOW + timedelta(hours=23))
    assert kept() is not None
    hour(folder, NOW + timedelta(hours=24))
    assert (kept(), files(folder)) == (None, [])


def test_a_picture_goes_with_its_shares_row(shared, folder):
    anna, share_id = shared
    sent(anna, share_id)
    with writing():
        for table in ("share_requests", "share_grams", "shares"):
            db.session.execute(text(f"DELETE FROM {table}"))  # one of ours
    assert kept() is None
    hour(folder, NOW + timedelta(hours=1))
    assert files(folder) == []


def test_what_nobody_names_is_swept_unless_it_may_be_about_to_be_named(shared, folder):
    sent(*shared)
    named = files(folder)
    for name, age in (("old.jpg", 61), (".half.jpg.abcd", 61), ("fresh.jpg", 59)):
        (folder / name).write_bytes(b"x")
        at = (NOW - timedelta(minutes=age)).timestamp()
        os.utime(folder / name, (at, at))
    assert hour(folder, NOW) == 2
    assert files(folder) == sorted([*named, "fresh.jpg"])
    assert hour(folder, NOW + timedelta(days=1)) == 1
    assert files(folder) == named


def test_the_worker_forgets_and_sweeps_each_hour(shared, folder, monkeypatch, app, clock):
    anna, share_id = shared
    sent(anna, share_id)
    anna.post(f"/shares/{share_id}/withdrawal")
    monkeypatch.setattr(worker, "app", app)
    with clock(NOW + timedelta(days=2)):
        worker.forget.call_local()
    assert (kept(), files(folder)) == (None, [])


def test_a_write_that_fails_leaves_no_row_and_what_it_wrote_is_swept(shared, folder):
    anna, share_id = shared
    sent(anna, share_id)
    before = kept().name
    file = FileStorage(BytesIO(picture()), "x.jpg")
    picked = photos.from_form({"photo_alt": ALT, "photo_consent": "nobody"}, {"photo": file})
    with suppress(RuntimeError), writing():
        photos.keep(share_id, picked, folder, NOW)
        raise RuntimeError
    assert kept().name == before
    assert len(files(folder)) == 2
    hour(folder, NOW + timedelta(hours=1))
    assert files(folder) == [f"{before}.jpg"]


def test_a_file_that_is_lost_is_no_error(shared, folder, client):
    anna, share_id = shared
    sent(anna, share_id)
    (folder / files(folder)[0]).unlink()
    assert anna.get(f"/shares/{share_id}/photo").status_code == 404
    assert client.get(f"/s/{token_of(share_id)}/photo").status_code == 404
    assert anna.get(f"/shares/{share_id}").status_code == 200
    assert anna.post(f"/shares/{share_id}/photo/removal").status_code == 303


# What is known of it


def test_ones_own_data_tells_of_it_and_where_to_get_it(shared, sign_in):
    anna, share_id = shared
    sent(anna, share_id, consent="agreed")
    told = anna.get("/me/data").json["share_photos"]
    assert [(one["alt"], one["consent"], one["picture"]) for one in told] == [
        (ALT, "agreed", f"/shares/{share_id}/photo")
    ]
    assert sign_in("omar").get("/me/data").json["share_photos"] == []
    stored = "Pictures of your own, what they show, and that the people in them agreed"
    assert danish(stored) in anna.get("/me/stored").text


def test_a_backup_holds_the_pictures(shared, folder, app, tmp_path):
    if db.engine.dialect.name == "postgresql":
        pytest.skip("the files are the same; the guide's own test restores PostgreSQL")
    sent(*shared)
    name = files(folder)[0]
    content = (folder / name).read_bytes()
    backup.create(app.config, tmp_path / "all.tar.gz")
    there = {
        "DATA_DIR": tmp_path / "there",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'there' / 'fortael.sqlite3'}",
    }
    backup.restore(there, tmp_path / "all.tar.gz", force=False)
    assert (tmp_path / "there" / "photos" / name).read_bytes() == content
