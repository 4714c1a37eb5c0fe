"""The edge: who may use a route, fragment or page, the cross-site guard and the headers."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response as AnyResponse

from app.fragments import filled, part
from app.given import MOST_TEXT

View = TypeVar("View", bound=Callable[..., Any])
HTMX_ADDRESS = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
VARIES = "HX-Request, HX-Request-Type, Cookie, Accept-Encoding"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
csrf = CSRFProtect()


class Access:
    """Declares who may use a route. A route that declares nothing is refused (and fails a test)."""

    AUDIENCES: ClassVar[dict[str, Callable[[Any], bool]]] = {
        "public": lambda _person: True,
        "signed_in": lambda person: bool(person.is_authenticated),
        "manager": lambda person: bool(person.is_authenticated and person.is_manager),
        "curator": lambda person: bool(person.is_authenticated and person.is_curator),
        "admin": lambda person: bool(person.is_authenticated and person.is_admin),
        "desk": lambda person: bool(person.is_authenticated and (person.is_curator or person.is_admin)),
    }

    def public(self, view: View) -> View:
        return self._declare(view, "public")

    def signed_in(self, view: View) -> View:
        return self._declare(view, "signed_in")

    def manager(self, view: View) -> View:
        return self._declare(view, "manager")

    def curator(self, view: View) -> View:
        return self._declare(view, "curator")

    def admin(self, view: View) -> View:
        return self._declare(view, "admin")

    def desk(self, view: View) -> View:
        return self._declare(view, "desk")

    def _declare(self, view: View, audience: str) -> View:
        view.__dict__["audience"] = audience
        return view

    def check(self) -> AnyResponse | None:
        """Before each request: let in, send to sign-in, or refuse with 403."""
        view = current_app.view_functions.get(request.endpoint or "")
        if view is None:
            return None
        audience = view.__dict__.get("audience")
        if audience and self.AUDIENCES[audience](current_user):
            return None
        if audience and not current_user.is_authenticated:
            return to_sign_in()
        return abort(403)


access = Access()


def to_sign_in() -> AnyResponse:
    """Ask for sign-in first; a whole page comes back to where it was going."""
    going_to = request.full_path.rstrip("?") if request.method == "GET" and not is_fragment() else None
    address = url_for("people.sign_in", next=None if going_to == "/" else going_to)
    if is_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
        return response
    return redirect(address, 303)


def is_fragment() -> bool:
    """Whether HTMX asks for a part of a page (and not for a page out of its history)."""
    asked = request.headers.get("HX-Request") == "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"


def respond(template: str, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """The page, or its fragment when HTMX asks for a part and there is one."""
    chosen = fragment if fragment and is_fragment() else template
    response = current_app.response_class(render_template(chosen, **context), status)
    response.headers["Vary"] = VARIES
    return response


def respond_filled(
    template: str, lang: str, theme: str, holes: Mapping[str, Markup], **values: Any
) -> Response:
    """A hot page: kept for its values, with its holes filled for this person. See `app/fragments.py`."""
    token = form_token()
    told = tuple(get_flashed_messages(with_categories=True)) if "_flashes" in session else ()
    flashed = part("shared/_flashed.html", lang, told=told, token=token) if told else Markup("")
    whole = {"token": token, "flashed": flashed, **holes}
    response = current_app.response_class(filled(template, lang, whole, theme=theme, **values))
    response.headers["Vary"] = VARIES
    return response


def go_to(address: str) -> AnyResponse:
    """After a form: show another page. HTMX is told to go there instead of swapping."""
    if is_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = address
        return response
    return redirect(address, 303)


def toast(text: str, response: AnyResponse | None = None, undo: str | None = None) -> None:
    """Say something shortly: in this HTMX answer when given, else on the next page.

    `undo` is the address that a POST takes it back at, offered for ten seconds.
    """
    if response is not None and is_fragment():
        said: dict[str, Any] = {"text": text}
        if undo:
            said["undo"] = {"url": undo, "label": _("Undo")}
        response.headers["HX-Trigger"] = json.dumps({"toast": said})
    else:
        flash(text, undo or "")


def unsay(undo: str) -> None:
    """Leave out of the next page what was to be said with this way back: it has been taken."""
    if "_flashes" in session:
        session["_flashes"] = [one for one in session["_flashes"] if one[0] != undo]


def safe_next(address: str | None) -> str:
    """An address of our own pages, or Today. Only what the URL map knows as a GET is followed."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return "/"
    if any(c in address for c in "\\\r\n\t"):
        return "/"
    adapter = current_app.url_map.bind(request.host)
    return iri_to_uri(address) if adapter.test(urlsplit(address).path, "GET") else "/"


def guard() -> AnyResponse | None:
    """Before each request: what changes something is ours and carries its token; who asks may."""
    if request.method not in SAFE_METHODS:
        refuse_cross_site()
        csrf.protect()
    return access.check()


def refuse_cross_site() -> None:
    """A browser that says a changing request came from another site is refused."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if origin and origin != "null" and origin.partition("://")[2] != request.host:
        abort(403)


def _headers(htmx_local: bool, secure: bool) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": _content_security_policy(htmx_local),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    return headers | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else {})


def _content_security_policy(htmx_local: bool) -> str:
    scripts = "'self'" if htmx_local else f"'self' {HTMX_ADDRESS}"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    )


def security_headers(response: AnyResponse) -> AnyResponse:
    """What every answer carries."""
    headers = response.headers
    headers.extend(current_app.config["HEADERS"])
    if "Cache-Control" not in headers:
        headers.add("Cache-Control", "no-store")
    return response


def form_token() -> Markup:
    """The session's token, signed once and kept: without a time limit it need not be new in each page."""
    raw = session.get("csrf_token")
    return _signed(str(current_app.secret_key), raw) if isinstance(raw, str) else Markup(generate_csrf())  # noqa: S704  # base64


@lru_cache(4000)
def _signed(secret: str, raw: str) -> Markup:
    return Markup(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw))  # noqa: S704  # base64


def csrf_field() -> Markup:
    """The hidden field that each form carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(form_token())


def init_app(app: Flask) -> None:
    """Guard every request and answer of the app."""
    app.config.update(
        HEADERS=_headers(app.config["HTMX_LOCAL"], app.config["SESSION_COOKIE_SECURE"]),
        WTF_CSRF_TIME_LIMIT=None,
        # guard() asks for it.
        WTF_CSRF_CHECK_DEFAULT=False,
        # Host and referrer are checked by refuse_cross_site(); strict mode would refuse proxies without Referer.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
        MAX_FORM_MEMORY_SIZE=MOST_TEXT,
        MAX_FORM_PARTS=200,
    )
    csrf.init_app(app)
    app.before_request(guard)
    app.after_request(security_headers)
    app.jinja_env.globals.update(
        csrf_field=csrf_field,
        form_token=form_token,
        is_fragment=is_fragment,
        HTMX_ADDRESS=HTMX_ADDRESS,
        HTMX_INTEGRITY=HTMX_INTEGRITY,
    )
