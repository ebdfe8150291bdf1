"""Hostile texts: YAML, JSON, CSV, cards."""

import json

from tests.campaigns.hostile.item import RUN, Item, files, of
from tests.support.registries import ONE, SIGNED, experiment, layout, mlmodel, registered, run

DEEP = 100_000
DIGITS = "9" * 100_000

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {k: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 10)}], n: [*{before}]}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
TAGS = SIGNED + "metadata:\n  a: !!python/object/apply:os.system ['touch executed']\n"


def _signature(inputs: str) -> str:
    return mlmodel(signature={"inputs": inputs, "outputs": json.dumps(ONE), "params": None})


YAML: dict[str, Item] = {
    "alias bomb": files("yaml-limit bad/1/MLmodel", MLmodel=BOMB),
    "alias bomb of merges": files("yaml-limit bad/1/MLmodel", MLmodel=MERGES),
    "alias bomb in meta.yaml": of(
        experiment("1", "e {item}") | run("1", RUN) | {"mlruns/1/meta.yaml": "experiment_id: '1'\nname: e\n" + BOMB},
        "yaml-limit mlruns/1/meta.yaml",
        ("1/model",),
    ),
    "cycle": files("yaml-limit bad/1/MLmodel", MLmodel="a: &a [*a]\n"),
    "cycle of merges": files("yaml-limit bad/1/MLmodel", MLmodel="a: &a\n  <<: *a\n"),
    "nested brackets": files("yaml-limit bad/1/MLmodel", MLmodel="a: " + "[" * DEEP),
    "nested braces": files("yaml-limit bad/1/MLmodel", MLmodel="{a: " * DEEP),
    "nested dashes": files("yaml-limit bad/1/MLmodel", MLmodel="- " * DEEP + "x"),
    "nested keys": files("yaml-limit bad/1/MLmodel", MLmodel="".join(" " * n + "a:\n" for n in range(3000))),
    "nested conda.yaml": files("yaml-limit bad/1/conda.yaml", conda_yaml="a: " + "[" * DEEP),
    "duplicate keys": files("yaml-duplicate-key bad/1/MLmodel", MLmodel=SIGNED + "run_id: a\nrun_id: b\n"),
    "number of 100,000 digits": files("yaml-number bad/1/MLmodel", MLmodel=SIGNED + f"x: {DIGITS}\n"),
    "impossible date": files(
        "mlmodel-date bad/1/MLmodel", MLmodel=mlmodel(outputs=ONE, utc_time_created="2026-02-30 25:61:00")
    ),
    "tags": files("yaml-tag bad/1/MLmodel", MLmodel=TAGS),
    "NUL bytes": files("encoding bad/1/MLmodel", MLmodel=SIGNED + "\0\0\0"),
    "byte order mark": files(MLmodel="\ufeff" + SIGNED),
    "CRLF": files(MLmodel=SIGNED.replace("\n", "\r\n")),
    "UTF-16": files("encoding bad/1/MLmodel", MLmodel=SIGNED.encode("utf-16")),
    "UTF-32": files("encoding bad/1/MLmodel", MLmodel=SIGNED.encode("utf-32")),
    "Latin-1": files("encoding bad/1/MLmodel", MLmodel=SIGNED.encode() + b"x: \xe9\n"),
    "8 MB of one scalar": files(MLmodel=SIGNED + "x: " + "y" * (8 * 2**20 - 1000)),
    "a million values": files("yaml-limit bad/1/MLmodel", MLmodel=SIGNED + "x: [" + "1," * 1_000_000 + "]"),
    "a million comments": files(MLmodel=SIGNED + "#\n" * 1_000_000),
}

JSON: dict[str, Item] = {
    "nested lists": files("json-syntax bad/1/metrics.json", metrics_json="[" * DEEP),
    "nested lists that end": files("json-syntax bad/1/params.json", params_json="[" * DEEP + "]" * DEEP),
    "nested objects": files("json-syntax bad/1/tags.json", tags_json='{"a":' * DEEP),
    "nested example": files("json-syntax bad/1/input_example.json", input_example_json="[" * DEEP),
    "nested signature": files("signature-json bad/1/MLmodel", MLmodel=_signature("[" * DEEP)),
    "nested types": files(
        "signature-json bad/1/MLmodel", MLmodel=_signature('[{"type":"array","items":' * DEEP + "}]" * DEEP)
    ),
    "NaN": files("metric-infinite bad/1", metrics_json='{"a": NaN}'),
    "infinity": files("metric-infinite bad/1", metrics_json='{"a": -Infinity}'),
    "duplicate keys in JSON": files("json-duplicate-key bad/1/metrics.json", metrics_json='{"a": 1, "a": 2}'),
    "duplicate keys in a signature": files(
        "json-duplicate-key bad/1/MLmodel", MLmodel=_signature('[{"type": "long", "name": "a", "name": "b"}]')
    ),
    "metric of 100,000 digits": files("metric-infinite bad/1", metrics_json=f'{{"a": {DIGITS}}}'),
    "param of 100,000 digits": files("too-many-values bad/1", params_json=f'{{"a": {DIGITS}}}'),
    "lone surrogate": files(params_json='{"a\\ud800": "\\udfff"}'),
    "step beyond 64 bits": of(
        experiment("1", "e {item}") | run("1", RUN, metrics={"rmse": f"1 0.5 {10**30}\n1 0.25 1\n"}),
        f"metric-value mlruns/1/{RUN}/metrics/rmse",
        ("e {item}/model",),
    ),
    "times beyond the calendar": of(
        experiment("1", "e {item}")
        | run("1", RUN, start_time=10**40, end_time=-(10**40))
        | registered("dated {item}", {"source": f"runs:/{RUN}/model", "run_id": RUN, "creation_timestamp": 2**62}),
        (),
        ("dated {item}",),
    ),
}

QUADRATIC = {
    "brackets": "[" * 10_000,
    "links": "[a](" * 5_000,
    "stars": "*a **b " * 5_000,
    "quotes": "> " * 5_000 + "x",
    "backticks": "`" * 20_000 + "a",
    "headings": "# a\n" * 20_000,
    "angles": "<a " * 10_000,
}

CSV_AND_CARDS: dict[str, Item] = {
    "CSV with a long cell": files(
        "pairs-shape bad/1/metrics.csv", **{"metrics.csv": "key,value\n" + "a" * (7 * 2**20)}
    ),
    "CSV with a long line": files(**{"params.csv": "key,value\na,b" + ",c" * (3 * 2**20)}),
    "CSV with an open quote": files("pairs-shape bad/1/tags.csv", **{"tags.csv": 'key,value\na,"' + "b\n" * 500_000}),
    **{
        f"card of {name}": of(layout("bad", "1") | {"bad/1/README.md": text}, "card-limit bad/1/README.md")
        for name, text in QUADRATIC.items()
    },
    "card of the model": of(layout("bad", "1") | {"bad/README.md": "[" * 10_000}, "card-limit bad/README.md"),
    "description": of(
        experiment("1", "e {item}")
        | run("1", RUN)
        | registered("described {item}", {"source": f"runs:/{RUN}/model", "run_id": RUN, "description": "[" * 10_000}),
        f"card-limit mlruns/1/{RUN}/artifacts/model",
        ("described {item}",),
    ),
    "requirements": files("requirement-syntax bad/1/requirements.txt", **{"requirements.txt": f"a; {'(' * 50_000}"}),
}
