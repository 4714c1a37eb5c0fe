"""Stories for those who read them: all of them, one of them, and what one thinks of it."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.given import number
from app.given import text as typed
from app.language import language, twin
from app.stories import actions, downloads, queries
from app.stories.ages import age_of
from app.stories.browsing import Wanted, browse, place
from app.stories.cards import Look, cards, faces
from app.stories.models import Question, Story
from app.stories.pictures import path_of
from app.stories.questions import open_question, settled
from app.web import access, go_to, is_fragment, respond, toast

stories = Blueprint("stories", __name__)
LONGEST_SEARCH = 80


def open_or_404(story_id: int) -> Story:
    """The story, if this person may read it."""
    return queries.open_story(current_user, story_id, clock.now()) or abort(404)


@stories.get("/stories")
@access.signed_in
def all_stories() -> Response:
    """Everything that can be told now, by topic, by words and by what one has saved; more of it a page at a time."""
    wanted = Wanted(
        request.args.get("topic", type=number),
        typed(request.args.get("q", ""))[:LONGEST_SEARCH],
        "saved" in request.args,
    )
    now, behind = clock.now(), place(request.args.get("after", ""))
    found = browse(current_user, now, wanted, behind)
    if behind and not found.stories and not is_fragment():
        # What stood there is over meanwhile: whoever comes back begins anew.
        behind, found = None, browse(current_user, now, wanted)
    return respond(
        "stories/all.html",
        fragment="stories/_page.html" if behind else "stories/_hits.html",
        topics=queries.topics(),
        wanted=wanted,
        behind=behind,
        found=found,
        cards=_listed(found.stories, now),
    )


def _listed(found: Sequence[Story], now: datetime) -> list[Markup]:
    zone = current_user.zone_info
    looks = [Look(one.id, one.version, brief=True, age=age_of(one, now, zone)) for one in found]
    return cards(looks, language(), current_user.organisation_version)


@stories.get("/stories/<int:story_id>")
@access.signed_in
def story(story_id: int) -> Response:
    """One story, with what one may do with it."""
    found = open_or_404(story_id)
    return respond(
        "stories/story.html",
        story=found,
        face=faces([story_id])[story_id],
        saved=queries.has_saved(current_user.id, story_id),
        reading=queries.reading_of(current_user.id, story_id),
        dismissed=queries.has_dismissed(current_user.id, story_id),
    )


@stories.get("/stories/<int:story_id>/picture")
@access.signed_in
def download_picture(story_id: int) -> Response:
    """The story's picture as a file to post with, for those who may read the story."""
    found = open_or_404(story_id)
    picture = queries.picture_of(found)
    content = downloads.as_jpeg(_pictures() / f"{picture.name}-{picture.width}.webp") if picture else None
    if content is None:
        abort(404)
    named = {"Content-Disposition": downloads.disposition(twin(found, "title"))}
    return Response(content, mimetype="image/jpeg", headers=named)


@stories.post("/stories/<int:story_id>/reading")
@access.signed_in
def say_useful(story_id: int) -> AnyResponse:
    """It was useful."""
    open_or_404(story_id)
    with writing():
        paid = actions.say_useful(current_user.id, story_id, clock.now())
    if not is_fragment():
        toast(_("Thank you. Noted."))
        return go_to(url_for("stories.story", story_id=story_id))
    answer = respond("stories/_said.html", story_id=story_id)
    points = sum(one.amount for one in paid)
    toast(_("Thank you. 1 point for reading.") if points else _("Thank you. Noted."), answer)
    return answer


@stories.post("/stories/<int:story_id>/saving")
@access.signed_in
def save(story_id: int) -> AnyResponse:
    """Keep it for later, or no longer: the same button."""
    open_or_404(story_id)
    saved = queries.has_saved(current_user.id, story_id)
    with writing():
        if saved:
            actions.unsave(current_user.id, story_id)
        else:
            actions.save(current_user.id, story_id, clock.now())
    said = _("No longer saved") if saved else _("Saved for later")
    if not is_fragment():
        toast(said)
        return go_to(url_for("stories.story", story_id=story_id))
    answer = Response(status=204)
    toast(said, answer)
    return answer


@stories.get("/questions/<int:question_id>/answers")
@access.signed_in
def new_answer(question_id: int) -> Response:
    """Tell your own story to the question of the day."""
    return _answer_form(_question_or_404(question_id))


@stories.post("/questions/<int:question_id>/answers")
@access.signed_in
def answer(question_id: int) -> AnyResponse:
    """Send it to the editors."""
    question = _question_or_404(question_id)
    text = typed(request.form.get("text", ""))
    if not text:
        return _answer_form(question, 422, text, _("Write a sentence or two first."))
    if len(text) > actions.LONGEST_ANSWER:
        return _answer_form(question, 422, text, _("That is a little long. 4,000 characters at most."))
    day = current_user.local_date(clock.now())
    with writing():
        kept = actions.answer(current_user.id, question_id, text, day, clock.now())
    if kept != text:
        return _answer_form(
            question, 422, text,
            _("The editors have your first answer from today. Copy this one and send it another day."),
        )  # fmt: skip
    toast(_("Thank you. The editors read it."))
    return go_to(url_for("feed.today"))


def _answer_form(question: Question, status: int = 200, text: str = "", error: str = "") -> Response:
    return respond(
        "stories/answer.html",
        fragment="stories/_answer.html",
        status=status,
        question=question,
        text=text,
        error=error,
        settled=settled(current_user.id, clock.now()),
    )


def _question_or_404(question_id: int) -> Question:
    return open_question(question_id) or abort(404)


@stories.get("/pictures/<name>")
@access.public
def picture(name: str) -> Response:
    """A picture's file. Its name is made from its content, so it never changes.

    Under the same name with `.jpg` it is a JPEG, for networks that draw their previews from nothing else.
    """
    path = path_of(_pictures(), re.sub(r"\.jpg$", ".webp", name)) or abort(404)
    if name.endswith(".jpg"):
        answer = Response(downloads.as_jpeg(path) or abort(404), mimetype="image/jpeg")
    else:
        answer = send_file(path, mimetype="image/webp", max_age=31536000, etag=False)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _pictures() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / "pictures"
    return folder
