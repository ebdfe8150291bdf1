"""Pending edits of the files of a folder, written all or none."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from sitegen.authoring.safe_files import EditError, new_file, read_file, remove_file
from sitegen.domain.diagnostic import Diagnostic
from sitegen.domain.model import Pairs
from sitegen.formats.file_roles import required_paths
from sitegen.formats.key_values import parse_pairs
from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.model_yaml import NO_SIDECAR, Sidecar, parse_sidecar
from sitegen.formats.text import decode

SIDECAR = "model.yaml"
TABLES = ("tags.json", "tags.yaml", "tags.yml", "tags.csv")
"""Files of tags. Later files override earlier ones; the folder of tags overrides them, and model.yaml overrides all."""

FOLDER = "tags"


class Draft:
    """A version's or model's folder below the registry's root, with its pending edits."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.top = "" if folder == root else folder.relative_to(root).as_posix()
        self._changed: dict[Path, str | None] = {}

    def path(self, name: str) -> str:
        """The path of a file from the registry's root."""
        return f"{self.top}/{name}" if self.top else name

    # --- texts -------------------------------------------------------------------------------------------------

    def text(self, name: str) -> str | None:
        """The text of a file after the edits; None if there is no file. Raises EditError."""
        path = self.folder / name
        if path in self._changed:
            return self._changed[path]
        data = read_file(self.root, self.path(name))
        if data is None:
            return None
        loaded = decode(data, name)
        if loaded.value is None:
            raise EditError(f"{name}: {loaded.problems[0].message}")
        return loaded.value

    def set_text(self, name: str, text: str | None) -> None:
        """Set the text of a file; None removes it."""
        if text == self.text(name):
            return
        try:
            (text or "").encode()
        except UnicodeEncodeError as error:
            raise EditError(f"{name} would hold half a character") from error
        self._changed[self.folder / name] = text

    def names(self) -> list[str]:
        """The names of all files of tags after the edits."""
        top = self.folder / FOLDER
        paths = [] if top.is_symlink() else [path for path in top.rglob("*") if path.is_file()]  # as the reader does
        below = [path.relative_to(self.folder).as_posix() for path in paths]
        found = {*TABLES, *below, *(path.relative_to(self.folder).as_posix() for path in self._changed)}
        return sorted(name for name in found if name != SIDECAR and self.text(name) is not None)

    # --- content -----------------------------------------------------------------------------------------------

    def sidecar(self) -> Sidecar:
        """The parsed model.yaml."""
        text = self.text(SIDECAR)
        return NO_SIDECAR if text is None else parse_sidecar(text, SIDECAR).value

    def pairs(self, name: str) -> Pairs:
        """The tags of one file."""
        text = self.text(name) or ""
        return (
            ((name.removeprefix(f"{FOLDER}/"), text),)
            if name.startswith(f"{FOLDER}/")
            else parse_pairs(text, name).value
        )

    def tags(self) -> dict[str, str]:
        """All tags; those of model.yaml override the others."""
        tables = [name for name in TABLES if self.text(name) is not None]
        below = [name for name in self.names() if name.startswith(f"{FOLDER}/")]
        return {key: value for name in (*tables, *below) for key, value in self.pairs(name)} | dict(self.sidecar().tags)

    def problems(self) -> set[Diagnostic]:
        """Diagnostics of the files after the edits, without lines, so that moved ones stay equal."""
        found: list[Diagnostic] = []
        for name in (SIDECAR, *(name for name in TABLES)):
            text = self.text(name)
            if text is not None:
                parse = parse_sidecar if name == SIDECAR else parse_pairs
                found += parse(text, name).problems
        return {Diagnostic(rule=one.rule, severity=one.severity, message=one.message, path=one.path) for one in found}

    def sidecar_is_ours(self) -> bool:
        """Whether a model.yaml is a sidecar: a flavor may have a file of the same name."""
        text = self.text("MLmodel")
        mlmodel = parse_mlmodel(text, "MLmodel").value if text is not None else None
        return not any(SIDECAR in required_paths(flavor) for flavor in (mlmodel.flavors if mlmodel else ()))

    def changes(self) -> dict[Path, str | None]:
        """The files that are to change, with their new texts; None takes one away."""
        return dict(sorted(self._changed.items()))


def write(drafts: Iterable[Draft]) -> list[Path]:
    """Write all changed files; return their paths.

    All texts are written to temporary files before the first rename, so a full disk changes nothing.
    """
    changed = [(draft, path, text) for draft in drafts for path, text in draft.changes().items()]
    with ExitStack() as stack:
        places = [
            stack.enter_context(new_file(draft.root, path.relative_to(draft.root).as_posix(), text.encode()))
            for draft, path, text in changed
            if text is not None
        ]
        for place in places:
            place()
    for draft, path, text in changed:
        if text is None:
            remove_file(draft.root, path.relative_to(draft.root).as_posix(), draft.top)
    return [path for _, path, _ in changed]
