"""Python code that scores a Spark table with a version, as a user-defined function."""

import re

from sitegen.analysis.usage.input_data import MAX_COLUMNS, InputData
from sitegen.analysis.usage.sample import Sample
from sitegen.analysis.usage.snippet import URI, Snippet, python_snippet, quote
from sitegen.domain.signature import Array, Map, Object, Scalar, Signature, Tensor, Type

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

LINE = 88
"""Characters of a line of the schema."""


def spark_code(signature: Signature, sample: Sample, data: InputData) -> Snippet | None:
    """Score a table; None where the inputs are no columns with names, which Spark needs."""
    columns = [(cell.column.name, cell.column.type) for cell in sample.cells]
    if signature.kind != "columns" or data.needs or len(columns) > MAX_COLUMNS:
        return None
    types = [f"{_name(name)} {_type(type)}" for name, type in columns if name is not None]
    if len(types) < len(columns):
        return None
    table = "\n".join([*data.data, *_schema(types), "table = spark.createDataFrame(data, schema)"])
    lines = [
        "spark = SparkSession.builder.getOrCreate()",
        table,
        f"predict = mlflow.pyfunc.spark_udf(spark, {URI}, result_type={quote(result_type(signature))}, "
        'env_manager="local")',
        'table.withColumn("prediction", predict(struct(*table.columns))).show()',
    ]
    imports = ("from pyspark.sql import SparkSession", "from pyspark.sql.functions import struct")
    return python_snippet("Score a Spark table", lines, (), imports)._replace(table=table)


def _schema(types: list[str]) -> list[str]:
    """The lines that set the schema of the table: without it Spark makes long of int32 and strings of nested values."""
    rows: list[str] = []
    for one in types:
        if rows and len(rows[-1]) + len(one) < LINE - 10:
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
