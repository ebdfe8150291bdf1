"""The schemas of the API: readers may rely on every field that was ever published, and must ignore new ones."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sitegen.domain.model import Model, Version
from sitegen.site.json_api import model_json, version_json
from sitegen.site.theme import shipped_folder
from tests.support import schemas

RECORD = Path(__file__).with_name("api_fields.txt")
"""Every field of the API: its file, its path, whether it is always there, its type. Lines are only ever added."""


def schema(name: str) -> dict[str, Any]:
    """A schema that the site publishes."""
    found: dict[str, Any] = json.loads((shipped_folder() / f"api/{name}.json").read_bytes())
    return found


def fields() -> list[str]:
    """All fields as they are described today."""
    return [f"{name} {line}" for name in ("catalog", "model") for line in schemas.fields(schema(name))]


def test_no_field_of_the_api_is_gone_or_has_another_type() -> None:
    """That would need a new `schema_version`. A new field is one more line of the record."""
    recorded, found = RECORD.read_text(encoding="utf-8").splitlines(), fields()
    assert [line for line in recorded if line not in found] == [], "a field is gone, or its type has changed"
    assert [line for line in found if line not in recorded] == [], f"new fields: add these lines to {RECORD.name}"


def a_model() -> dict[str, Any]:
    """What the API says of a model."""
    model = Model(name="m", kind="registered", versions=(Version(name="1"),))
    found: dict[str, Any] = json.loads(model_json(model, "m", map(version_json, model.versions)))
    return found


@pytest.mark.parametrize("place", [[], ["facts"], ["versions", 0], ["versions", 0, "environment"]])
def test_readers_may_meet_fields_that_they_do_not_know(place: list[str | int]) -> None:
    """The schemas allow them; the tests of the site itself do not."""
    found = a_model()
    schemas.check(found, json.dumps(schema("model")).encode())
    inner: Any = found
    for step in place:
        inner = inner[step]
    inner["a field of tomorrow"] = 1
    jsonschema.validate(found, schema("model"))
    with pytest.raises(jsonschema.ValidationError, match="a field of tomorrow"):
        schemas.check(found, json.dumps(schema("model")).encode())


def test_every_object_of_a_schema_is_closed_for_the_site_itself() -> None:
    """But mappings, whose keys are names of the registry."""
    text = json.dumps([schemas.close(schema(name)) for name in ("catalog", "model")])
    assert text.count('"properties"') == text.count('"additionalProperties": false') > 10
    assert '"additionalProperties": false' not in json.dumps([schema("catalog"), schema("model")])
