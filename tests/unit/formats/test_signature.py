"""Signatures: what each type is called, and what MLflow takes or refuses.

Both tables of whole signatures were checked against `ModelSignature.from_dict` of MLflow 3.17.2 and 2.22.5.
"""

import json

import pytest

from sitegen.domain.signature import ParamSpec, Scalar, Tensor, type_name
from sitegen.formats.signature import parse_signature

TYPES = {
    '{"type": "boolean"}': "boolean",
    '{"type": "integer"}': "integer",
    '{"type": "long"}': "long",
    '{"type": "float"}': "float",
    '{"type": "double"}': "double",
    '{"type": "string"}': "string",
    '{"type": "binary"}': "binary",
    '{"type": "datetime"}': "datetime",
    '{"type": "any"}': "any",
    '{"type": "sparkml_vector"}': "sparkml_vector",
    '{"type": "array", "items": {"type": "long"}}': "array<long>",
    '{"type": "array", "items": {"type": "array", "items": {"type": "any"}}}': "array<array<any>>",
    '{"type": "map", "values": {"type": "double"}}': "map<double>",
    '{"type": "map", "values": {"type": "array", "items": {"type": "string"}}}': "map<array<string>>",
    '{"type": "object", "properties": {"a": {"type": "long"}}}': 'object{"a":long}',
    '{"type": "object", "properties": {"b": {"type": "long"}, "a": {"type": "any"}}}': 'object{"a":any,"b":long}',
    '{"type": "object", "properties": {"a": {"type": "long", "required": false}}}': 'object{"a"?:long}',
    '{"type": "object", "properties": {"é \\"x\\"": {"type": "long"}}}': 'object{"é \\"x\\"":long}',
    '{"type": "object", "properties": {"o": {"type": "object", "properties": {"x": {"type": "map", "values":'
    ' {"type": "long"}}}}}}': 'object{"o":object{"x":map<long>}}',
    '{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}': "float32",
    '{"type": "tensor", "tensor-spec": {"dtype": "float", "shape": [-1]}}': "float64",
    '{"type": "tensor", "tensor-spec": {"dtype": "<f4", "shape": [-1]}}': "float32",
    '{"type": "tensor", "tensor-spec": {"dtype": "int", "shape": [-1]}}': "int64",
    '{"type": "tensor", "tensor-spec": {"dtype": "<M8[ns]", "shape": [-1]}}': "datetime64[ns]",
    '{"type": "tensor", "tensor-spec": {"dtype": "longdouble", "shape": [-1]}}': "float128",
}


@pytest.mark.parametrize(("item", "name"), TYPES.items())
def test_a_type_has_one_name(item: str, name: str) -> None:
    """The name that MLflow's own types are printed with, too."""
    signature, findings = parse_signature(f"[{item}]", None, None)
    assert signature.inputs is not None
    assert type_name(signature.inputs[0].type) == name
    assert not findings


SHAPES = {"[]": (), "[-1]": (-1,), "[2, 3]": (2, 3), "[null, 2]": (-1, 2)}


@pytest.mark.parametrize(("text", "shape"), SHAPES.items())
def test_a_shape_counts_elements_per_axis(text: str, shape: tuple[int, ...]) -> None:
    """null is any number, as -1 is."""
    item = f'[{{"type": "tensor", "tensor-spec": {{"dtype": "uint8", "shape": {text}}}}}]'
    signature, _ = parse_signature(item, None, None)
    assert signature.inputs is not None
    assert signature.inputs[0].type == Tensor("uint8", shape)


REQUIRED = {
    '{"type": "long", "name": "a"}': True,
    '{"type": "long", "name": "a", "required": true}': True,
    '{"type": "long", "name": "a", "required": false}': False,
    '{"type": "long", "name": "a", "required": "false"}': True,
    '{"type": "long", "name": "a", "optional": true}': False,
    '{"type": "array", "name": "a", "items": {"type": "long"}}': None,
    '{"type": "array", "name": "a", "items": {"type": "long"}, "required": true}': True,
    '{"type": "map", "name": "a", "values": {"type": "long"}}': None,
    '{"type": "object", "name": "a", "properties": {"x": {"type": "long"}}}': None,
    '{"type": "any", "name": "a"}': None,
    '{"type": "sparkml_vector", "name": "a"}': None,
}


@pytest.mark.parametrize(("item", "required"), REQUIRED.items())
def test_required_is_what_mlflow_makes_of_it(item: str, required: bool | None) -> None:
    """A missing key means required for scalars and optional for all else; a text is true."""
    signature, _ = parse_signature(f"[{item}]", None, None)
    assert signature.inputs is not None
    assert signature.inputs[0].required is required


X = '{"type": "long", "name": "x"}'
TENSOR = '{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}'
NAMED_TENSOR = '{"type": "tensor", "name": "t", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}'


def param(**facts: object) -> str:
    """The text of a list of one param."""
    return json.dumps([{"name": "p", "shape": None, **facts}])


REFUSED: dict[str, tuple[object, object, object]] = {
    "a list, not a text": ([{"type": "long"}], None, None),
    "nothing stated": (None, None, None),
    "no inputs in the list": ("[]", None, None),
    "no outputs in the list": (f"[{X}]", "[]", None),
    "unknown type": ('[{"type": "int64", "name": "a"}]', None, None),
    "type in capitals": ('[{"type": "Double", "name": "a"}]', None, None),
    "unknown type inside": ('[{"type": "array", "name": "a", "items": {"type": "int"}}]', None, None),
    "unknown key of a scalar": ('[{"type": "long", "name": "a", "nullable": true}]', None, None),
    "optional of MLflow 2.4 to 2.9": ('[{"type": "long", "name": "a", "optional": true}]', None, None),
    "named and unnamed": (f'[{X}, {{"type": "long"}}]', None, None),
    "unnamed and optional": ('[{"type": "long", "required": false}]', None, None),
    "two unnamed tensors": (f"[{TENSOR}, {TENSOR}]", None, None),
    "tensor and column": (f"[{NAMED_TENSOR}, {X}]", None, None),
    "sized text dtype": (
        '[{"type": "tensor", "tensor-spec": {"dtype": "<U10", "shape": [-1]}}]',
        None,
        None,
    ),
    "bfloat16": ('[{"type": "tensor", "tensor-spec": {"dtype": "bfloat16", "shape": [-1]}}]', None, None),
    "unknown dtype": ('[{"type": "tensor", "tensor-spec": {"dtype": "foo", "shape": [-1]}}]', None, None),
    "a word in place of a dtype": (
        '[{"type": "tensor", "tensor-spec": {"dtype": "Vulcan", "shape": [-1]}}]',
        None,
        None,
    ),
    "too large a dtype": ('[{"type": "tensor", "tensor-spec": {"dtype": "V2147483648", "shape": [-1]}}]', None, None),
    "dtype in capitals": ('[{"type": "tensor", "tensor-spec": {"dtype": "Float64", "shape": [-1]}}]', None, None),
    "object without properties": ('[{"type": "object", "name": "a", "properties": {}}]', None, None),
    "sparkml_vector in an object": (
        '[{"type": "object", "name": "a", "properties": {"v": {"type": "sparkml_vector"}}}]',
        None,
        None,
    ),
    "not a column": ('["x"]', None, None),
    "no type": ('[{"name": "a"}]', None, None),
    "array without items": ('[{"type": "array", "name": "a"}]', None, None),
    "map without values": ('[{"type": "map", "name": "a"}]', None, None),
    "tensor without a spec": ('[{"type": "tensor"}]', None, None),
    "not JSON": ('[{"type": "long"', None, None),
    "param without a default": (None, None, '[{"name": "p", "type": "long", "shape": null}]'),
    "param with a shape of two axes": (None, None, param(type="long", default=[1], shape=[-1, 2])),
    "param with a fixed shape": (None, None, param(type="long", default=[1], shape=[3])),
    "float default for long": (None, None, param(type="long", default=1.5)),
    "text default for long": (None, None, param(type="long", default="1")),
    "number default for string": (None, None, param(type="string", default=1)),
    "number default for boolean": (None, None, param(type="boolean", default=1)),
    "list default without a shape": (None, None, param(type="long", default=[1])),
    "single default with a shape": (None, None, param(type="long", default=1, shape=[-1])),
    "binary param": (None, None, param(type="binary", default="x")),
    "unknown type of a param": (None, None, param(type="int", default=1)),
    "param twice": (None, None, json.dumps([{"name": "p", "type": "long", "default": 1, "shape": None}] * 2)),
}


@pytest.mark.parametrize("parts", REFUSED.values(), ids=REFUSED)
def test_what_mlflow_refuses_has_a_problem(parts: tuple[str, str, str]) -> None:
    """The model cannot be loaded, which its reader must know."""
    _, findings = parse_signature(*parts)
    assert {found.rule for found in findings} & {"signature-refused", "signature-shape", "signature-json"}


ACCEPTED: dict[str, tuple[str | None, str | None, str | None]] = {
    "outputs only": (None, f"[{X}]", None),
    "params only": (None, None, param(type="long", default=1)),
    "no params in the list": (f"[{X}]", None, "[]"),
    "columns in, tensor out": (f"[{X}]", f"[{TENSOR}]", None),
    "two unnamed columns": ('[{"type": "long"}, {"type": "double"}]', None, None),
    "two named tensors": (
        f"[{NAMED_TENSOR}, {NAMED_TENSOR.replace(chr(34) + 't' + chr(34), chr(34) + 'u' + chr(34))}]",
        None,
        None,
    ),
    "column twice": (f"[{X}, {X}]", None, None),
    "number as a name": ('[{"type": "long", "name": 7}]', None, None),
    "empty name": ('[{"type": "long", "name": ""}]', None, None),
    "required as a text": ('[{"type": "long", "name": "a", "required": "false"}]', None, None),
    "unknown key of an array": ('[{"type": "array", "name": "a", "items": {"type": "long"}, "x": 1}]', None, None),
    "unknown key of an object": (
        '[{"type": "object", "name": "a", "properties": {"b": {"type": "long"}}, "x": 1}]',
        None,
        None,
    ),
    "unknown key of a map": ('[{"type": "map", "name": "a", "values": {"type": "long"}, "x": 1}]', None, None),
    "unknown key of any": ('[{"type": "any", "name": "a", "x": 1}]', None, None),
    "unknown key of a property": (
        '[{"type": "object", "name": "a", "properties": {"b": {"type": "long", "x": 1}}}]',
        None,
        None,
    ),
    "unknown key of a tensor": (
        '[{"type": "tensor", "x": 1, "tensor-spec": {"dtype": "int8", "shape": [-1]}}]',
        None,
        None,
    ),
    "unknown key of a param": (None, None, param(type="long", default=1, x=1)),
    "tensor without axes": ('[{"type": "tensor", "tensor-spec": {"dtype": "int8", "shape": []}}]', None, None),
    "sparkml_vector in an array": (
        '[{"type": "array", "name": "a", "items": {"type": "sparkml_vector"}, "required": true}]',
        None,
        None,
    ),
    "sparkml_vector in a map of an object": (
        '[{"type": "object", "name": "a", "properties": {"v": {"type": "map", "values": {"type": "sparkml_vector"}}}}]',
        None,
        None,
    ),
    "dtype of bytes": ('[{"type": "tensor", "tensor-spec": {"dtype": "|V10", "shape": [-1]}}]', None, None),
    "dtype of times": ('[{"type": "tensor", "tensor-spec": {"dtype": "<M8[ns]", "shape": [-1]}}]', None, None),
    "dtype by another name": ('[{"type": "tensor", "tensor-spec": {"dtype": "float", "shape": [-1]}}]', None, None),
    "sparkml_vector": ('[{"type": "sparkml_vector", "name": "v"}]', None, None),
    "no default value": (None, None, param(type="long", default=None)),
    "int default for double": (None, None, param(type="double", default=1)),
    "NaN default": (None, None, '[{"name": "p", "type": "double", "default": NaN, "shape": null}]'),
    "list default": (None, None, param(type="long", default=[1, 2], shape=[-1])),
    "dtype of MLflow 2.6": (None, None, '[{"name": "p", "dtype": "long", "default": 1, "shape": null}]'),
    "object param": (
        None,
        None,
        param(type="object", default={"a": 1}, properties={"a": {"type": "long", "required": True}}),
    ),
}


@pytest.mark.parametrize("parts", ACCEPTED.values(), ids=ACCEPTED)
def test_what_mlflow_takes_has_no_problem(parts: tuple[str | None, str | None, str | None]) -> None:
    """However odd it looks."""
    signature, findings = parse_signature(*parts)
    assert not findings
    assert not signature.unreadable


PARAMS = {
    '{"name": "p", "type": "long", "default": 5, "shape": null}': ParamSpec(name="p", type=Scalar("long"), default=5),
    '{"name": "p", "type": "double", "default": 5, "shape": null}': ParamSpec(
        name="p", type=Scalar("double"), default=5.0
    ),
    '{"default": [1], "name": "p", "shape": [-1], "type": "float"}': ParamSpec(
        name="p", type=Scalar("float"), default=[1.0], shape=(-1,)
    ),
    '{"name": "p", "type": "float", "default": NaN, "shape": null}': ParamSpec(
        name="p", type=Scalar("float"), default="NaN"
    ),
    '{"name": "p", "type": "float", "default": 1e999, "shape": null}': ParamSpec(
        name="p", type=Scalar("float"), default="Infinity"
    ),
    '{"name": "p", "type": "string", "default": null, "shape": null}': ParamSpec(
        name="p", type=Scalar("string"), default=None
    ),
}


@pytest.mark.parametrize(("item", "spec"), PARAMS.items())
def test_a_param_has_type_default_and_shape(item: str, spec: ParamSpec) -> None:
    """Whatever the order of its keys; what strict JSON has no number for is a text."""
    signature, findings = parse_signature(None, None, f"[{item}]")
    assert signature.params == (spec,)
    assert repr(signature.params[0].default) == repr(spec.default)
    assert not findings


KINDS = {
    "columns": f"[{X}]",
    "tensors": f"[{TENSOR}]",
    "mixed": f"[{NAMED_TENSOR}, {X}]",
    "none": None,
}


@pytest.mark.parametrize(("kind", "inputs"), KINDS.items())
def test_the_kind_is_that_of_the_inputs(kind: str, inputs: str | None) -> None:
    """Outputs may be of another kind."""
    signature, _ = parse_signature(inputs, f"[{TENSOR}]", None)
    assert signature.kind == kind


def test_what_can_be_read_is_kept() -> None:
    """One item that means nothing does not hide the others, nor one part the other parts."""
    signature, findings = parse_signature(f'[{X}, 5, {{"type": "double", "name": "y"}}]', "[", None)
    assert signature.inputs is not None
    assert [column.name for column in signature.inputs] == ["x", "y"]
    assert signature.unreadable == ("inputs", "outputs")
    assert [(found.rule, found.part) for found in findings] == [
        ("signature-shape", "inputs"),
        ("signature-json", "outputs"),
    ]


def test_absent_and_empty_differ() -> None:
    """None: the file does not say. (): it says: none."""
    signature, _ = parse_signature(f"[{X}]", None, "[]")
    assert signature.outputs is None
    assert signature.params == ()
