"""Manifest, service worker, the offline page and help to install, all at root scope."""

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.assets import Assets
from app.language import LANGUAGES, language
from app.organisation.queries import facts
from app.shoutouts.queries import waiting
from app.web import HTMX_ADDRESS, access, respond

pwa = Blueprint("pwa", __name__)
ICONS = (
    ("app-192", 192, "any"),
    ("app-512", 512, "any"),
    ("maskable-192", 192, "maskable"),
    ("maskable-512", 512, "maskable"),
)


def _assets() -> Assets:
    assets: Assets = current_app.extensions["assets"]
    return assets


@pwa.get("/manifest.webmanifest")
@access.public
def manifest() -> Response:
    """The app's manifest. Its id never changes."""
    try:
        promise = facts().promise(language())
    except LookupError:
        promise = ""
    response = jsonify(
        id="/",
        start_url="/?source=home",
        scope="/",
        display="standalone",
        name="Fortæl",
        short_name="Fortæl",
        description=promise,
        lang=language(),
        background_color="#F3F5F0",
        theme_color="#0C4237",
        icons=[
            {
                "src": _assets().url(f"icons/{name}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, size, purpose in ICONS
        ],
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


@pwa.get("/service-worker.js")
@access.public
def service_worker() -> Response:
    """The service worker; a change of any static file changes it."""
    script = render_template(
        "pwa/service-worker.js",
        assets=_assets().build,
        drafts=_assets().url("js/drafts.js"),
        precache=[*_assets().precache(), "/offline"],
        htmx={"cdn": HTMX_ADDRESS, "local": _assets().url("vendor/htmx.min.js")},
        icons={"icon": _assets().url("icons/app-192.png"), "badge": _assets().url("icons/badge.png")},
        unreadable={lang: _unreadable(lang) for lang in LANGUAGES},
    )
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _unreadable(lang: str) -> str:
    """What a device says of a push that it cannot read, in its own language."""
    with force_locale(lang):
        return str(_("Something new is waiting for you."))


@pwa.get("/badge")
@access.signed_in
def badge() -> Response:
    """The number on the app's icon: shout-outs to the person that they have not opened. Digits alone."""
    return Response(str(waiting(current_user.id, clock.now())), mimetype="text/plain")


@pwa.get("/offline")
@access.public
def offline() -> Response:
    """What is shown without a connection when there is nothing of the person's own to show."""
    return respond("pwa/offline.html")


@pwa.get("/install")
@access.signed_in
def install() -> Response:
    """How to put Fortæl on the home screen."""
    return respond("pwa/install.html")
