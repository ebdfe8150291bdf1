"""All code about how to use a version.

Texts are made once for each distinct content: what differs between versions of one signature is the address alone.
"""

import shlex
from typing import NamedTuple

from sitegen.analysis.flavors import PYFUNC
from sitegen.analysis.usage.address import Address, addresses
from sitegen.analysis.usage.environment import environment_code
from sitegen.analysis.usage.input_data import input_data
from sitegen.analysis.usage.native import Native, native_flavor
from sitegen.analysis.usage.payload import Payload, payload_of
from sitegen.analysis.usage.python import CHAT_INPUTS, chat_data, native_code, pyfunc_code
from sitegen.analysis.usage.sample import sample_call
from sitegen.analysis.usage.serving import predict_code, serve_code
from sitegen.analysis.usage.snippet import URI, Snippet, quote
from sitegen.analysis.usage.spark import spark_code
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import Example, MLmodel, Model, Version
from sitegen.domain.signature import Signature


class Usage(NamedTuple):
    """How to use a version. `refusal` says why no request can be sent, where none can."""

    python: tuple[Snippet, ...] = ()
    spark: tuple[Snippet, ...] = ()
    serving: tuple[Snippet, ...] = ()
    environment: tuple[Snippet, ...] = ()
    refusal: str = ""


def usage_of(model: Model, version: Version) -> Usage:
    """The code of a version, with the first of its addresses; what lacks the files or the flavor is left out."""
    address = next(iter(addresses(model, version)), None)
    environment = environment_code(version, address)
    if address is None or version.mlmodel is None:
        return Usage(environment=environment)
    texts = _texts(version.mlmodel, version.example)
    python, spark, serving = (_fill(some, address) for some in (texts.python, texts.spark, texts.serving))
    return Usage(python, spark, serving, environment, texts.refusal)


class _Content(NamedTuple):
    """What determines the texts of a version, but for its signature and address."""

    example: Example | None
    task: str
    type_hint: bool
    pyfunc: bool
    native: tuple[str, Native] | None


_MAX_CONTENTS = 64
"""Texts of one signature in the cache."""


@memoize_by_identity(256)
def _cache_of(_: Signature | None) -> dict[_Content, Usage]:
    """The texts of a signature by the rest of the content; versions that share it share them."""
    return {}


def _texts(mlmodel: MLmodel, example: Example | None) -> Usage:
    """The code of a version, with `URI` in place of the address."""
    native = native_flavor(mlmodel.flavors)
    content = _Content(
        example=example,
        task=_task(mlmodel),
        type_hint=mlmodel.signature_from_type_hint,
        pyfunc=any(flavor.name == PYFUNC for flavor in mlmodel.flavors),
        native=(native[0].name, native[1]) if native else None,
    )
    made = _cache_of(mlmodel.signature)
    if content not in made:
        if len(made) >= _MAX_CONTENTS:
            made.clear()
        made[content] = _make(mlmodel.signature, content)
    return made[content]


def _task(mlmodel: MLmodel) -> str:
    """The task of a model that takes messages; empty for all others."""
    task = mlmodel.metadata.get("task") if isinstance(mlmodel.metadata, dict) else None
    return task if isinstance(task, str) and task in CHAT_INPUTS else ""


def _make(signature: Signature | None, content: _Content) -> Usage:
    sample = sample_call(signature, content.example) if signature else None
    data = chat_data(content.task) if content.task else input_data(signature, sample, content.type_hint)
    python, spark, serving, payload = [], [], [], Payload()
    if content.pyfunc:
        python.append(pyfunc_code(data))
        payload = (
            Payload(CHAT_INPUTS[content.task]) if content.task else payload_of(signature, sample, content.type_hint)
        )
        serving += [*serve_code(payload), predict_code(payload)]
        if signature and sample and not content.task and not content.type_hint:
            spark.append(spark_code(signature, sample, data))
    if content.native:
        python.append(native_code(*content.native, data))
    return Usage(
        python=tuple(python),
        spark=tuple(filter(None, spark)),
        serving=tuple(filter(None, serving)),
        refusal=payload.refusal,
    )


def _fill(snippets: tuple[Snippet, ...], address: Address) -> tuple[Snippet, ...]:
    """The snippets with the address of a version, and a comment about what the address needs."""
    return tuple(_fill_one(one, address) if URI in one.text else one for one in snippets)


def _fill_one(snippet: Snippet, address: Address) -> Snippet:
    literal = quote(address.text) if snippet.language == "python" else shlex.quote(address.text)
    before, after = snippet.text.split(URI, 1)
    head, newline, line = before.rpartition("\n")
    text = f"{head}{newline}# {address.need}\n{line}{literal}{after.replace(URI, literal)}"
    return snippet._replace(text=text, needs=(*snippet.needs, address.need))
