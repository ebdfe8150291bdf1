"""Reading and parsing the files of one model folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from sitegen.domain.diagnostic import Diagnostic, Loaded
from sitegen.domain.environment import NO_ENVIRONMENT, Environment, Requirement
from sitegen.domain.model import (
    MAX_TEXT_LENGTH,
    CardImage,
    Example,
    LoggedFile,
    Metric,
    MLmodel,
    Pairs,
    PickleFile,
    Text,
)
from sitegen.formats.file_roles import required_paths, role, roles
from sitegen.formats.front_matter import NO_CARD, Card
from sitegen.formats.input_example import parse_example
from sitegen.formats.key_values import parse_pairs
from sitegen.formats.metrics import parse_metric_lines, parse_metrics
from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.model_yaml import NO_SIDECAR, Sidecar, parse_sidecar
from sitegen.formats.requirements import (
    conda_repeats,
    merge_environments,
    parse_conda,
    parse_python_env,
    parse_requirements,
)
from sitegen.formats.text import shorten
from sitegen.sources.directory.missing_files import missing_file_problems, missing_include_problems
from sitegen.sources.reading import Contents, Parser, Texts, previews, read_bundle
from sitegen.sources.refs import Bundle
from sitegen.storage.listing import printable
from sitegen.storage.tree import Tree

EXAMPLE = "input_example.json"
"""The file of the input example in all versions of MLflow."""

_TABLES = {
    kind: tuple(f"{kind}{suffix}" for suffix in (".json", ".yaml", ".yml", ".csv"))
    for kind in ("metrics", "params", "tags")
}
_NAMES = frozenset(
    ["MLmodel", "requirements.txt", "conda.yaml", "python_env.yaml", "README.md", "model.yaml", EXAMPLE]
).union(*_TABLES.values())
_FOLDERS = tuple(f"{kind}/" for kind in _TABLES)
PARSER_KEY = repr((sorted(_NAMES), _FOLDERS))
"""A key that changes when the set of parsed files changes."""

_ENVIRONMENT = ("requirements.txt", "python_env.yaml", "conda.yaml")
PUBLISHED_TEXTS = ("MLmodel", "requirements.txt", "conda.yaml")
"""Files whose texts pages show or compare."""

_SMALL = 2**14  # characters; 512 of such texts are 8 MiB at most, and an environment has one or two thousand

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class FolderFacts:
    """The facts in a model folder. Paths of files and problems are relative to the folder."""

    mlmodel: MLmodel | None = None
    environment: Environment = NO_ENVIRONMENT
    files: tuple[LoggedFile, ...] = ()
    pickles: tuple[PickleFile, ...] = ()
    previews: tuple[CardImage, ...] = ()
    example: Example | None = None
    texts: tuple[Text, ...] = ()
    card: Card = NO_CARD
    sidecar: Sidecar = NO_SIDECAR
    metrics: tuple[Metric, ...] = ()
    params: Pairs = ()
    tags: Pairs = ()
    problems: tuple[Diagnostic, ...] = ()
    digest: bytes = b""


NO_FOLDER = FolderFacts()


def has_parser(path: str) -> bool:
    """Whether a file is parsed, by its path in the model's folder."""
    return path in _NAMES or path.startswith(_FOLDERS)


def read_folder(tree: Tree, bundle: Bundle) -> Contents:
    """The contents of a model's folder."""
    return read_bundle(tree, bundle, _NAMES, _FOLDERS, details=True)


def parse_folder(contents: Contents) -> FolderFacts:
    """Parse the files of a folder; invalid files are problems, never exceptions."""
    texts = Texts(contents)
    mlmodel = texts.parse("MLmodel", parse_mlmodel)
    return FolderFacts(
        mlmodel=mlmodel,
        environment=_environment(texts, mlmodel),
        files=_files(texts, mlmodel),
        pickles=_pickles(contents),
        previews=previews(contents),
        example=texts.parse(EXAMPLE, parse_example),
        texts=tuple(_published_texts(texts)),
        card=texts.card(),
        sidecar=_sidecar(texts, mlmodel),
        metrics=_metrics(texts),
        params=_pairs(texts, "params"),
        tags=_pairs(texts, "tags"),
        problems=tuple(texts.problems),
        digest=contents.digest,
    )


def _published_texts(texts: Texts) -> Iterator[Text]:
    """The texts that pages show or compare line by line."""
    for path in PUBLISHED_TEXTS:
        raw = texts.text(path)
        if raw is not None:
            yield _environment_text(path, raw) if path in _ENVIRONMENT and len(raw) < _SMALL else _text(path, raw)


def _text(path: str, raw: str) -> Text:
    return Text(path=path, text=shorten(raw, MAX_TEXT_LENGTH), complete=len(raw) <= MAX_TEXT_LENGTH)


_environment_text = lru_cache(maxsize=512)(_text)
"""Cached: most versions share their environment, so that its texts are kept once."""


def _files(texts: Texts, mlmodel: MLmodel | None) -> tuple[LoggedFile, ...]:
    flavors = mlmodel.flavors if mlmodel else ()
    texts.problems += missing_file_problems(flavors, texts.contents.files)
    named = roles(flavors)
    return tuple(
        LoggedFile(path=printable(path), size=file.size, role=role(path, named), sha256=content.value.sha256)
        for path, (file, content) in sorted(texts.contents.files.items())
    )


def _pickles(contents: Contents) -> tuple[PickleFile, ...]:
    """The pickles of the folder with their imports."""
    return tuple(
        PickleFile(path=printable(path), imports=found.names, complete=found.complete, unread=found.unread)
        for path, found in sorted(contents.imports.items())
    )


def _environment(texts: Texts, mlmodel: MLmodel | None) -> Environment:
    flavors = {flavor.name: flavor.keys for flavor in mlmodel.flavors} if mlmodel else {}
    python = flavors.get("python_function", {}).get("python_version")
    requirements: tuple[Requirement, ...] = texts.parse("requirements.txt", _requirements) or ()
    others = [texts.parse("python_env.yaml", _python_env)]
    texts.problems += missing_include_problems(texts.contents.files, {path: texts.text(path) for path in _ENVIRONMENT})
    stated = others[0].python if others[0] else None
    if not (stated and conda_repeats(texts.text("conda.yaml") or "", texts.text("requirements.txt") or "")):
        others.append(texts.parse("conda.yaml", _conda))
    return merge_environments(
        requirements, *(one for one in others if one), python=python if isinstance(python, str) else None
    )


def _sidecar(texts: Texts, mlmodel: MLmodel | None) -> Sidecar:
    """The folder's model.yaml, unless it is a flavor's own file (openai's is)."""
    flavors = mlmodel.flavors if mlmodel else ()
    if "model.yaml" not in texts.contents.files or any("model.yaml" in required_paths(one) for one in flavors):
        return NO_SIDECAR
    return texts.parse("model.yaml", parse_sidecar) or NO_SIDECAR


def _metrics(texts: Texts) -> tuple[Metric, ...]:
    """Metrics of tables beside the model, and of MLflow's files `metrics/<key>`."""
    found: dict[str, Metric] = {}
    for path in _tables(texts, "metrics"):
        found.update((metric.key, metric) for metric in texts.parse(path, parse_metrics) or ())
    for path, key in texts.below("metrics/"):
        text = texts.text(path)
        loaded = Loaded(None) if text is None else parse_metric_lines(text, key, printable(path))
        texts.problems += loaded.problems
        found.update({key: loaded.value} if loaded.value else {})
    return tuple(found[key] for key in sorted(found))


def _pairs(texts: Texts, kind: str) -> Pairs:
    found: dict[str, str] = {}
    for path in _tables(texts, kind):
        found.update(texts.parse(path, parse_pairs) or ())
    found.update((key, text) for path, key in texts.below(f"{kind}/") if (text := texts.text(path)) is not None)
    return tuple(sorted(found.items()))


def _tables(texts: Texts, kind: str) -> Iterator[str]:
    return (path for path in _TABLES[kind] if path in texts.contents.files)


def _cache_small_texts(parse: Parser[T]) -> Parser[T]:
    """Cache a parser's results for small texts: most versions share their environment."""
    cached = lru_cache(maxsize=512)(parse)
    return lambda text, path: cached(text, path) if len(text) < _SMALL else parse(text, path)


_requirements = _cache_small_texts(parse_requirements)
_conda = _cache_small_texts(parse_conda)
_python_env = _cache_small_texts(parse_python_env)
