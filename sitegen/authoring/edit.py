"""Read and set tags, aliases and descriptions of the directory layout."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sitegen.authoring.draft import FOLDER, SIDECAR, TABLES, Draft, write
from sitegen.authoring.safe_files import EditError
from sitegen.authoring.text_patch import KeyPath, PatchError, patch_text, remove_item

MAX_KEY = 250
"""Characters of the name of a tag or alias."""

_ALIAS = re.compile(r"[\w\-]+\Z")
_NO_ALIAS = re.compile(r"latest\Z|v\d+\Z", re.IGNORECASE)


@dataclass(frozen=True)
class EditTarget:
    """The subject of a page: the version in the folder `version`, or the model in `model` if that is None.

    `root` is the registry's; `name` is the version's; `others` are the folders of all versions of the model.
    """

    root: Path
    model: Path
    version: Path | None = None
    name: str = ""
    others: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder whose files are meant."""
        return self.version or self.model

    def draft(self, folder: Path) -> Draft:
        """A draft of one of its folders."""
        return Draft(self.root, folder)


@dataclass(frozen=True)
class EditableFacts:
    """The editable facts of a model or version, as a form shows them. Aliases of a model are None."""

    description: str
    aliases: tuple[str, ...] | None
    tags: dict[str, str]

    def digest(self) -> str:
        """Digest of all fields."""
        whole = json.dumps([self.description, self.aliases, sorted(self.tags.items())])
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def form(description: str, aliases: Collection[str] | None, tags: Mapping[str, str]) -> EditableFacts:
    """Facts as an unchanged HTML form returns them: line breaks are normalized."""
    return EditableFacts(
        _lines(description).strip(),
        None if aliases is None else tuple(sorted(set(aliases))),
        {key: _lines(value) for key, value in tags.items()},
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_facts(subject: EditTarget) -> EditableFacts:
    """Read the facts from the files. Raises EditError."""
    own = subject.draft(subject.folder)
    return _facts(subject, own, own if subject.version is None else subject.draft(subject.model))


def _facts(subject: EditTarget, own: Draft, model: Draft) -> EditableFacts:
    aliases = None if subject.version is None else _aliases_of_version(subject, own, model)
    return form(own.sidecar().description or "", aliases, own.tags())


def _aliases_of_version(subject: EditTarget, own: Draft, model: Draft) -> set[str]:
    """The aliases that lead to the version: the model's file counts more than the version's own."""
    named = dict(model.sidecar().aliases)
    names = {other.name for other in subject.others}
    mine = {alias for alias, _ in own.sidecar().aliases if alias not in named}
    return mine | {alias for alias, name in named.items() if _version_of_alias(name, names) == subject.name}


def _version_of_alias(name: str, names: Collection[str]) -> str:
    """The version that an alias refers to: 3 means v3 if the folder has that name."""
    return name if name in names or f"v{name}" not in names else f"v{name}"


def edit(subject: EditTarget, wanted: EditableFacts) -> list[Path]:
    """Change the files to the wanted facts; returns the changed files. Raises EditError, and then
    nothing has changed."""
    own = subject.draft(subject.folder)
    model = own if subject.version is None else subject.draft(subject.model)
    drafts = {draft.folder: draft for draft in (model, own)}
    before = {draft.folder: draft.problems() for draft in drafts.values()}
    known = _facts(subject, own, model)
    _check(wanted)
    try:
        _tags(own, known.tags, wanted.tags)
        if known.description != wanted.description:
            _sidecar(own, ("description",), wanted.description or None)
        if wanted.aliases is not None:
            _aliases(subject, drafts, own, model, set(wanted.aliases))
    except PatchError as error:
        raise EditError(
            f"the file is written in a way that cannot be changed here ({error}); change it by hand"
        ) from error
    for draft in drafts.values():
        for found in draft.problems() - before.get(draft.folder, set()):
            raise EditError(f"{found.path}: {found.message}")
    if _facts(subject, own, model) != wanted:
        raise EditError("a file is written in a way that cannot be changed here; change it by hand")
    return write(drafts.values())


def _check(wanted: EditableFacts) -> None:
    for key, value in wanted.tags.items():
        if not key.strip() or key != key.strip() or not key.isprintable() or len(key) > MAX_KEY:
            raise EditError(f"{key!r} is no name for a tag")
        if "\0" in value:
            raise EditError(f"the value of {key} is no text")
    for alias in wanted.aliases or ():
        if not _ALIAS.match(alias) or _NO_ALIAS.match(alias) or len(alias) > MAX_KEY:
            raise EditError(
                f"{alias!r} is no alias: letters, digits, - and _ make one, but latest and v1 mean versions to MLflow"
            )


# --- tags ------------------------------------------------------------------------------------------------------


def _tags(draft: Draft, known: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    for key in sorted(known.keys() - wanted.keys()):
        _remove_tag(draft, key)
    for key, value in sorted(wanted.items()):
        if known.get(key) != value:
            _set_tag(draft, key, value)


def _set_tag(draft: Draft, key: str, value: str) -> None:
    """The file of the tag, else the file of the other tags, else a new tags.json."""
    if key in dict(draft.sidecar().tags):
        _sidecar(draft, ("tags", key), value)
        return
    tables = [name for name in TABLES if draft.text(name) is not None]
    below = [name for name in draft.names() if name.startswith(f"{FOLDER}/")]
    having = [name for name in (*tables, *below) if key in dict(draft.pairs(name))]
    name = having[-1] if having else f"{FOLDER}/{key}" if below else (tables or [""])[-1]
    if not name and draft.sidecar().tags:
        _sidecar(draft, ("tags", key), value)
    else:
        _write_key(draft, name or TABLES[0], (key,), value)


def _remove_tag(draft: Draft, key: str) -> None:
    """Wherever it is: a file that counts less must not bring it back."""
    if key in dict(draft.sidecar().tags):
        _sidecar(draft, ("tags", key), None)
    for name in draft.names():
        if key in dict(draft.pairs(name)):
            _write_key(draft, name, (key,), None)


def _write_key(draft: Draft, name: str, place: KeyPath, value: str | None) -> None:
    if name.startswith(f"{FOLDER}/"):
        if ".." in name.split("/") or name.endswith("/") or "//" in name:
            raise EditError(f"{place[-1]!r} is no name for a file of tags")
        draft.set_text(name, value)
    else:
        draft.set_text(name, patch_text(draft.text(name) or "", name, place, value))
        if [key for key, _ in draft.pairs(name)].count(place[-1]) != (value is not None):
            raise EditError(f"the tag {place[-1]} is written in more than one way in {name}; change it by hand")


# --- model.yaml ------------------------------------------------------------------------------------------------


def _sidecar(draft: Draft, place: KeyPath, value: str | None) -> None:
    if not draft.sidecar_is_ours():
        raise EditError(f"{SIDECAR} is a file of the model itself here, and cannot hold what people say about it")
    draft.set_text(SIDECAR, patch_text(draft.text(SIDECAR) or "", SIDECAR, place, value))


def _aliases(subject: EditTarget, drafts: dict[Path, Draft], own: Draft, model: Draft, wanted: set[str]) -> None:
    """Write aliases to the model's file, which has the version of each; files of versions may have aliases, too."""
    known = _aliases_of_version(subject, own, model)
    for alias in sorted(known ^ wanted):
        for folder in subject.others:
            draft = drafts.setdefault(folder, subject.draft(folder))
            if (alias, "") in draft.sidecar().aliases:
                draft.set_text(SIDECAR, remove_item(draft.text(SIDECAR) or "", "aliases", alias))
    for alias in sorted(known - wanted):
        if alias in dict(model.sidecar().aliases):
            _sidecar(model, ("aliases", alias), None)
    for alias in sorted(wanted - known):
        _sidecar(model, ("aliases", alias), subject.name)
