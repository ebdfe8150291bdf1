"""What pages weigh: the catalog with all that it needs at first, and a version page with many columns and metrics."""

import json
import random
from pathlib import Path

from tests.support import sites, weights
from tests.support.registries import ONE, Files, layout, mlmodel, write

MANY = 50
TYPES = ("double", "long", "string", "integer", "boolean", "datetime")


def wide() -> Files:
    """Versions with 50 inputs, metrics with curves, params, tags and packages, of which the last changes much."""
    chance, files = random.Random(1), {"wide/model.yaml": json.dumps({"aliases": {"champion": "1"}})}
    for version in ("1", "2", "3"):
        inputs = [
            {"type": chance.choice(TYPES), "name": f"measurement_{number:02}", "required": number % 5 != 0}
            for number in range(MANY)
        ]
        row = [chance.random() for _ in inputs]
        params, tags = (
            json.dumps({f"{kind}_{number}": round(chance.random(), 6) for number in range(MANY)})
            for kind in ("param", "tag")
        )
        files |= layout("wide", version, MLmodel=mlmodel(inputs, ONE), params_json=params, tags_json=tags)
        files[f"wide/{version}/input_example.json"] = json.dumps(
            {"columns": [one["name"] for one in inputs], "data": [row]}
        )
        files[f"wide/{version}/requirements.txt"] = "".join(
            f"package-{number}==1.{chance.randrange(30)}\n" for number in range(MANY)
        )
        for number in range(MANY):
            points = [f"{1790000000000 + step} {chance.random()} {step}\n" for step in range(40)]
            files[f"wide/{version}/metrics/metric_{number}"] = "".join(points)
    return files


def test_the_catalog_weighs_little_before_its_index(sample: Path) -> None:
    assert weights.first_view(sample) <= weights.LIMITS["catalog"]


def test_a_version_page_with_much_weighs_little(tmp_path: Path) -> None:
    """Fifty columns, and fifty metrics with curves."""
    site = sites.built(write(tmp_path / "registry", wide()), tmp_path / "site")
    pages = [f"models/wide/{version}/index.html" for version in (1, 2, 3)]
    size, path = weights.heaviest_page(site, pages)
    assert size <= weights.LIMITS["version"], path
