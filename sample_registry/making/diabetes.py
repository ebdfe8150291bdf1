"""`diabetes-regression`: an array, then named columns, then better, then an optional column and training curves."""

import functools

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature, infer_signature
from mlflow.types.schema import ColSpec, Schema
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor, VotingRegressor
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.model_selection import RepeatedKFold, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor, export_text

from making import plots
from making.runs import SKLEARN, create, log_curve, log_json, log_metrics, log_sklearn, register, set_aliases

NAME = "diabetes-regression"
WHOLE = ("AGE", "SEX", "S1", "S6")
TEN = ("AGE", "SEX", "BMI", "BP", "S1", "S2", "S3", "S4", "S5", "S6")
TEN_COLUMNS = [ColSpec("integer" if name in WHOLE else "double", name) for name in TEN]
ONE_INTEGER = Schema([ColSpec("integer")])
BY_COLUMNS = ModelSignature(inputs=Schema(TEN_COLUMNS), outputs=ONE_INTEGER)
TAGS = {"data": "sklearn.load_diabetes"}


def train() -> None:
    """Registers the model with its four versions."""
    about = "Disease progression one year after baseline, from ten measurements taken at baseline."
    create(NAME, about, "health-ml", "BSD-3-Clause", task="regression", project_name="diabetes")
    mlflow.set_experiment("diabetes")
    rows, progression = measurements()
    linear_on_arrays(rows, progression)
    tree_with_columns(rows, progression)
    ridge_and_boosting(rows, progression)
    boosting_with_record(rows, progression)
    set_aliases(NAME, champion="3", challenger="4")


def measurements() -> tuple[pd.DataFrame, pd.Series]:
    """The data in its own units; columns that hold only whole numbers are integers."""
    rows, progression = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    rows.columns = [name.upper() for name in rows]
    return rows.astype(dict.fromkeys(WHOLE, "int32")), progression


def split(rows, progression):
    """Three quarters to train, one to evaluate; the same rows for every version."""
    return train_test_split(rows, progression, test_size=0.25, random_state=42)


def in_whole_points(model) -> TransformedTargetRegressor:
    """The model, predicting integers: it learns y + 0.5, and its predictions are cut, which rounds them.

    Made of numpy's functions alone, so that the pickle needs no code of ours to be loaded.
    """
    half_up, cut = functools.partial(np.add, 0.5), functools.partial(np.asarray, dtype=np.int32)
    return TransformedTargetRegressor(model, func=half_up, inverse_func=cut)


def evaluated(model, rows, progression):
    """The model fitted on the training rows; its errors on the held-out rows are logged, and those of folds."""
    folds = RepeatedKFold(n_splits=5, n_repeats=4, random_state=1)
    errors = -cross_val_score(model, rows, progression, cv=folds, scoring="neg_root_mean_squared_error")
    known, new, y_known, y_new = split(rows, progression)
    predicted = model.fit(known, y_known).predict(new)
    log_metrics(
        rmse=root_mean_squared_error(y_new, predicted),
        mae=mean_absolute_error(y_new, predicted),
        r2=r2_score(y_new, predicted),
        cv_rmse=errors.mean(),
    )
    return model


def linear_on_arrays(rows, progression) -> None:
    """Version 1: the signature of a model that was trained on an array says nothing about columns."""
    array = rows.to_numpy(dtype="float64")
    with mlflow.start_run(run_name="linear-on-arrays", tags=TAGS):
        mlflow.log_params({"model": "LinearRegression", "fit_intercept": True})
        model = evaluated(LinearRegression(), array, progression)
        signature = infer_signature(array, model.predict(array))
        info = log_sklearn(model, "model", SKLEARN, signature=signature, input_example=array[:2])
        register(info.model_uri, NAME, "Baseline. Takes one array of ten numbers: callers must know their order.")


def tree_with_columns(rows, progression) -> None:
    """Version 2: the signature is written by hand, column by column, which makes it a decision."""
    with mlflow.start_run(run_name="tree-with-columns", tags=TAGS):
        mlflow.log_params({"model": "DecisionTreeRegressor", "max_depth": 5, "random_state": 0})
        model = evaluated(in_whole_points(DecisionTreeRegressor(max_depth=5, random_state=0)), rows, progression)
        mlflow.log_text(export_text(model.regressor_, feature_names=TEN, decimals=1), "tree.txt")
        info = log_sklearn(model, "model", signature=BY_COLUMNS, input_example=rows.head(3))
        register(info.model_uri, NAME, "Named columns instead of an array. The tree is easy to read, and less exact.")


def ridge_and_boosting(rows, progression) -> None:
    """Version 3: a better model behind the contract of version 2."""
    boosting = {"n_estimators": 80, "max_depth": 2, "learning_rate": 0.06, "subsample": 0.5, "min_samples_leaf": 8}
    ridge = make_pipeline(StandardScaler(), Ridge(alpha=10.0))
    trees = GradientBoostingRegressor(**boosting, random_state=0)
    with mlflow.start_run(run_name="ridge-and-boosting", tags=TAGS):
        mlflow.log_params({"model": "VotingRegressor", "ridge.alpha": 10.0, **boosting, "random_state": 0})
        model = in_whole_points(VotingRegressor([("ridge", ridge), ("boosting", trees)]))
        model = evaluated(model, rows, progression)
        _, new, _, y_new = split(rows, progression)
        plots.scatter(y_new, model.predict(new), "progression", "plots/predicted_vs_measured.png")
        loss = permutation_importance(model, new, y_new, n_repeats=10, random_state=0).importances_mean
        log_json(dict(sorted(zip(TEN, loss, strict=True), key=lambda pair: -pair[1])), "permutation_importance.json")
        info = log_sklearn(model, "model", signature=BY_COLUMNS, input_example=rows.head(3))
        tags = {"validation": "passed"}
        register(info.model_uri, NAME, "Mean of a ridge regression and boosted trees; columns as in version 2.", tags)


def boosting_with_record(rows, progression) -> None:
    """Version 4: callers may send the number of the patient's record along; the run has training curves."""
    rows = rows.assign(RECORD=[f"R{number:04d}" for number in range(len(rows))])
    settings = {"n_estimators": 120, "max_depth": 2, "learning_rate": 0.05, "subsample": 0.5, "min_samples_leaf": 8}
    with mlflow.start_run(run_name="boosting-with-record", tags=TAGS):
        mlflow.log_params({"model": "GradientBoostingRegressor", **settings, "random_state": 0})
        columns = ColumnTransformer([("measurements", "passthrough", list(TEN))], remainder="drop")
        pipeline = make_pipeline(columns, GradientBoostingRegressor(**settings, random_state=0))
        model = evaluated(in_whole_points(pipeline), rows, progression)
        known, new, y_known, y_new = split(rows, progression)
        lines = {"train": errors_by_trees(model, known, y_known), "held out": errors_by_trees(model, new, y_new)}
        log_curve("train/rmse", lines["train"])
        log_curve("held_out/rmse", lines["held out"])
        plots.curves(lines, "trees", "rmse", "plots/training_curve.png")
        record = ColSpec("string", "RECORD", required=False)
        signature = ModelSignature(inputs=Schema([*TEN_COLUMNS, record]), outputs=ONE_INTEGER)
        info = log_sklearn(model, "model", signature=signature, input_example=rows.head(3))
        text = "Challenger: boosted trees alone. RECORD may be sent along and is ignored."
        register(info.model_uri, NAME, text, {"validation": "running"})


def errors_by_trees(model: TransformedTargetRegressor, rows, progression) -> list[float]:
    """The error with the first tree, with the first two, and so on."""
    columns, trees = model.regressor_
    stages = trees.staged_predict(columns.transform(rows))
    return [root_mean_squared_error(progression, np.floor(stage)) for stage in stages]
