"""The table of flavors whose libraries load a model themselves: how each is loaded, called and logged.

A flavor that is not in the table is loaded as `python_function`.
"""

from typing import NamedTuple

from sitegen.domain.model import Flavor


class Native(NamedTuple):
    """A flavor of MLflow.

    `call` predicts with the loaded `model`; `{data}` stands for the data, and empty means that no call suits every
    model. `outputs` gives what the outputs of a signature are inferred from, for `{data}` again. `prepare` are lines
    before the call, `imports` those that it needs. `load` and `log` are MLflow's functions, `log_options` the flavor's
    keys that `log` takes as they stand in MLmodel. `removed`: MLflow of today lacks the flavor.
    """

    call: str = ""
    outputs: str = ""
    prepare: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    load: str = "load_model"
    log: str = "log_model"
    log_options: tuple[str, ...] = ()
    removed: bool = False


_PREDICT = "model.predict({data})"
_PLAIN = Native(call=_PREDICT, outputs=_PREDICT)
_LOAD_ONLY = Native()
_SERIALIZATION = ("serialization_format", "skops_trusted_types")
_ARRAYS = Native(call="model.predict(np.asarray({data}))", outputs="model.predict(np.asarray({data}))")
_TORCH = 'model(torch.as_tensor(np.asarray({data}, dtype="float32"))).detach().numpy()'

NATIVE: dict[str, Native] = {
    "sklearn": _PLAIN._replace(log_options=_SERIALIZATION),
    "xgboost": _PLAIN,
    "lightgbm": _PLAIN._replace(log_options=_SERIALIZATION),
    "catboost": _PLAIN,
    "statsmodels": _PLAIN,
    "prophet": _PLAIN,
    "tensorflow": _ARRAYS,
    "keras": _ARRAYS,
    "pytorch": Native(call=_TORCH, outputs=_TORCH, log_options=("serialization_format",)),
    "paddle": Native(call="model(np.asarray({data}))", outputs="model(np.asarray({data}))"),
    "onnx": _LOAD_ONLY,
    "spacy": _LOAD_ONLY,
    "fastai": Native(removed=True),
    "h2o": Native(call="model.predict(h2o.H2OFrame({data}))", prepare=("h2o.init()",)),
    "pmdarima": Native(call="model.predict(n_periods=10)"),
    "spark": Native(
        call="model.transform(spark.createDataFrame({data})).toPandas()",
        outputs='model.transform({data}).select("prediction")',
        prepare=("spark = SparkSession.builder.getOrCreate()",),
        imports=("from pyspark.sql import SparkSession",),
    ),
    "johnsnowlabs": _LOAD_ONLY,
    "shap": Native(
        call="model({data}).values", outputs="model({data}).values", load="load_explainer", log="log_explainer"
    ),
    "transformers": Native(outputs="mlflow.transformers.generate_signature_output(model, {data})"),
    "sentence_transformers": Native(outputs="model.encode({data})"),
    "langchain": _LOAD_ONLY,
    "llama_index": _LOAD_ONLY,
    "dspy": _LOAD_ONLY,
    "diviner": Native(removed=True),
}

BOOSTER = "model.predict(xgboost.DMatrix({data}))"
"""The call of an XGBoost model that was trained without the scikit-learn wrapper."""


def native_flavor(flavors: tuple[Flavor, ...]) -> tuple[Flavor, Native] | None:
    """The first flavor that the table has, with its row for this model; None where there is none."""
    for flavor in flavors:
        row = NATIVE.get(flavor.name)
        if row is None:
            continue
        if flavor.name == "xgboost" and "sklearn" not in str(flavor.keys.get("model_class")):
            row = row._replace(call=BOOSTER, outputs=BOOSTER)
        if flavor.name == "tensorflow" and flavor.keys.get("model_type") == "tf2-module":
            row = _LOAD_ONLY
        return flavor, row
    return None
