"""The HTTP API behind `--edit`: read and change the tags, aliases and description of a page's model or version."""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from urllib.parse import parse_qs

from sitegen.authoring.edit import EditableFacts, EditTarget, edit, form, read_facts
from sitegen.authoring.safe_files import EditError
from sitegen.serve.http.messages import JSON, Request, Response
from sitegen.site.urls import assign_slugs, identity, version_slugs
from sitegen.sources.discovery import Discovery
from sitegen.sources.refs import ModelRef

TOKEN = "x-sitegen-token"  # noqa: S105 - the name of a header
"""The header that proves that a request comes from a page of this server: other pages cannot read the token."""


class Editor:
    """Answers the requests of pages that edit; `registry` returns the root and the last discovery."""

    def __init__(self, registry: Callable[[], tuple[str, Discovery | None]]) -> None:
        self._registry = registry
        self._token = secrets.token_urlsafe()

    def refusal(self, request: Request) -> Response | None:
        """The refusal of a request without the token; None if it has the token."""
        if secrets.compare_digest(request.headers.get(TOKEN, "").encode(), self._token.encode()):
            return None
        return _json_response(403, {"message": "the page is an old one: load it again"})

    def answer(self, request: Request) -> Response:
        """The facts of a page's files (GET), or those files after a change (POST).

        GET has status 200 for every page: a browser writes an error to its console for any other.
        """
        if request.method == "POST":
            return self.refusal(request) or self._apply_edit(request.body)
        page = parse_qs(request.query).get("page", [""])[0]
        target = self._edit_target(page)
        if target is None:
            return _json_response(
                200, {"editable": False, "problem": "only models of the directory layout can be edited"}
            )
        try:
            facts = read_facts(target)
        except (EditError, OSError) as error:
            return _json_response(200, {"editable": True, "problem": str(error)})
        return _json_response(200, {"editable": True, **asdict(facts), "digest": facts.digest(), "token": self._token})

    def _apply_edit(self, body: bytes) -> Response:
        try:
            page, digest, wanted = _parse_edit(body)
        except (ValueError, TypeError, KeyError, RecursionError):
            return _json_response(400, {"message": "the request is not understood"})
        target = self._edit_target(page)
        if target is None:
            return _json_response(404, {"message": "the model is not there any more"})
        try:
            if read_facts(target).digest() != digest:
                return _json_response(
                    409, {"message": "the files have changed in the meantime: close this and begin again"}
                )
            changed = edit(target, wanted)
        except EditError as error:
            return _json_response(422, {"message": str(error)})
        except OSError as error:
            return _json_response(422, {"message": f"{error.filename}: {error.strerror}"})
        root = Path(self._registry()[0])
        return _json_response(200, {"files": [path.relative_to(root).as_posix() for path in changed]})

    def _edit_target(self, page: str) -> EditTarget | None:
        """The model or version that a page shows; None if it is not one of the directory layout."""
        root, discovery = self._registry()
        parts = page.split("/")
        if discovery is None or parts[0] != "models" or parts[-1] != "index.html" or len(parts) not in (3, 4):
            return None
        slugs = assign_slugs(discovery.models).slugs
        ref = next((ref for ref in discovery.models if slugs[identity(ref)] == parts[1] and _is_editable(ref)), None)
        if ref is None:
            return None
        folders = {one.name or "": Path(root, one.folder.path) for one in ref.versions if one.folder}
        model = next(iter(folders.values())).parent
        if len(parts) == 3:
            return EditTarget(Path(root), model)
        slug = version_slugs(folders)
        name = next((name for name in folders if slug[name] == parts[2]), None)
        return None if name is None else EditTarget(Path(root), model, folders[name], name, tuple(folders.values()))


def _is_editable(ref: ModelRef) -> bool:
    """Whether all facts of a registered model come from files of the directory layout."""
    return (
        ref.kind == "registered" and ref.key is None and all(one.folder and not one.registered for one in ref.versions)
    )


def _parse_edit(body: bytes) -> tuple[str, str, EditableFacts]:
    """Page, digest and facts of a request. Raises ValueError, TypeError or KeyError for any other body."""
    raw = json.loads(body)
    aliases, tags = raw["aliases"], raw["tags"]
    if not isinstance(tags, dict):
        raise TypeError
    texts = [raw["page"], raw["digest"], raw["description"], *(aliases or ()), *tags.keys(), *tags.values()]
    if not all(isinstance(text, str) for text in texts) or not isinstance(aliases, list | None):
        raise TypeError
    return raw["page"], raw["digest"], form(raw["description"], aliases, tags)


def _json_response(status: int, value: object) -> Response:
    headers = (("Content-Type", JSON), ("Cache-Control", "no-store"))
    return Response(status=status, headers=headers, body=json.dumps(value).encode())
