"""What is withheld, what is not, and that lines stay where they are."""

import json
import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.domain.diagnostic import problem
from sitegen.domain.environment import Environment, Requirement
from sitegen.domain.facts import CardFacts, CardResult
from sitegen.domain.model import (
    Dataset,
    Example,
    Flavor,
    LoggedFile,
    Metric,
    MLmodel,
    Model,
    Run,
    Text,
    Version,
)
from sitegen.formats.input_example import parse_example
from sitegen.formats.text import quote
from sitegen.privacy.hints import holds_no_secret
from sitegen.privacy.patterns import PATTERNS
from sitegen.privacy.redactor import Redactor
from sitegen.privacy.values import redact_model, redact_version
from sitegen.settings.settings import Privacy
from tests.support.secrets import CASES, NORMAL, PRIVATE, SHORT, VALUES


def published(text: str, **opened: bool) -> str:
    """A text as it may be published."""
    return Redactor(Privacy(**opened)).text(text)


WITHHELD = {
    # absolute paths keep their last part
    "/home/someone/models/model.pkl": "[private path]/model.pkl",
    "/home/someone/My Documents/model one.pkl": "[private path]/model one.pkl",
    "read /home/someone/data.csv, then /mnt/disk/x.csv": "read [private path]/data.csv, then [private path]/x.csv",
    "path=/var/lib/mlflow/x": "path=[private path]/x",
    '{"uri": "/opt/app/model"}': '{"uri": "[private path]/model"}',
    "(/etc/ssl/key.pem)": "([private path]/key.pem)",
    "PYTHONPATH=/opt/lib:/home/someone/lib": "PYTHONPATH=[private path]/lib:[private path]/lib",
    "scp host:/home/someone/model.pkl": "scp host:[private path]/model.pkl",
    "dbfs:/Users/someone/model": "dbfs:[private path]/model",
    # a home's last part is a name
    "/home/someone": "[private path]",
    "/Users/someone/": "[private path]",
    "C:\\Users\\someone": "[private path]",
    # file addresses
    "file:///home/someone/mlruns/1/abc": "[private path]/abc",
    "file:/tmp/mlruns": "[private path]",
    "FILE:///C:/Users/someone/x": "[private path]/x",
    "torch @ file:///tmp/build/torch.whl": "torch @ [private path]/torch.whl",
    # Windows
    "C:\\Users\\someone\\model.pkl": "[private path]/model.pkl",
    "in D:/work/model.pkl now": "in [private path]/model.pkl now",
    "\\\\server\\share\\folder\\x.csv": "[private path]/x.csv",
    "from \\\\server\\share\\x.csv": "from [private path]/x.csv",
    # people
    "ask first.last+tag@sub.example.org now": "ask [e-mail withheld] now",
    "/Users/first.last@example.org/My experiment": "[private path]/My experiment",
    "user_id: someone": "user_id: [user withheld]",
    '{"mlflow.user": "someone", "a": 1}': '{"mlflow.user": "[user withheld]", "a": 1}',
    # assignments
    "password=Sup3rS3cretPassw0rd": "password=[redacted]",
    'api_key: "abcdef0123456789abcdef"': 'api_key: "[redacted]"',
    "metadata:\n  db_password: hunter2\n  other: x": "metadata:\n  db_password: [redacted]\n  other: x",
}


@pytest.mark.parametrize(("text", "seen"), WITHHELD.items())
def test_what_is_private_is_withheld(text: str, seen: str) -> None:
    """What stands around it stays."""
    assert published(text) == seen


HARMLESS = (
    *(
        "https://example.org/home/page/index.html",
        "http://localhost:5000/#/experiments/1/runs/abc",
        "https://h:8080/a/b",
    ),
    *("s3://bucket/path/to/model", "dbfs:/mnt/lake/models/x", "abfss://c@account.dfs.core.windows.net/models/x"),
    *("runs:/0123456789abcdef/model", "models:/churn/3", "models:/churn@champion", "mlflow-artifacts:/1/abc/artifacts"),
    *("gs://bucket/x", "hdfs:///data/x", "wasbs://c@a.blob.core.windows.net/x"),
    *("data/train/part-0.csv", "./data/train.csv", "../data/train.csv", "~/.cache/models", "model/data/model.pth"),
    *("/invocations", "POST the body to /invocations", "/v1/chat/completions", "/api/2.0/mlflow/runs/get", "/ping"),
    *("and/or", "1/2/3", "2026/01/03", "km/h", "a / b / c", "/ is the root / of all", "</b></i>", "[x](a/b/c)", "n/a"),
    *("git@github.com:owner/repo.git", "mlflow@2.13.1", "user@host", "@champion", "precision@10", "x@y"),
    *("token", "tokens: 512", "max_tokens=4096", "tokenizer: bert-base-uncased", "secret sauce", "api_key: null"),
    *("pad_token: [PAD]", "eos_token_id=50256", "The secret: never give up", "password: see the wiki"),
    *(
        "sk-learn",
        "risk-model",
        "hf_model",
        "C:",
        "ratio a:b",
        "\\alpha \\beta",
        "\\d+\\s*",
        "0123456789abcdef0123456789abcdef",
    ),
    *(
        "sk-learn-random-forest-reg-model",
        "sk-learn-random-forest-regressor-model-2",
        "sk-container-id-1 sk-top-container",
    ),
    *("sk-toggleable__label-arrow", "sk-estimator-doc-link", "risk-scoring-model-for-2024-loans", "hf_distilbert_base"),
    *("dapi is a prefix", "PWD=/", "set password= later", "q~", "xoxo-hugs", "npm_config_cache", "pypi-package-name"),
    *("8f14e45fceea167a5a36dedd4bea2543", "m-0123456789abcdef0123456789abcdef", "2c26b46b68ffc68ff99b453c1d304134" * 2),
    *("3.141592653589793", "1.7976931348623157e+308", "1700000000000", "0x1F", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    *("users: 5", "user study", "the user_ids", "numpy==1.26.4", "scikit-learn==1.5.0", "Users/x", "C# / F#"),
)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays(text: str) -> None:
    """A page full of placeholders says nothing."""
    assert published(text) == text


TOKENS = {
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----",
    "AWS access key": "AKIA" + "A1B2" * 4,
    "GitHub token": "ghp_" + "a1B2" * 9,
    "GitLab token": "glpat-" + "a1B2_" * 4,
    "Hugging Face token": "hf_" + "a1B2" * 6,
    "Databricks token": "dapi" + "0123456789abcdef" * 2,
    "Slack token": "xoxb-" + "123456789012-abc",
    "Slack webhook": "https://hooks.slack.com/services/T00000000/B00000000/" + "a1B2" * 6,
    "API key": "sk-proj-" + "a1B2" * 6,
    "Stripe key": "sk_live_" + "a1B2" * 5,
    "Google API key": "AIza" + "a1B2c" * 7,
    "Google OAuth token": "ya29." + "a0AfH_6-" * 5,
    "Azure client secret": "abc8Q~" + "a1B2~c.D-e" * 3 + "xyzw",
    "PyPI token": "pypi-" + "AgEIcHlwaS" * 6,
    "npm token": "npm_" + "a1B2" * 9,
    "JSON web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_DEF-123",
    "shared access signature": "sig=" + "a1B2%3D" * 4,
    "storage key": "AccountKey=" + "a1B2+/" * 5 + "==",
    "password in an address": "postgresql://user:pa55w0rd@host/db",
    "password in a connection string": "Server=db.example.org;User Id=sa;Password=Hunter2Hunter2;",
    "bearer token": "Bearer " + "a1B2.c3D4" * 3,
}
OTHER_TOKENS = {
    "fine-grained GitHub token": "github_pat_" + "a1B2c3_" * 5,
    "GitHub Actions token": "ghs_" + "a1B2" * 9,
    "GitLab deploy token": "gldt-" + "a1B2_" * 4,
    "Slack app token": "xapp-1-A0123456789-" + "0123456789abcdef" * 2,
    "OpenAI key": "sk-" + "T3BlbkFJ" * 6,
    "OpenAI project key": "sk-proj-" + "aB3_dE-4" * 5 + "abcdefgh1jkl" * 2,
    "Anthropic key": "sk-ant-api03-" + "a1B2c3D4e5F6" * 7 + "-AAAAAAAA",
    "OpenRouter key": "sk-or-v1-" + "0123456789abcdef" * 4,
    "Groq key": "gsk_" + "a1B2" * 13,
    "NVIDIA key": "nvapi-" + "a1B2_-c3" * 8,
    "temporary AWS key": "ASIA" + "A1B2" * 4,
    "AWS secret": "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS secret in JSON": '{"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}',
    "Google client secret": "GOCSPX-" + "a1B2" * 7,
    "service account": '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBg\\n-----END PRIVATE KEY-----\\n"}',
    "OpenSSH key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----",
    "PGP key": "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBGPabcdef\n-----END PGP PRIVATE KEY BLOCK-----",
    "Databricks token of a workspace": "dapi" + "0123456789abcdef" * 2 + "-2",
    "Redis address": "redis://:hunter2hunter2@host:6379",
    "Mongo address": "mongodb+srv://root:hunter2hunter2@host/db",
    "Azure storage": "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=" + "a1B2+/" * 14 + "==",
    "Azure service bus": "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKey=" + "a1B2+/" * 7 + "=",
    "Azure SAS": "https://x.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig=" + "a1B2%2Bc3" * 6,
    "JDBC address": "jdbc:postgresql://db.example.org/x?user=sa&password=Hunter2Hunter2",
    "ODBC": "Driver={ODBC Driver 18};Server=db;Uid=sa;Pwd=Hunter2Hunter2;",
}
"""More formats under the same names."""


def test_every_pattern_has_a_case() -> None:
    """A new one needs its own."""
    assert {pattern.name for pattern in PATTERNS} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_each_pattern_finds_its_secrets_and_leaves_what_is_like_them(name: str) -> None:
    """Under the name that the problem states."""
    texts, near_miss = CASES[name]
    for text in texts:
        redactor = Redactor(Privacy())
        assert "[redacted]" in redactor.text(text)
        assert name in redactor.secrets
    assert published(near_miss) == near_miss


@pytest.mark.parametrize("text", [*VALUES, *SHORT])
def test_a_name_says_that_a_value_is_a_secret(text: str) -> None:
    """In any case style and notation, however short the value is."""
    assert "[redacted]" in published(text)


@pytest.mark.parametrize(("text", "parts"), PRIVATE.items())
def test_no_part_of_a_private_text_stays(text: str, parts: tuple[str, ...]) -> None:
    """With spaces, with escapes, in quotes and in sentences."""
    seen = published(text)
    assert [part for part in parts if part in seen] == []


@pytest.mark.parametrize("text", NORMAL)
def test_normal_texts_stay(text: str) -> None:
    """A name is no value, and most long numbers are no secrets."""
    assert published(text) == text


@pytest.mark.parametrize("text", [*TOKENS.values(), *OTHER_TOKENS.values()], ids=[*TOKENS, *OTHER_TOKENS])
@pytest.mark.parametrize("around", ["{}", "before {} after", "line\n{}\nline", '{{"key": "{}"}}', "\t{},", "x = '{}'"])
def test_tokens_are_redacted(text: str, around: str) -> None:
    """Wherever they stand."""
    redactor = Redactor(Privacy())
    seen = redactor.text(around.format(text))
    assert "[redacted]" in seen
    assert text[-12:-1] not in seen
    assert redactor.secrets


PARTS = st.sampled_from(
    [*(marker for pattern in PATTERNS for marker in pattern.markers), *TOKENS.values(), "x", "\n", " ", "é", "K", "A1"]
)


@given(st.lists(PARTS, max_size=6).map("".join))
def test_the_fast_check_misses_no_pattern(text: str) -> None:
    """At whatever place of a text its marker is."""
    lower = text.lower()
    matches = [
        pattern.name
        for pattern in PATTERNS
        if any(marker in lower for marker in pattern.markers) and pattern.expression.search(text)
    ]
    assert not (matches and holds_no_secret(text))


OPENED = {
    "paths": "/opt/models/x.pkl",
    "users": "user_id: someone",
    "emails": "ask someone@example.org",
    "secrets": "ghp_" + "a1B2" * 9,
}


@pytest.mark.parametrize(("name", "text"), OPENED.items())
def test_each_kind_can_be_opened(name: str, text: str) -> None:
    """By itself."""
    assert published(text, **{name: True}) == text
    others = {other: True for other in OPENED if other != name}
    assert published(text, **others) != text


@given(
    st.lists(
        st.sampled_from([*WITHHELD, *TOKENS.values(), "\n", " ", "x", "/", '"', "-----BEGIN PRIVATE KEY-----\n\n"])
    )
)
def test_lines_stay_and_nothing_is_redacted_twice(parts: list[str]) -> None:
    """Problems point at lines of texts that were redacted."""
    text = "".join(parts)
    seen = published(text)
    assert seen.count("\n") == text.count("\n")
    assert published(seen) == seen


HOSTILE = {
    "dots before an @": "a." * 150_000 + " @",
    "@ after @": "a@" * 150_000,
    "assignments": "token=" * 50_000,
    "assignments with spaces": "token  " * 50_000,
    "slashes": "/a" * 150_000,
    "slashes and a line": "/a" * 150_000 + "\n",
    "colons and slashes": ":/" * 150_000,
    "backslashes": "C:\\" * 100_000,
    "long file address": "file:" + "/" * 300_000,
    "beginnings of web tokens": "eyJ-" * 75_000,
    "beginnings of keys": "-----BEGIN " * 30_000,
    "beginnings of key blocks": "-----BEGIN PRIVATE KEY-----" * 10_000,
    "addresses with passwords": "://a:" * 60_000,
    "many secrets of one kind": "sig=" * 75_000,
    "yaml of secrets": "a_password:" * 30_000,
    "dashes before a key": "-" * 300_000 + "secret",
    "dashes and spaces before a key": "- " * 150_000 + "\nsecret",
    "dashes inside a key": "secret" + "-" * 300_000 + ":",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_no_time(text: str) -> None:
    """Each of these takes minutes where a pattern looks at the text once for every place to begin."""
    published(text)


REPEATED = ("a", "A1", "/a b", "a.b", "login x ", "machine x ", "<a>", "name: x, ", "curl -u ", "?sig=", "eyJ", "sk-a-")
REPEATED += (
    "'/a",
    "' ",
    "mysql -p",
    "://a",
    "basic ",
    "cookie: a=",
    "password is ",
    "\\u0061",
    "%2f",
    "key-",
    "-us1",
    "@a.b",
)


@pytest.mark.parametrize("part", REPEATED)
def test_each_pattern_takes_linear_time(part: str) -> None:
    """A hundred thousand letters that nearly match again and again take a pattern less than a second or two."""
    text = part * (100_000 // len(part))
    for pattern in PATTERNS:
        before = time.process_time()
        assert sum(1 for _ in pattern.expression.finditer(text)) >= 0
        assert time.process_time() - before < 2, pattern.name


@pytest.mark.parametrize("secret", [*TOKENS.values(), *OTHER_TOKENS.values(), "someone@example.org"])
def test_no_message_holds_a_part_of_a_secret(secret: str) -> None:
    """Nor the cells of an example: a part may not look like a secret any more, so texts are cut between words."""
    core = re.sub(r"-----[A-Z ]+-----|\{\"private_key\": ", "\n", secret)
    parts = {part for place in range(len(core) - 7) if (part := core[place : place + 8]) not in published(secret)}
    for count in range(60):
        message = published(quote("x" * count + " " + secret + " and more"))
        assert [part for part in parts if part in message] == []
    for count in range(200):
        example = parse_example(json.dumps(["x" * count + " " + secret + " and more" * 30]), "f").value
        assert example
        assert [part for part in parts if part in published(example.rows[0][0])] == []


# --- whole models ----------------------------------------------------------------------------------------------

TOKEN = TOKENS["GitHub token"]
PRIVATE = f"see /home/someone/x.csv, ask someone@example.org, use {TOKEN}"
PIECES = ("/home/someone", "someone@example.org", TOKEN[4:])
PLAIN = Version(name="1", path="m/1", mlmodel=MLmodel(flavors=(Flavor(name="keras", keys={"data": "x"}),)))

CARRIERS = {
    "description": replace(PLAIN, description=PRIVATE),
    "card": replace(PLAIN, card=PRIVATE),
    "source": replace(PLAIN, source=PRIVATE),
    "stage": replace(PLAIN, stage=PRIVATE),
    "aliases": replace(PLAIN, aliases=(PRIVATE,)),
    "tags": replace(PLAIN, tags=(("k", PRIVATE),)),
    "keys of tags": replace(PLAIN, tags=((PRIVATE, "v"),)),
    "params": replace(PLAIN, params=(("k", PRIVATE),)),
    "keys of metrics": replace(PLAIN, metrics=(Metric(key=PRIVATE, value=1.0),)),
    "artifact path": replace(PLAIN, mlmodel=MLmodel(artifact_path=PRIVATE)),
    "metadata": replace(PLAIN, mlmodel=MLmodel(metadata={"a": [{"b": PRIVATE}]})),
    "keys of metadata": replace(PLAIN, mlmodel=MLmodel(metadata={"a": [{PRIVATE: 1}]})),
    "flavors": replace(
        PLAIN, mlmodel=MLmodel(flavors=(Flavor(name="f", keys={"artifacts": {"x": {"uri": PRIVATE}}}),))
    ),
    "other fields": replace(PLAIN, mlmodel=MLmodel(rest={"x": [PRIVATE]})),
    "keys of other fields": replace(PLAIN, mlmodel=MLmodel(rest={PRIVATE: 1})),
    "name of the run": replace(PLAIN, run=Run(id="r", name=PRIVATE)),
    "experiment": replace(PLAIN, run=Run(id="r", experiment=PRIVATE)),
    "address of artifacts": replace(PLAIN, run=Run(id="r", artifact_uri=PRIVATE)),
    "MLflow's own tags": replace(PLAIN, run=Run(id="r", system=(("mlflow.source.name", PRIVATE),))),
    "requirements": replace(PLAIN, environment=Environment(requirements=(Requirement(name="x", text=PRIVATE),))),
    "build requirements": replace(PLAIN, environment=Environment(build=(Requirement(name="x", text=PRIVATE),))),
    "version of Python": replace(PLAIN, environment=Environment(python=PRIVATE)),
    "datasets": replace(PLAIN, datasets=(Dataset(name=PRIVATE, source=PRIVATE, schema=PRIVATE),)),
    "example": replace(PLAIN, example=Example(columns=(PRIVATE,), rows=((PRIVATE,),), count=1, params=PRIVATE)),
    "text of the MLmodel": replace(PLAIN, texts=(Text(path="MLmodel", text=f"a: 1\n{PRIVATE}\n"),)),
    "what an MLmodel says behind the text that is shown": replace(
        PLAIN, mlmodel=MLmodel(metadata={"a": PRIVATE}), texts=(Text(path="MLmodel", text="x", complete=False),)
    ),
    "messages": replace(PLAIN, problems=(problem("encoding", PRIVATE, "x"),)),
    "keys of params that are secrets": replace(PLAIN, params=((f"{PRIVATE} password", "x"),)),
    "keys of MLflow's own tags that are secrets": replace(PLAIN, run=Run(id="r", system=((f"{PRIVATE} secret", "x"),))),
    "keys of metadata that are secrets": replace(PLAIN, mlmodel=MLmodel(metadata={f"{PRIVATE} api_key": "x"})),
}


@pytest.mark.parametrize("version", CARRIERS.values(), ids=CARRIERS)
def test_every_text_of_a_version_goes_through(version: Version) -> None:
    """Values and keys, however deep."""
    seen = repr(redact_model(Model(name="m", kind="registered", versions=(version,)), Privacy()))
    assert [piece for piece in PIECES if piece in seen] == []


@pytest.mark.parametrize("folder", ["big", "few", "new", "ray", "tom", "u001f", "Ray", "\\ray"])
def test_no_letter_behind_a_backslash_hides_a_path(folder: str) -> None:
    """In JSON, a backslash and a letter may be a control character, or the second of two backslashes and a letter."""
    path = f"D:\\{folder}\\{folder}\\train.csv"
    version = replace(PLAIN, example=Example(columns=("a\tb",), rows=((path,),), count=1))
    seen = redact_version(version, Privacy()).example
    assert seen
    assert (seen.columns, seen.rows) == (("a\tb",), (("[private path]/train.csv",),))


MODELS = {
    "name": Model(name=PRIVATE, kind="logged"),
    "description": Model(name="m", kind="logged", description=PRIVATE),
    "card": Model(name="m", kind="logged", card=PRIVATE),
    "owner": Model(name="m", kind="logged", facts=CardFacts(owner=PRIVATE)),
    "label": Model(name="m", kind="logged", facts=CardFacts(labels=("a", PRIVATE))),
    "result": Model(name="m", kind="logged", facts=CardFacts(results=(CardResult("a", PRIVATE, "b", "1"),))),
    "tags": Model(name="m", kind="logged", tags=(("k", PRIVATE),)),
    "aliases": Model(name="m", kind="logged", aliases=((PRIVATE, "1"),)),
    "messages": Model(name="m", kind="logged", problems=(problem("encoding", PRIVATE, "x"),)),
    "place of a problem": Model(name="m", kind="logged", problems=(problem("encoding", "x", "someone@example.org/m"),)),
    "store": Model(name="m", kind="logged", store="someone@example.org/mlruns"),
    "token in the store": Model(name="m", kind="logged", store=TOKEN),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_text_of_a_model_goes_through(model: Model) -> None:
    """The experiment is part of a logged model's name, and may be somebody's folder."""
    seen = repr(redact_model(model, Privacy()))
    assert [piece for piece in PIECES if piece in seen] == []


PLACES = {
    "folder": replace(PLAIN, path="someone@example.org/1"),
    "files": replace(PLAIN, files=(LoggedFile(path="someone@example.org.csv", size=1, role="table"),)),
    "token": replace(PLAIN, path=f"{TOKEN}/1"),
    "place of a problem": replace(PLAIN, problems=(problem("encoding", "x", "0/tags/someone@example.org"),)),
    "token in the place of a problem": replace(PLAIN, problems=(problem("encoding", "x", f"0/tags/{TOKEN}"),)),
}


@pytest.mark.parametrize("version", PLACES.values(), ids=PLACES)
def test_relative_paths_may_name_people_too(version: Version) -> None:
    """They are no private paths, but their parts may be private."""
    seen = repr(redact_model(Model(name="m", kind="registered", versions=(version,)), Privacy()))
    assert [piece for piece in PIECES if piece in seen] == []


PARTS = st.sampled_from(["plain", "a: 1\n", *WITHHELD, *TOKENS.values(), *OTHER_TOKENS.values(), "\n", " ", "é", "\\"])
TEXTS = st.lists(PARTS, max_size=4).map("".join)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3))
def test_versions_hide_nothing_from_each_other(texts: list[tuple[str, str]]) -> None:
    """Lines that were seen in one version are not searched again in the next."""
    plain = [replace(PLAIN, description=one, texts=(Text(path="MLmodel", text=two),)) for one, two in texts]
    seen = redact_model(Model(name="m", kind="registered", versions=(*plain, *plain)), Privacy()).versions
    assert [(version.description, version.texts[0].text) for version in seen] == [
        (published(one), published(two)) for one, two in [*texts, *texts]
    ]


@pytest.mark.parametrize("token", [*TOKENS.values(), *OTHER_TOKENS.values()], ids=[*TOKENS, *OTHER_TOKENS])
@pytest.mark.parametrize("around", ["{}", "line\n{}", "tab\t{}", 'quote "{}"', "back\\{}", "é{}".replace("é", "é ")])
def test_a_token_alone_is_enough(token: str, around: str) -> None:
    """Nothing else in the version gives a reason to look closer."""
    version = replace(PLAIN, description=around.format(token))
    [seen] = redact_model(Model(name="m", kind="registered", versions=(version,)), Privacy()).versions
    assert "[redacted]" in (seen.description or "")
    assert [found.rule for found in seen.problems] == ["secret"]


OF_MODELS = {
    "card": Model(name="m", kind="registered", card=f"use {TOKEN}", store="team"),
    "description": Model(name="m", kind="registered", description=TOKEN, store="team"),
    "tags": Model(name="m", kind="registered", tags=(("db_password", "x"),), store="team"),
}


@pytest.mark.parametrize("model", OF_MODELS.values(), ids=OF_MODELS)
def test_a_secret_in_a_model_is_told(model: Model) -> None:
    """Once, at the model, and not at its versions; nothing is told where secrets may be published."""
    model = replace(model, versions=(PLAIN,))
    seen = redact_model(model, Privacy())
    assert [(found.rule, found.path) for found in seen.problems] == [("secret", "team/m")]
    assert seen.versions == (PLAIN,)
    assert redact_model(model, Privacy(secrets=True)) == model


SECRET_KEYS = ("password", "db_password", "API_KEY", "aws.secret_key", "hf/access_token", "credentials", "my secret")
ORDINARY_KEYS = ("pad_token", "primary_key", "passwords", "n_secrets", "keys", "secretary", "key", "special_tokens")


def test_a_key_says_that_its_text_is_a_secret() -> None:
    """However short the text is; in params, tags, metadata and the text of the MLmodel."""
    for key in SECRET_KEYS:
        for value in ("hunter2", 12345678):
            metadata: dict[str, object] = {key: value, "empty": {key: None}}
            version = replace(PLAIN, params=((key, str(value)),), mlmodel=MLmodel(metadata=metadata))  # type: ignore[arg-type]
            seen = repr(redact_model(Model(name="m", kind="registered", versions=(version,)), Privacy()))
            assert str(value) not in seen, key
            assert "'empty': {" in seen
    for key in ORDINARY_KEYS:
        assert Redactor(Privacy()).pair(key, "plain") == (key, "plain")


def test_the_user_of_a_run_is_withheld() -> None:
    """Unless people may be named."""
    version = replace(PLAIN, run=Run(id="r", user="someone", system=(("mlflow.user", "someone"),)))
    model = Model(name="m", kind="registered", versions=(version,))
    assert "someone" not in repr(redact_model(model, Privacy()))
    assert redact_model(model, Privacy(users=True)) == model


def test_a_model_without_anything_private_stays_the_same_object() -> None:
    """Nothing is copied for nothing."""
    model = Model(name="m", kind="registered", versions=(PLAIN,))
    assert redact_model(model, Privacy()).versions[0] is PLAIN


ADDRESSES = {
    "s3://key:hunter22@bucket/x": "s3://[redacted]@bucket/x",
    "s3a://AKIAIOSFODNN7EXAMPLE:wJalrXUtn/K7MDENG/bPx@bucket": "s3a://[redacted]@bucket",
    "postgresql+psycopg2://bob:hunter22@db:5432/mlflow": "postgresql+psycopg2://[redacted]@db:5432/mlflow",
    "https://bob:hunter22@proxy:8080/x": "https://[redacted]@proxy:8080/x",
    "redis://:hunter22@cache:6379/0": "redis://[redacted]@cache:6379/0",
    "s3://minio:9000/bucket/model@v1": "s3://minio:9000/bucket/model@v1",
    "s3://bucket/a:b@v1": "s3://bucket/a:b@v1",
    "http://localhost:5000/x@y": "http://localhost:5000/x@y",
    "abfss://box@account.dfs.core.windows.net/x": "abfss://box@account.dfs.core.windows.net/x",
}


@pytest.mark.parametrize(("address", "shown"), ADDRESSES.items())
def test_a_login_in_an_address_is_withheld_as_a_whole(address: str, shown: str) -> None:
    """The user as well as the password, which may hold slashes; ports and versions are no logins."""
    assert Redactor(Privacy()).text(f"from {address} on") == f"from {shown} on"
