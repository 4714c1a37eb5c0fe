"""A picture of one's own comes with the text, in the same form, once."""

from io import BytesIO

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.db import db
from app.sharing.models import Share, SharePhoto
from tests.sharing.pictures import ALT, form, picture
from tests.sharing.test_telling import OWN
from tests.words import danish

AGAIN = "Choose the picture again, for the browser has let go of it."


def told(browser, story_id, headers=None, **fields):
    """What the composer's form answers to a text with these fields."""
    boundary, body = encode_multipart({"text": OWN, "network": "linkedin", "disclosed": "1"} | fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.post(f"/stories/{story_id}/shares", data=body, content_type=kind, headers=headers or {})


def photos_kept():
    db.session.rollback()
    return db.session.scalars(select(SharePhoto)).all()


def test_a_picture_comes_with_the_text(app, sign_in, story):
    anna = sign_in("anna")
    answer = told(anna, story(), **form(consent="agreed"))
    share_id = int(answer.location.split("/")[2])
    assert [(one.share_id, one.alt, one.consent) for one in photos_kept()] == [(share_id, ALT, "agreed")]
    assert anna.get(f"/shares/{share_id}/photo").mimetype == "image/jpeg"


def test_a_picture_of_the_largest_size_comes_through(sign_in, story):
    large = picture() + b"\0" * (10 * 1024 * 1024 - len(picture()))
    assert told(sign_in("anna"), story(), **form(large)).status_code == 303
    assert len(photos_kept()) == 1


def test_what_is_wrong_with_the_picture_keeps_the_text_and_is_said_beside_it(sign_in, story):
    anna, story_id = sign_in("anna"), story()
    for headers in ({}, {"HX-Request": "true"}):
        page = told(anna, story_id, headers, **form(b"GIF89a", consent=""))
        assert page.status_code == 422
        assert danish("That file is not a JPEG, PNG or WebP picture.") in page.text
        assert OWN[:40] in page.text
        assert f'value="{ALT}"' in page.text
    assert db.session.scalar(select(func.count()).select_from(Share)) == 0


def test_what_is_wrong_with_the_text_asks_for_the_picture_again(app, sign_in, story):
    page = told(sign_in("anna"), story(), text=" ", **form(consent="agreed"))
    assert page.status_code == 422
    assert danish(AGAIN) in page.text
    assert 'value="agreed" checked' in page.text
    assert photos_kept() == []
    assert not (app.config["DATA_DIR"] / "photos").exists()


def test_a_description_without_its_picture_is_not_lost_in_silence(sign_in, story):
    anna, story_id = sign_in("anna"), story()
    page = told(anna, story_id, photo_alt=ALT, photo_consent="agreed")
    assert page.status_code == 422
    assert danish(f"{AGAIN} Or empty its description.") in page.text
    assert told(anna, story_id, photo_alt="", photo_consent="agreed").status_code == 303
    assert photos_kept() == []


def test_a_text_where_the_picture_should_be_is_no_picture(sign_in, story):
    anna, story_id = sign_in("anna"), story()
    assert told(anna, story_id, photo="en tekst").status_code == 303
    assert told(anna, story_id, photo=FileStorage(BytesIO(b""), "")).status_code == 303
    assert photos_kept() == []


def test_a_replay_keeps_one_picture(app, sign_in, story):
    anna, story_id = sign_in("anna"), story()
    for _time in range(4):
        assert told(anna, story_id, key="a" * 22, **form()).status_code == 303
    (kept,) = photos_kept()
    assert [path.name for path in (app.config["DATA_DIR"] / "photos").iterdir()] == [f"{kept.name}.jpg"]


def test_a_text_that_is_written_anew_keeps_the_picture_it_had(sign_in, story):
    anna, story_id = sign_in("anna"), story()
    told(anna, story_id, **form())
    told(anna, story_id, text=OWN[::-1])
    assert [one.alt for one in photos_kept()] == [ALT]


def test_a_network_draws_its_preview_with_it_until_it_is_deleted(sign_in, story, client):
    anna = sign_in("anna")
    share_id = int(told(anna, story(), **form()).location.split("/")[2])
    token = db.session.get_one(Share, share_id).token
    linkedin = {"User-Agent": "LinkedInBot/1.0"}
    shown = f'property="og:image" content="http://localhost/s/{token}/photo"'
    page = client.get(f"/s/{token}", headers=linkedin).text
    assert shown in page
    assert f'property="og:image:alt" content="{ALT}"' in page
    assert client.get(f"/s/{token}/photo", headers=linkedin).status_code == 200
    anna.post(f"/shares/{share_id}/photo/removal")
    assert shown not in client.get(f"/s/{token}", headers=linkedin).text
