"""Python code that scores a Spark table in Microsoft Fabric with PREDICT: a transformer, Spark SQL, a function.

The calls and the flavors are those of Microsoft's documentation of PREDICT in Fabric.
"""

from sitegen.analysis.usage.cloud_names import place
from sitegen.analysis.usage.input_data import MAX_COLUMNS
from sitegen.analysis.usage.snippet import MAX_LINE_LENGTH, Snippet, indent, python_snippet, quote
from sitegen.domain.signature import Scalar, Signature

PREDICT_FLAVORS = frozenset(
    [
        "catboost",
        "keras",
        "lightgbm",
        "onnx",
        "prophet",
        "pytorch",
        "sklearn",
        "spark",
        "statsmodels",
        "tensorflow",
        "xgboost",
    ]
)
"""The flavors that PREDICT takes, by its documentation."""

_NEED = "table: a Spark table with these columns"


def fabric_code(signature: Signature) -> tuple[Snippet, ...]:
    """Score a table in three ways; empty where the inputs are no columns of single values, which PREDICT needs."""
    names = [column.name for column in signature.inputs or () if column.name is not None]
    scalars = all(isinstance(column.type, Scalar) for column in signature.inputs or ())
    if signature.kind != "columns" or not scalars or not 0 < len(names) == len(signature.inputs or ()) <= MAX_COLUMNS:
        return ()
    columns = f"columns = {_list(names)}"
    model = (
        "model = MLFlowTransformer(\n"
        '    inputCols=columns, outputCol="prediction",\n'
        f"    modelName={place('fabric_model')}, modelVersion={place('fabric_version')},\n"
        ")"
    )
    transformer = ("from synapse.ml.predict import MLFlowTransformer",)
    sql = [
        columns,
        f"model = {place('fabric_path')}",
        'names = ", ".join(f"`{column}`" for column in columns)',
        "statement = f\"SELECT *, PREDICT('{model}', {names}) AS prediction FROM __THIS__\"",
        "SQLTransformer().setStatement(statement).transform(table).show()",
    ]
    function = [
        columns,
        model,
        "predict = model.to_udf()",
        'table.withColumn("prediction", predict(*(col(f"`{column}`") for column in columns))).show()',
    ]
    snippets = (
        python_snippet("Transformer", [columns, model, "model.transform(table).show()"], [_NEED], transformer),
        python_snippet("Spark SQL", sql, [_NEED], ("from pyspark.ml.feature import SQLTransformer",)),
        python_snippet("Function", function, [_NEED], ("from pyspark.sql.functions import col", *transformer)),
    )
    return tuple(one._replace(table=columns) for one in snippets)


def _list(names: list[str]) -> str:
    """A list of texts as Python code, broken into lines."""
    lines = [""]
    for name in map(quote, names):
        if lines[-1] and len(lines[-1]) + len(name) + 6 > MAX_LINE_LENGTH:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else ''}{name},"
    if len(lines) == 1 and len(lines[0]) + 12 <= MAX_LINE_LENGTH:
        return f"[{lines[0][:-1]}]"
    return indent("\n".join(["[", *lines])) + "\n]"


def fabric_note(flavor: str) -> str:
    """What a reader must know about PREDICT and a version whose library is this flavor (empty: none is known)."""
    note = "Fabric loads models from its own registry: register the model there under this name and version."
    if flavor in PREDICT_FLAVORS:
        return note
    missing = f"the flavor {flavor}" if flavor else "python_function without another flavor"
    return f"{note} PREDICT's documentation does not list {missing}."
