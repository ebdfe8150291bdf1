"""All code about how to use a version.

Texts are made once for each distinct content: what differs between versions of one signature is the address alone.
"""

from typing import NamedTuple

from sitegen.analysis.flavors import PYFUNC
from sitegen.analysis.usage.address import addresses
from sitegen.analysis.usage.azure import azure_commands, azure_files, azure_note
from sitegen.analysis.usage.cloud_names import fill_names
from sitegen.analysis.usage.environment import environment_code, source_of
from sitegen.analysis.usage.fabric import fabric_code, fabric_note
from sitegen.analysis.usage.input_data import input_data
from sitegen.analysis.usage.native import Native, native_flavor
from sitegen.analysis.usage.payload import Payload, payload_of
from sitegen.analysis.usage.python import chat_data, chat_input, native_code, pyfunc_code, stream_code
from sitegen.analysis.usage.sample import sample_call
from sitegen.analysis.usage.serving import predict_code, serve_code
from sitegen.analysis.usage.snippet import Snippet, fill, note_need
from sitegen.analysis.usage.spark import spark_code
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.model import Example, MLmodel, Model, Version
from sitegen.domain.signature import Signature


class Usage(NamedTuple):
    """How to use a version. `native` is code of the library itself; `refusal` says why no request can be sent.

    `request` is the JSON text that a REST request sends; empty where `refusal` says why, and without the flavor.
    `made_up` names the values in it that no example has.
    `fabric_note` and `azure_note` say what a reader must know there.
    """

    python: tuple[Snippet, ...] = ()
    native: tuple[Snippet, ...] = ()
    spark: tuple[Snippet, ...] = ()
    fabric: tuple[Snippet, ...] = ()
    serving: tuple[Snippet, ...] = ()
    batch: tuple[Snippet, ...] = ()
    azure: tuple[Snippet, ...] = ()
    environment: tuple[Snippet, ...] = ()
    request: str = ""
    refusal: str = ""
    made_up: str = ""
    fabric_note: str = ""
    azure_note: str = ""


def usage_of(model: Model, version: Version) -> Usage:
    """The code of a version, with the first of its addresses; what lacks the files or the flavor is left out."""
    address = next(iter(addresses(model, version)), None)
    environment = environment_code(version, address)
    if address is None:
        return Usage(environment=environment)
    texts = usage_texts(version)
    if texts.azure:
        commands = azure_commands(source_of(address.kind), has_request=len(texts.azure) > 1)
        texts = texts._replace(azure=(commands, *texts.azure))
    python, native, spark, fabric, serving, batch, azure = (
        tuple(fill_names(fill(one, address), model, version) for one in getattr(texts, part)) for part in _PARTS
    )
    return texts._replace(
        python=python,
        native=native,
        spark=spark,
        fabric=fabric,
        serving=serving,
        batch=batch,
        azure=azure,
        environment=environment,
    )


_PARTS = ("python", "native", "spark", "fabric", "serving", "batch", "azure")


class _Content(NamedTuple):
    """What determines the texts of a version, but for its signature and address."""

    example: Example | None
    task: str
    type_hint: bool
    pyfunc: bool
    streams: bool
    native: tuple[str, Native] | None


_NOTHING = Usage()
_MAX_CONTENTS = 64
"""Texts of one signature in the cache."""


@memoize_by_identity(256)
def _cache_of(_: Signature | None) -> dict[_Content, Usage]:
    """The texts of a signature by the rest of the content; versions that share it share them."""
    return {}


def usage_texts(version: Version) -> Usage:
    """The code of a version, but for the environment, with `URI` in place of the address. Made once per content."""
    mlmodel = version.mlmodel
    if mlmodel is None:
        return _NOTHING
    native = native_flavor(mlmodel.flavors)
    content = _Content(
        example=version.example,
        task=chat_task(mlmodel),
        type_hint=mlmodel.signature_from_type_hint,
        pyfunc=any(flavor.name == PYFUNC for flavor in mlmodel.flavors),
        streams=any(flavor.name == PYFUNC and flavor.keys.get("streamable") is True for flavor in mlmodel.flavors),
        native=(native[0].name, native[1]) if native else None,
    )
    made = _cache_of(mlmodel.signature)
    if content not in made:
        if len(made) >= _MAX_CONTENTS:
            made.clear()
        made[content] = _make(mlmodel.signature, content)
    return made[content]


def chat_task(mlmodel: MLmodel) -> str:
    """The task of a model that takes messages or texts; empty for all others."""
    task = mlmodel.metadata.get("task") if isinstance(mlmodel.metadata, dict) else None
    return task if isinstance(task, str) and chat_input(task) else ""


def _make(signature: Signature | None, content: _Content) -> Usage:
    sample = sample_call(signature, content.example) if signature else None
    data = chat_data(content.task) if content.task else input_data(signature, sample, content.type_hint)
    found: dict[str, list[Snippet | None]] = {part: [] for part in _PARTS}
    payload = Payload()
    if content.pyfunc:
        payload = (
            Payload(chat_input(content.task)) if content.task else payload_of(signature, sample, content.type_hint)
        )
        found["python"].append(pyfunc_code(data))
        streams = content.streams and bool(content.task)
        if streams:
            found["python"].append(stream_code(data))
        found["serving"] += serve_code(payload, streams)
        found["batch"].append(predict_code(payload))
        if not content.task and not content.type_hint:
            if signature and sample:
                found["spark"].append(spark_code(signature, sample, data))
                found["fabric"] += fabric_code(signature)
            found["azure"] += azure_files(payload)
    if content.native:
        found["native"].append(native_code(*content.native, data))
    parts = {part: tuple(note_need(one) for one in some if one) for part, some in found.items()}
    return Usage(
        **parts,
        request=payload.text,
        refusal=payload.refusal,
        made_up=payload.made_up,
        fabric_note=fabric_note(content.native[0] if content.native else ""),
        azure_note=azure_note(signature, payload),
    )
