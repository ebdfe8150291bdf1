"""Python code that scores a Spark table with a version, as a user-defined function."""

import re

from sitegen.analysis.usage.input_data import MAX_COLUMNS, InputData, dict_literal, literal
from sitegen.analysis.usage.sample import Sample, made_up_values
from sitegen.analysis.usage.snippet import MAX_LINE_LENGTH, URI, Snippet, python_snippet, quote, warn
from sitegen.core.memoize import memoize_by_identity
from sitegen.domain.signature import AnyType, Array, Json, Map, Object, Scalar, Signature, Tensor, Type

_TYPES = {
    "boolean": "boolean",
    "integer": "int",
    "long": "long",
    "float": "float",
    "double": "double",
    "string": "string",
    "binary": "binary",
    "datetime": "timestamp",
}

_LOST_INSIDE = ("integer", "float", "datetime")
"""Types whose values MLflow refuses in maps and objects that come from Spark: they arrive as other types."""


def spark_code(signature: Signature, sample: Sample, data: InputData) -> Snippet | None:
    """Score a table; None where the inputs are no columns with names, or where Spark cannot carry their types."""
    pairs = [(cell.column.name, cell.column.type, cell.value) for cell in sample.cells]
    named = [(name, type, value) for name, type, value in pairs if name is not None and _has_type(type, value)]
    if signature.kind != "columns" or data.needs or len(pairs) > MAX_COLUMNS or len(named) < len(pairs):
        return None
    text = "\n".join(
        [
            f"row = {dict_literal(f'{quote(name)}: {_value(type, value)}' for name, type, value in named)}",
            *_schema([f"{_name(name)} {_type(type)}" for name, type, _ in named]),
            "table = spark.createDataFrame([row], schema)",
        ]
    )
    table = warn(text, made_up_values(sample))
    lines = [
        "spark = SparkSession.builder.getOrCreate()",
        table,
        f"predict = mlflow.pyfunc.spark_udf(spark, {URI}, result_type={quote(result_type(signature))}, "
        'env_manager="local")',
        'table.withColumn("prediction", predict(struct(*table.columns))).show()',
    ]
    imports = ("from pyspark.sql import SparkSession", "from pyspark.sql.functions import struct")
    return python_snippet("Score a Spark table", lines, (), imports)._replace(table=table)


@memoize_by_identity(512)
def fits_spark(signature: Signature) -> bool:
    """Whether MLflow accepts all inputs from a Spark table. Found by running MLflow 3.18 with Spark 3.5."""
    return all(_survives(column.type) for column in signature.inputs or ())


def _survives(type: Type, inside: bool = False) -> bool:
    """Whether MLflow accepts values of a type from Spark; `inside`: those of a map, or of members of an object."""
    match type:
        case Scalar(name):
            return not inside or name not in _LOST_INSIDE
        case Array(items):
            return _survives(items)
        case Map(values):
            return _survives(values, inside=True)
        case Object(properties):
            return all(_survives(one.type, inside=True) for one in properties)
    return isinstance(type, AnyType)


def _has_type(type: Type, value: Json) -> bool:
    """Whether a value has a type in Spark that MLflow accepts: any value only where it is a text."""
    return _survives(type) and (isinstance(value, str) or not _holds_any(type))


def _holds_any(type: Type) -> bool:
    match type:
        case Array(inner) | Map(inner):
            return _holds_any(inner)
        case Object(properties):
            return any(_holds_any(one.type) for one in properties)
    return isinstance(type, AnyType)


def _value(type: Type, value: Json) -> str:
    """A value as plain Python, which Spark converts by the schema: it takes no values of numpy."""
    match type, value:
        case Scalar("datetime"), str():
            return f"{literal(type, value)}.to_pydatetime()"
        case Array(items), list():
            return f"[{', '.join(_value(items, one) for one in value)}]"
        case Map(values), dict():
            return f"{{{', '.join(f'{quote(key)}: {_value(values, one)}' for key, one in value.items())}}}"
        case Object(properties), dict():
            types = {member.name: member.type for member in properties}
            return f"{{{', '.join(f'{quote(key)}: {_value(types[key], one)}' for key, one in value.items())}}}"
    return literal(type, value)


def _schema(types: list[str]) -> list[str]:
    """The lines that set the schema of the table: without it Spark makes long of int32 and strings of nested values."""
    rows: list[str] = []
    for one in types:
        if rows and len(rows[-1]) + len(one) < MAX_LINE_LENGTH - len('    ", "'):
            rows[-1] += f", {one}"
        else:
            rows.append(one)
    if len(rows) == 1:
        return [f"schema = {quote(rows[0])}"]
    spaced = [*(f"{row}, " for row in rows[:-1]), rows[-1]]
    return ["schema = (", *(f"    {quote(row)}" for row in spaced), ")"]


def result_type(signature: Signature) -> str:
    """Spark's type of the predictions: that of the only output, a struct of several, else a number."""
    outputs = signature.outputs or ()
    if len(outputs) == 1:
        return _type(outputs[0].type)
    if not outputs or any(one.name is None for one in outputs):
        return "double"
    return f"struct<{', '.join(f'{_name(one.name or str())}: {_type(one.type)}' for one in outputs)}>"


def _name(text: str) -> str:
    """A name in Spark's language of types, in backticks where it needs them."""
    return text if _IDENTIFIER.fullmatch(text) else f"`{text.replace('`', '``')}`"


_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def _type(type: Type) -> str:
    match type:
        case Scalar(name):
            return _TYPES.get(name, "string")
        case Array(items):
            return f"array<{_type(items)}>"
        case Map(values):
            return f"map<string, {_type(values)}>"
        case Object(properties):
            return f"struct<{', '.join(f'{_name(one.name)}: {_type(one.type)}' for one in properties)}>"
        case Tensor(dtype, shape):
            item = "string" if dtype == "str" else "long" if dtype.startswith(("int", "uint")) else "double"
            return item if len(shape) < 2 else f"array<{item}>"
    return "string"
