"""Two models that are less well kept: `legacy-no-signature`, and one that nobody registered."""

import shutil
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import Model, ModelSignature
from mlflow.types.schema import ColSpec, Schema, TensorSpec
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from making import plots
from making.runs import keep_fields, log_folder, log_metrics, log_sklearn, register

LEGACY = "legacy-no-signature"
LOOSE = ["mlflow", "scikit-learn"]


def train_legacy() -> None:
    """Registers two versions that say too little: no signature, no card, requirements that any release meets."""
    mlflow.MlflowClient().create_registered_model(LEGACY)
    mlflow.set_experiment("wine")
    X, y = load_wine(return_X_y=True)
    with mlflow.start_run(run_name="tree") as run:
        tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(X, y)
        register(as_mlflow_1(tree, run.info.run_id), LEGACY)
    with mlflow.start_run(run_name="logistic"):
        mlflow.log_param("C", 0.5)
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5))
        log_metrics(cv_accuracy=cross_val_score(model, X, y, cv=5).mean())
        skops = {"serialization_format": "skops", "pip_requirements": [*LOOSE, "skops"]}
        register(log_sklearn(model.fit(X, y), "model", **skops).model_uri, LEGACY)
    for version, stage in (("1", "Archived"), ("2", "Production")):
        mlflow.MlflowClient().transition_model_version_stage(LEGACY, version, stage)


def as_mlflow_1(model, run_id: str) -> str:
    """Logs a model with the files and fields of MLflow 1.0, which later versions still load; its URI."""
    folder = Path("legacy")
    details = {"serialization_format": "cloudpickle", "pip_requirements": LOOSE}
    mlflow.sklearn.save_model(model, folder, mlflow_model=Model(artifact_path="model", run_id=run_id), **details)
    keep_fields(folder / "MLmodel", "artifact_path", "flavors", "run_id", "utc_time_created")
    for later in ("python_env.yaml", "requirements.txt"):
        (folder / later).unlink()
    uri = log_folder(folder, "model")
    shutil.rmtree(folder)
    return uri


def customers(count: int = 600) -> tuple[pd.DataFrame, np.ndarray]:
    """Made-up customers, and whether they left."""
    dice = np.random.default_rng(3)
    rows = pd.DataFrame(
        {
            "tenure_months": dice.integers(0, 72, count, dtype="int32"),
            "support_calls": dice.poisson(1.4, count),
            "monthly_charge": dice.uniform(15, 110, count).round(2).astype("float32"),
            "has_contract": dice.random(count) < 0.55,
            "plan": dice.choice(["basic", "family", "premium"], count),
        }
    )
    risk = -0.035 * rows.tenure_months + 0.45 * rows.support_calls + 0.012 * rows.monthly_charge - rows.has_contract
    return rows, (dice.random(count) < 1 / (1 + np.exp(0.6 - risk))).astype("int64")


def train_loose() -> None:
    """Logs a model without registering it; it returns chances instead of classes."""
    rows, left = customers()
    known, new, y_known, y_new = train_test_split(rows, left, test_size=0.25, random_state=42)
    kinds = {"int32": "integer", "int64": "long", "float32": "float", "bool": "boolean"}
    columns = [ColSpec(kinds.get(str(dtype), "string"), name) for name, dtype in rows.dtypes.items()]
    chances = Schema([TensorSpec(np.dtype("float64"), (-1, 2))])
    signature = ModelSignature(inputs=Schema(columns), outputs=chances)
    mlflow.set_experiment("churn")
    with mlflow.start_run(run_name="churn-baseline", tags={"data": "synthetic", "team": "stores-ml"}):
        mlflow.log_params({"model": "LogisticRegression", "C": 1.0})
        encode = ColumnTransformer([("plan", OneHotEncoder(), ["plan"])], remainder=StandardScaler())
        model = make_pipeline(encode, LogisticRegression()).fit(known, y_known)
        chance = model.predict_proba(new)[:, 1]
        log_metrics(roc_auc=roc_auc_score(y_new, chance), log_loss=log_loss(y_new, chance))
        names = (name.split("__")[1] for name in model[0].get_feature_names_out())
        plots.bars(dict(zip(names, model[-1].coef_[0], strict=True)), "weight", "plots/weights.png")
        details = {"signature": signature, "input_example": rows.head(2), "pyfunc_predict_fn": "predict_proba"}
        log_sklearn(model, "churn-baseline", **details)
