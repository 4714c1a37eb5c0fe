"""Static files: one style sheet out of its components, compressed at the highest level, under a name
that changes with their content, so that a browser keeps them for ever.
"""

import gzip
import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from markupsafe import Markup, escape
from whitenoise import WhiteNoise

# The order in which the components' rules apply.
COMPONENTS = (
    "tokens", "base", "layout", "buttons", "parts", "hero", "story", "sheet", "celebration", "toast", "board", "me",
    "onboarding", "empty", "desk", "motion", "spacing", "today", "composer", "team", "levels", "sign-in",
    "desk-parts", "queue", "push", "reminders", "people", "shoutouts", "photo", "app",
)  # fmt: skip
# The first for every page, the others for those that need them (`loader`); the service worker takes in drafts.js alone.
SCRIPTS = {
    "app": ("sheets", "toasts", "switches", "loader", "offline", "push", "htmx-fallback"),
    "composer": ("drafts", "waiting", "composer"),
    "desk": ("desk",),
    "drafts": ("drafts",),
}
COMPRESSIBLE = {".css", ".js", ".svg", ".txt"}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Assets:
    """The built files: their folder, and `build`, which changes with any of them."""

    folder: Path
    build: str

    def url(self, path: str) -> str:
        """Where a file is served."""
        return f"/static/{self.build}/{path}"

    def precache(self) -> list[str]:
        """What the service worker fetches at once: the frame of every page."""
        wanted = (
            "css/app.css",
            "js/app.js",
            "js/composer.js",
            "js/desk.js",
            "fonts/display.woff2",
            "icons/icons.svg",
            "img/e-offline.svg",
            "vendor/htmx.min.js",
        )
        return [self.url(path) for path in wanted]


def prepare(source: Path, out: Path) -> Assets:
    """Build the files once for their content; what stands already is left alone."""
    build = _fingerprint(source)
    folder = out / build
    if not folder.exists():
        out.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=out))
        _fill(source, fresh)
        try:
            fresh.rename(folder)
        except OSError:
            shutil.rmtree(fresh)
    return Assets(folder, build)


def _fingerprint(source: Path) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(source.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(source).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def _fill(source: Path, target: Path) -> None:
    target.chmod(0o755)
    for folder in ("fonts", "icons", "avatars", "img", "vendor"):
        shutil.copytree(source / folder, target / folder)
    _join(source / "css", [f"{name}.css" for name in COMPONENTS], target / "css" / "app.css")
    for script, parts in SCRIPTS.items():
        _join(source / "js", [f"{name}.js" for name in parts], target / "js" / f"{script}.js")
    for path in [path for path in target.rglob("*") if path.suffix in COMPRESSIBLE]:
        content = path.read_bytes()
        path.with_name(f"{path.name}.br").write_bytes(brotli.compress(content, quality=11))
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _join(folder: Path, names: list[str], target: Path) -> None:
    """One file out of many, without their comments: what is sent to each device holds what it needs."""
    target.parent.mkdir(exist_ok=True)
    joined = "\n".join((folder / name).read_text(encoding="utf-8") for name in names)
    target.write_text(COMMENT.sub("", joined), encoding="utf-8")


def serve(app: Flask, assets: Assets) -> None:
    """Serve the files in front of the app, and tell templates where they are."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # as Flask's documentation wraps middleware
        app.wsgi_app,
        root=str(assets.folder),
        prefix=f"static/{assets.build}/",
        max_age=A_YEAR,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=_headers,
    )
    app.extensions["assets"] = assets
    icons = assets.url("icons/icons.svg")
    kept: dict[tuple[str, str], Markup] = {}

    def icon(name: str, cls: str = "") -> Markup:
        if (name, cls) not in kept:
            kept[name, cls] = Markup('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>').format(
                f"i {cls}".strip(), icons, escape(name)
            )
        return kept[name, cls]

    app.jinja_env.globals.update(static=assets.url, icon=icon, build=assets.build)


def _headers(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    headers["Referrer-Policy"] = "no-referrer"
