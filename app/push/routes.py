"""A person's devices that may be told, and the test of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.db import writing
from app.given import text as typed
from app.people.devices import device_name
from app.push import choices, subscriptions, trial
from app.push.messages import Sealer
from app.push.models import Subscription
from app.push.sending import Hosts
from app.push.subscriptions import Browser, SubscriptionRefused
from app.web import access, go_to, respond, safe_next, toast

push = Blueprint("push", __name__)


@push.get("/me/messages")
@access.signed_in
def messages() -> Response:
    """This device on or off, one's other devices, and help for each kind of phone."""
    return _page()


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence that belongs to one device's name, or to this device when `device_id` is 0."""

    text: str
    device_id: int = 0
    name: str = ""


def _page(fault: Fault | None = None) -> Response:
    devices = subscriptions.live(current_user.id, clock.now())
    return respond(
        "push/messages.html",
        status=422 if fault else 200,
        devices=devices,
        this=next((one for one in devices if one.sign_in_id == current_user.sign_in_id), None),
        key=_sealer().public_key,
        phone=_phone(),
        fault=fault,
    )


def _sealer() -> Sealer:
    return Sealer.of(current_app.config)


def _phone() -> str:
    """Whose help is shown first, by what the browser calls itself."""
    name = device_name(request.user_agent.string)
    return (
        "ios" if name.endswith(("iPhone", "iPad")) else "android" if name.endswith("Android") else "desktop"
    )


@push.post("/me/messages/devices")
@access.signed_in
def subscribe() -> AnyResponse:
    """This browser may be told. `why`: a tap, the same again as each day, or because the browser has changed it.

    The last two are the page's own doing and are answered shortly: 204; 409 with the key to subscribe with, when
    it is another by now; 410 when the device is none of the person's any more, or never can be.
    """
    given, by_tap = request.form, request.form.get("why") == "tap"
    if given.get("key") != _sealer().public_key:
        said = _("Something has changed here meanwhile. Try once more.")
        return _page(Fault(said)) if by_tap else Response(_sealer().public_key, 409, mimetype="text/plain")
    if given.get("why") == "again" and not _is_known(given.get("endpoint", "")):
        return Response(status=410)
    try:
        _take_in(given, by_tap)
    except SubscriptionRefused:
        said = _("This browser’s messages come from a place that we do not send to.")
        return _page(Fault(said)) if by_tap else Response(status=410)
    if not by_tap:
        return Response(status=204)
    toast(_("Messages are on for this device."))
    return go_to(safe_next(given.get("next")))


def _take_in(given: Mapping[str, str], by_tap: bool) -> None:
    keys = (given.get("endpoint", ""), given.get("p256dh", ""), given.get("auth", ""))
    browser = Browser.of(*keys, _sealer().key_id, device_name(request.user_agent.string))
    hosts, now = Hosts.of(current_app.config), clock.now()
    with writing():
        subscriptions.subscribe(current_user.id, current_user.sign_in_id, browser, hosts, now)
        subscriptions.drop_others(current_user.sign_in_id, browser.endpoint)
        if by_tap:
            choices.answer(current_user.id, now)


def _is_known(endpoint: str) -> bool:
    return any(one.endpoint == endpoint for one in subscriptions.live(current_user.id, clock.now()))


@push.post("/me/messages/devices/<int:device_id>/name")
@access.signed_in
def rename(device_id: int) -> AnyResponse:
    """Call a device by a name of one's own."""
    _device(device_id)
    name = typed(request.form.get("name", ""))
    if not name or len(name) > subscriptions.LONGEST_NAME:
        said = _("Write a name of at most %(most)s characters.", most=subscriptions.LONGEST_NAME)
        return _page(Fault(said, device_id, name))
    with writing():
        subscriptions.rename(current_user.id, device_id, name)
    toast(_("Saved."))
    return go_to(url_for("push.messages"))


@push.post("/me/messages/devices/<int:device_id>/removal")
@access.signed_in
def remove(device_id: int) -> AnyResponse:
    """This device is not told any more."""
    with writing():
        subscriptions.unsubscribe(current_user.id, device_id) or abort(404)
    toast(_("Messages are off for that device."))
    return go_to(url_for("push.messages"))


@push.post("/me/messages/devices/<int:device_id>/test")
@access.signed_in
def send_test(device_id: int) -> AnyResponse:
    """A message to this device at once, and in words what its push service said."""
    device = _device(device_id)
    with writing():
        number = trial.begin(current_user.id, clock.now())
    if number is None:
        toast(_("A test has just been sent. Wait ten seconds, and try again."))
        return go_to(url_for("push.messages"))
    status = trial.send(device, current_user.locale, number, current_app.config)
    if status in trial.GONE:
        with writing():
            subscriptions.unsubscribe(current_user.id, device_id)
    toast(_said(status))
    return go_to(url_for("push.messages"))


def _said(status: int) -> str:
    """What became of a test, by what the push service answered."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        said = _("The push service has taken it. It should show within a minute.")
    elif status in trial.GONE:
        said = _("That device is gone, and we have removed it. Turn messages on again there.")
    elif status == trial.NO_ANSWER:
        said = _("The push service did not answer. Try again in a moment.")
    elif status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        said = _("The push service is busy right now. Try again in a little while.")
    elif status in trial.REFUSED:
        said = _("The push service does not know us. Tell those who run Fortæl; it is not your phone.")
    else:
        said = _("The push service did not want it. Turn messages off and on again on that device.")
    return str(said)


def _device(device_id: int) -> Subscription:
    mine = subscriptions.live(current_user.id, clock.now())
    return next((one for one in mine if one.id == device_id), None) or abort(404)


@push.post("/me/messages/refusal")
@access.signed_in
def decline() -> AnyResponse:
    """*No thanks* to our own question. It is not asked again."""
    with writing():
        choices.answer(current_user.id, clock.now())
    toast(_("That is fine. We will not ask again."))
    return go_to(url_for("feed.today"))
