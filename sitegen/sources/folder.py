"""A folder with an MLmodel: everything that its files say, read once."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from sitegen.diagnostics import Diagnostic, Loaded, problem
from sitegen.domain.environment import NO_ENVIRONMENT, Environment, Requirement
from sitegen.domain.model import Example, LoggedFile, Metric, MLmodel, Pairs, Text
from sitegen.formats.environment import joined, parse_conda, parse_python_env, parse_requirements
from sitegen.formats.example import parse_example
from sitegen.formats.metrics import parse_metric_lines, parse_metrics
from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.pairs import parse_pairs
from sitegen.formats.roles import missing, needed, role, roles
from sitegen.formats.sidecar import NO_SIDECAR, Sidecar, parse_sidecar
from sitegen.sources.reading import METADATA, content_text, read
from sitegen.sources.refs import Bundle
from sitegen.storage import Content, File, Tree, printable

MOST_FILES = 1000
"""Files of a version that are listed."""

MOST_TEXT = 2**16
"""Characters of an MLmodel that are shown."""

_PARSED = frozenset(
    ["MLmodel", "requirements.txt", "conda.yaml", "python_env.yaml", "README.md", "model.yaml", "input_example.json"]
)
_TABLES = {
    kind: tuple(f"{kind}{suffix}" for suffix in (".json", ".yaml", ".yml", ".csv"))
    for kind in ("metrics", "params", "tags")
}
_KEPT = _PARSED.union(*_TABLES.values())
_ENTRIES = tuple(f"{kind}/" for kind in _TABLES)

T = TypeVar("T")
Parser = Callable[[str, str], Loaded[T]]
"""From a text and its path to a value and its problems."""


@dataclass(frozen=True, kw_only=True)
class FolderFacts:
    """What a model's folder says. Paths of files and problems are relative to the folder."""

    mlmodel: MLmodel | None = None
    environment: Environment = NO_ENVIRONMENT
    files: tuple[LoggedFile, ...] = ()
    example: Example | None = None
    texts: tuple[Text, ...] = ()
    card: str | None = None
    sidecar: Sidecar = NO_SIDECAR
    metrics: tuple[Metric, ...] = ()
    params: Pairs = ()
    tags: Pairs = ()
    problems: tuple[Diagnostic, ...] = ()
    digest: bytes = b""


def read_folder(tree: Tree, bundle: Bundle) -> FolderFacts:
    """The facts of a folder; what cannot be read is a problem, never an exception."""
    contents: dict[str, tuple[File, Loaded[Content]]] = {}
    problems: list[Diagnostic] = []
    for file in bundle.files():
        if len(contents) >= MOST_FILES and file.path not in _KEPT:
            problems = [problem("too-many-files", f"only the first {MOST_FILES:,} files are listed", "MLmodel")]
            continue
        kept = file.path in _KEPT or file.path.startswith(_ENTRIES)
        loaded = read(tree, bundle.within(file), METADATA if kept else 0)
        problems += (replace(found, path=printable(file.path)) for found in loaded.problems)
        contents[file.path] = file, loaded
    return _Folder(contents, problems).facts()


class _Folder:
    """The contents of one folder's files by their path; what is wrong goes to `problems`."""

    def __init__(self, contents: dict[str, tuple[File, Loaded[Content]]], problems: list[Diagnostic]) -> None:
        self.contents, self.problems = contents, problems
        self.texts: dict[str, str | None] = {}

    def facts(self) -> FolderFacts:
        """Everything; the MLmodel comes first, because it says what other files are."""
        mlmodel = self._parsed("MLmodel", parse_mlmodel)
        return FolderFacts(
            mlmodel=mlmodel,
            environment=self._environment(mlmodel),
            files=self._files(mlmodel),
            example=self._parsed(_example_path(mlmodel), parse_example),
            texts=self._texts(),
            card=self._text("README.md"),
            sidecar=self._sidecar(mlmodel),
            metrics=self._metrics(),
            params=self._pairs("params"),
            tags=self._pairs("tags"),
            problems=tuple(self.problems),
            digest=self._digest(),
        )

    def _text(self, path: str) -> str | None:
        if path not in self.texts:
            file, content = self.contents.get(path, (None, None))
            loaded = content_text(content.value, file) if file and content and not content.problems else Loaded(None)
            self.problems += loaded.problems
            self.texts[path] = loaded.value
        return self.texts[path]

    def _parsed(self, path: str, parse: Parser[T]) -> T | None:
        text = self._text(path)
        if text is None:
            return None
        loaded = parse(text, printable(path))
        self.problems += loaded.problems
        return loaded.value

    def _files(self, mlmodel: MLmodel | None) -> tuple[LoggedFile, ...]:
        flavors = mlmodel.flavors if mlmodel else ()
        for path, names in missing(flavors, self.contents).items():
            message = f"{path}, which {' and '.join(dict.fromkeys(names))} needs, is not there"
            self.problems.append(problem("file-missing", message, "MLmodel"))
        named = roles(flavors)
        return tuple(
            LoggedFile(path=printable(path), size=file.size, role=role(path, named), sha256=content.value.sha256)
            for path, (file, content) in sorted(self.contents.items())
        )

    def _environment(self, mlmodel: MLmodel | None) -> Environment:
        stated = (
            next((flavor for flavor in mlmodel.flavors if flavor.name == "python_function"), None) if mlmodel else None
        )
        python = stated.keys.get("python_version") if stated else None
        requirements: tuple[Requirement, ...] = self._parsed("requirements.txt", _requirements) or ()
        others = (self._parsed("python_env.yaml", _python_env), self._parsed("conda.yaml", _conda))
        return joined(requirements, *(one for one in others if one), python=python if isinstance(python, str) else None)

    def _sidecar(self, mlmodel: MLmodel | None) -> Sidecar:
        """The folder's model.yaml, unless it is a flavor's own file (openai's is)."""
        if any("model.yaml" in needed(flavor) for flavor in (mlmodel.flavors if mlmodel else ())):
            return NO_SIDECAR
        return self._parsed("model.yaml", parse_sidecar) or NO_SIDECAR

    def _texts(self) -> tuple[Text, ...]:
        text = self._text("MLmodel")
        return () if text is None else (Text(path="MLmodel", text=text[:MOST_TEXT]),)

    def _metrics(self) -> tuple[Metric, ...]:
        found: dict[str, Metric] = {}
        for path in self._tables("metrics"):
            found.update((metric.key, metric) for metric in self._parsed(path, parse_metrics) or ())
        for path, key in self._entries("metrics"):
            metric = self._parsed(path, lambda text, place, key=key: parse_metric_lines(text, key, place))  # type: ignore[misc]
            found.update({key: metric} if metric else {})
        return tuple(found[key] for key in sorted(found))

    def _pairs(self, kind: str) -> Pairs:
        found: dict[str, str] = {}
        for path in self._tables(kind):
            found.update(self._parsed(path, parse_pairs) or ())
        found.update((key, text) for path, key in self._entries(kind) if (text := self._text(path)) is not None)
        return tuple(sorted(found.items()))

    def _tables(self, kind: str) -> Iterator[str]:
        return (path for path in _TABLES[kind] if path in self.contents)

    def _entries(self, kind: str) -> Iterator[tuple[str, str]]:
        """Path and key of MLflow's files `metrics/<key>`."""
        prefix = f"{kind}/"
        return ((path, printable(path[len(prefix) :])) for path in self.contents if path.startswith(prefix))

    def _digest(self) -> bytes:
        whole = hashlib.blake2b(digest_size=16)
        for path, (file, content) in sorted(self.contents.items()):
            identity = content.value.sha256 or f"{file.size} {file.stamp} {content.problems}"
            whole.update(f"{path}\0{identity}\0".encode("utf-8", "surrogatepass"))
        return whole.digest()


def _remembered(parse: Parser[T]) -> Parser[T]:
    """The same parser, which remembers what it made of small texts: versions mostly share their environment."""
    cached = lru_cache(maxsize=512)(parse)
    return lambda text, path: cached(text, path) if len(text) < 2**14 else parse(text, path)


_requirements = _remembered(parse_requirements)
_conda = _remembered(parse_conda)
_python_env = _remembered(parse_python_env)


def _example_path(mlmodel: MLmodel | None) -> str:
    """Where the input example lies; MLmodel says, and it is the same name in every version of MLflow."""
    path = (mlmodel.example or {}).get("artifact_path") if mlmodel else None
    return path if isinstance(path, str) else "input_example.json"
