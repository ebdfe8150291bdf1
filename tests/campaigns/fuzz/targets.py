"""What is fed: every parser of the package by name, each a function of bytes that returns nothing."""

import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from sitegen.analysis.check_policy import Finding
from sitegen.analysis.checks import add_findings
from sitegen.analysis.compat.compare import compare
from sitegen.analysis.gate import NO_BLOCKERS
from sitegen.cli.report import COMPARISON_FORMATS, DIAGNOSTIC_FORMATS
from sitegen.cli.report.check_result import CheckResult
from sitegen.core.errors import SitegenError
from sitegen.domain.diagnostic import Loaded, problem
from sitegen.domain.filter import parse_filter
from sitegen.domain.model import Example, Metric, MLmodel, Model, Run, Text, Version
from sitegen.domain.rules import RULES
from sitegen.formats.front_matter import parse_card
from sitegen.formats.input_example import parse_example
from sitegen.formats.json import load_json
from sitegen.formats.key_values import parse_pairs
from sitegen.formats.media import image_size
from sitegen.formats.meta_yaml import dataset_context, parse_dataset, parse_meta
from sitegen.formats.metrics import parse_metric_lines, parse_metrics
from sitegen.formats.mlmodel import parse_mlmodel
from sitegen.formats.model_yaml import parse_sidecar
from sitegen.formats.requirements import parse_conda, parse_python_env, parse_requirement, parse_requirements
from sitegen.formats.signature import parse_signature
from sitegen.formats.text import decode
from sitegen.formats.times import milliseconds, parse_time
from sitegen.formats.yaml import load_yaml
from sitegen.formats.yaml_blocks import load_by_blocks
from sitegen.privacy.redactor import Redactor
from sitegen.privacy.values import redact_model
from sitegen.registry import read
from sitegen.settings.settings import Privacy, Settings, read_settings
from sitegen.site.assets import ASSET_NAMES
from sitegen.site.markdown import card, plain
from sitegen.site.model_pages import model_pages, version_pages
from sitegen.site.summary import summarize
from sitegen.site.theme import Theme, load_theme
from sitegen.site.views.context import model_context
from sitegen.site.views.parts import SiteView

Parser = Callable[[str], Loaded[object]]
Target = Callable[[bytes], None]


def _mlmodel(text: str) -> Loaded[object]:
    """The file as a whole says what its pieces say."""
    assert repr(load_by_blocks(text, "MLmodel")) == repr(load_yaml(text, "MLmodel"))
    return parse_mlmodel(text, "MLmodel")


PARSERS: dict[str, Parser] = {
    "MLmodel": _mlmodel,
    "metrics.json": lambda text: parse_metrics(text, "metrics.json"),
    "metrics.yaml": lambda text: parse_metrics(text, "metrics.yaml"),
    "metrics.csv": lambda text: parse_metrics(text, "metrics.csv"),
    "metrics/rmse": lambda text: parse_metric_lines(text, "rmse", "metrics/rmse"),
    "params.json": lambda text: parse_pairs(text, "params.json"),
    "params.yaml": lambda text: parse_pairs(text, "params.yaml"),
    "tags.csv": lambda text: parse_pairs(text, "tags.csv"),
    "requirements.txt": lambda text: parse_requirements(text, "requirements.txt"),
    "conda.yaml": lambda text: parse_conda(text, "conda.yaml"),
    "python_env.yaml": lambda text: parse_python_env(text, "python_env.yaml"),
    "model.yaml": lambda text: parse_sidecar(text, "model.yaml"),
    "README.md": lambda text: parse_card(text, "README.md"),
    "meta.yaml": lambda text: parse_meta(text, "meta.yaml"),
    "datasets/meta.yaml": lambda text: parse_dataset(text, "meta.yaml", dataset_context(parse_meta(text, "").value)),
    "input_example.json": lambda text: parse_example(text, "input_example.json"),
}
"""The parsers of files, by the name of a file that they read."""


def checked_parse(parse: Parser, text: str) -> None:
    """Parse; every problem is one that the rules know, at a line that the text has."""
    for found in parse(text).problems:
        assert found.rule in RULES
        assert found.line is None or 1 <= found.line <= len(text.splitlines()) + 1
        assert found.column is None or found.column >= 1
        assert "\n" not in found.message


def _file(parse: Parser, data: bytes) -> None:
    loaded = decode(data, "file")
    if loaded.value is not None:
        checked_parse(parse, loaded.value)


def _loose(data: bytes) -> str:
    """Bytes as a text that may hold anything that a Python text can hold."""
    return data.decode("utf-8", "surrogateescape")


def _any_file(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for load in (load_yaml, load_json):
        load(text, "file")
        load(text, "file", verbatim=True)
    assert repr(load_by_blocks(text, "file")) == repr(load_yaml(text, "file"))


def _signature(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    signature, findings = parse_signature(text, text, text)
    assert all(found.rule in RULES for found in findings)
    version = Version(name="1", mlmodel=MLmodel(signature=signature))
    for old, new in ((_VERSION, version), (version, version), (version, _VERSION)):
        compare(old, new)


def _card(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    html = card(text)
    assert not re.search(r"<(?:script|img|iframe|style)\b", html, re.IGNORECASE)
    plain(text)


def _image(data: bytes) -> None:
    size = image_size(data)
    assert size is None or min(size) >= 0


def _requirement(data: bytes) -> None:
    for line in _loose(data).split("\n"):
        parse_requirement.__wrapped__(line, "requirements.txt")


def _times(data: bytes) -> None:
    for text in _loose(data).split():
        parse_time.__wrapped__(text)
        milliseconds(text)


def _redaction(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    redactor = Redactor(Privacy())
    seen = redactor.text(text)
    assert seen.count("\n") == text.count("\n")
    redactor.value({text: [text, (text[:9], text)]})


_VERSION = Version(
    name="3",
    run=Run(id="1" * 32, name="a run", experiment="houses", status="FINISHED", start=1, end=2),
    metrics=(Metric(key="rmse", value=0.5),),
    params=(("lr", "0.1"),),
    tags=(("team", "pricing"),),
    mlmodel=MLmodel(signature=parse_signature('[{"type": "long", "name": "a"}]', '[{"type": "double"}]', None)[0]),
)
_MODEL = Model(name="prices", kind="registered", versions=(_VERSION,))


def _filter(data: bytes) -> None:
    with suppress(SitegenError):
        for condition in parse_filter(_loose(data)):
            condition.holds(_MODEL, _VERSION)


@cache
def _folder() -> Path:
    """A folder of this process for what is read as a file."""
    return Path(tempfile.mkdtemp(prefix="sitegen-fuzz-"))


def clean() -> None:
    """Remove the folder."""
    shutil.rmtree(_folder(), ignore_errors=True)
    _folder.cache_clear()


def _settings(data: bytes) -> None:
    place = _folder() / "sitegen.toml"
    place.write_bytes(data)
    with suppress(SitegenError):
        read_settings(str(place))


def _database(data: bytes) -> None:
    place = _folder() / "database/mlflow.db"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data)
    with suppress(SitegenError):
        read(str(place))


@cache
def _theme() -> Theme:
    return load_theme("")


def _pages(data: bytes) -> None:
    """An MLmodel and its text on its way through everything that is made of it."""
    text = data.decode("utf-8", "replace")
    loaded = parse_mlmodel(text, "MLmodel")
    example = parse_example(text, "input_example.json").value
    line = parse_metric_lines(text, "rmse", "metrics/rmse").value
    version = Version(
        name="1",
        path="m/1",
        mlmodel=loaded.value,
        description=text[:500],
        example=example if isinstance(example, Example) else None,
        tags=((text[:20], text[20:60]),),
        params=parse_pairs(text, "params.json").value,
        metrics=(*parse_metrics(text, "metrics.json").value, *([line] if line else [])),
        texts=(Text(path="MLmodel", text=text),),
        problems=tuple(problem(one.rule, one.message, "m/1/MLmodel", one.line, one.column) for one in loaded.problems),
    )
    model = add_findings(redact_model(Model(name=text[:30], kind="logged", versions=(_VERSION, version)), Privacy()))
    site = SiteView(title="t", description="d", version="1", assets=dict.fromkeys(ASSETS, "assets/x"))
    shared = model_context(model, "m", Settings(), site)
    for page in (*version_pages(shared, _theme(), b""), *model_pages(shared, _theme(), b"")):
        page.make().decode("utf-8")
    summarize(shared)
    comparison = compare(_VERSION, model.versions[1])
    for render_comparison in COMPARISON_FORMATS.values():
        render_comparison(comparison, NO_BLOCKERS).encode()
    for render_diagnostics in DIAGNOSTIC_FORMATS.values():
        render_diagnostics(CheckResult(tuple(map(Finding, version.problems)))).encode()


ASSETS = (*ASSET_NAMES, "custom.css", "vega.js", "charts.js")

TARGETS: dict[str, tuple[Target, int]] = {
    **{name: (partial(_file, parse), 40) for name, parse in PARSERS.items()},
    "any YAML and JSON": (_any_file, 40),
    "signature": (_signature, 60),
    "card": (_card, 20),
    "image": (_image, 40),
    "requirement": (_requirement, 40),
    "times": (_times, 20),
    "redaction": (_redaction, 40),
    "filter": (_filter, 100),
    "sitegen.toml": (_settings, 40),
    "mlflow.db": (_database, 10),
    "pages": (_pages, 10),
}
"""What is fed, and how often: a share of all inputs. The dear ones get fewer."""
