"""The server's own scripts and style sheet."""

import json
from pathlib import Path

from sitegen.formats.media import media_type
from sitegen.serve.http.messages import OWN, Request, Response, plain

_ASSETS = Path(__file__).resolve().parent.parent / "assets"
NAMES = ("live.js", "live.css", "edit.js")


def answer(request: Request, build: str, editing: bool) -> Response:
    """One of the own files. The script is told which build its page was loaded in."""
    name = request.path.removeprefix(OWN)
    if name not in NAMES:
        return plain(404)
    text = (_ASSETS / name).read_text(encoding="utf-8")
    if name == "live.js":
        text = f"window.sitegenLive = {json.dumps({'build': build, 'edit': editing})};\n{text}"
    headers = (("Content-Type", media_type(name)), ("Cache-Control", "no-store"))
    return Response(headers=headers, body=text.encode())
