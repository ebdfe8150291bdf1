"""`heart-disease-classifier`: a first contract, a better model behind it, and a model that breaks it."""

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types.schema import ColSpec, Schema
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    classification_report,
    confusion_matrix,
    f1_score,
    log_loss,
    recall_score,
    roc_auc_score,
)
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from making import plots
from making.runs import create, log_json, log_metrics, log_sklearn, log_table, register, set_aliases

NAME = "heart-disease-classifier"
TAGS = {"data": "synthetic", "data_seed": "20"}
CLASSES = ["healthy", "disease"]


def train() -> None:
    """Registers the model with its three versions."""
    about = "Presence of heart disease from 13 clinical measurements. Synthetic data: an example, not for patients."
    create(NAME, about, "health-ml", "CC0-1.0", task="classification", project_name="heart")
    mlflow.set_experiment("heart-disease")
    everything, target = patients()
    rows = everything.drop(columns="exact_age")
    exact = everything.drop(columns=["age", "fbs"]).rename(columns={"exact_age": "age", "thalach": "max_heart_rate"})
    logistic_baseline(rows, target)
    boosted_trees(rows, target)
    exact_age(exact, target)
    set_aliases(NAME, champion="2", challenger="3")


def patients(count: int = 1000) -> tuple[pd.DataFrame, pd.Series]:
    """Made-up patients with the column names of the UCI heart disease data; `exact_age` has decimals.

    The chance of disease has thresholds and interactions, so that trees can learn more than a linear model.
    """
    dice = np.random.default_rng(20)
    age = np.clip(dice.normal(54.4, 9, count), 29, 77)
    rows = pd.DataFrame({"exact_age": age.round(1), "age": age.astype("int64")})
    rows["sex"] = (dice.random(count) < 0.68).astype("int64")
    rows["cp"] = dice.choice(4, count, p=[0.47, 0.17, 0.28, 0.08])
    rows["trestbps"] = np.clip(dice.normal(131 + 0.35 * (age - 54), 16), 94, 200).round().astype("int64")
    rows["chol"] = np.clip(dice.normal(246, 50, count), 126, 564).round().astype("int64")
    rows["fbs"] = (dice.random(count) < 0.15).astype("int64")
    rows["restecg"] = dice.choice(3, count, p=[0.5, 0.48, 0.02])
    rows["thalach"] = np.clip(dice.normal(150 - 0.9 * (age - 54), 20), 71, 202).round().astype("int64")
    rows["exang"] = (dice.random(count) < np.where(rows.cp == 0, 0.5, 0.14)).astype("int64")
    rows["oldpeak"] = np.clip(dice.gamma(0.9, 1.15, count), 0, 6.2).round(1)
    rows["slope"] = dice.choice(3, count, p=[0.07, 0.46, 0.47])
    rows["ca"] = dice.choice(4, count, p=[0.58, 0.22, 0.13, 0.07])
    rows["thal"] = dice.choice(["normal", "fixed", "reversible"], count, p=[0.55, 0.06, 0.39])
    risk = -2.6 + 1.7 * ((age > 55) & (rows.thalach < 145)) + 1.3 * (rows.ca > 0) + 0.5 * rows.ca
    risk += 1.5 * (rows.thal == "reversible") * rows.sex + 1.4 * (rows.oldpeak > 1.6)
    risk += 1.1 * (rows.cp == 0) * (1 + 0.8 * rows.exang) + 0.9 * ((rows.chol > 285) & (rows.trestbps > 130))
    risk -= 1.0 * ((age < 50) & (rows.thalach > 160))
    chance = 1 / (1 + np.exp(-2 * risk))
    return rows, pd.Series((dice.random(count) < chance).astype("int64"), name="target")


def signature(rows: pd.DataFrame) -> ModelSignature:
    """One input per column, and the output `target`."""
    kinds = {"int64": "long", "float64": "double"}
    columns = [ColSpec(kinds.get(str(dtype), "string"), name) for name, dtype in rows.dtypes.items()]
    return ModelSignature(inputs=Schema(columns), outputs=Schema([ColSpec("long", "target")]))


def split(rows, target):
    """750 rows to train and 250 to evaluate; the same for every version."""
    return train_test_split(rows, target, test_size=0.25, random_state=42, stratify=target)


def evaluated(classifier, rows, target):
    """The fitted pipeline; how it does on the held-out rows is logged as metrics and as tables."""
    known, new, y_known, y_new = split(rows, target)
    encode = ColumnTransformer([("categories", OneHotEncoder(), ["cp", "thal"])], remainder=StandardScaler())
    pipeline = make_pipeline(encode, classifier).fit(known, y_known)
    predicted, chance = pipeline.predict(new), pipeline.predict_proba(new)[:, 1]
    log_metrics(
        accuracy=accuracy_score(y_new, predicted),
        roc_auc=roc_auc_score(y_new, chance),
        f1=f1_score(y_new, predicted),
        recall=recall_score(y_new, predicted),
        log_loss=log_loss(y_new, chance),
        brier=brier_score_loss(y_new, chance),
    )
    counts = pd.DataFrame(confusion_matrix(y_new, predicted), index=CLASSES, columns=CLASSES)
    log_table(counts, "confusion_matrix.csv", index_label="actual")
    log_json(classification_report(y_new, predicted, target_names=CLASSES, output_dict=True), "report.json")
    return pipeline


def log_pictures(pipeline, rows, target) -> None:
    """The ROC curve and the confusion matrix as pictures, and how much each feature matters as a table."""
    _, new, _, y_new = split(rows, target)
    plots.roc(y_new, pipeline.predict_proba(new)[:, 1], "plots/roc_curve.png")
    plots.confusion(confusion_matrix(y_new, pipeline.predict(new)), CLASSES, "plots/confusion_matrix.png")
    drop = permutation_importance(pipeline, new, y_new, n_repeats=10, random_state=0).importances_mean
    ranked = pd.DataFrame({"accuracy_drop": drop.round(4)}, index=rows.columns)
    ranked = ranked.sort_values("accuracy_drop", ascending=False, kind="stable")
    log_table(ranked, "feature_importances.csv", index_label="feature")


def logistic_baseline(rows, target) -> None:
    """Version 1: the 13 columns."""
    with mlflow.start_run(run_name="logistic-baseline", tags=TAGS):
        mlflow.log_params({"model": "LogisticRegression", "C": 1.0, "max_iter": 1000})
        pipeline = evaluated(LogisticRegression(max_iter=1000), rows, target)
        info = log_sklearn(pipeline, "pipeline", signature=signature(rows), input_example=rows.head(2))
        register(info.model_uri, NAME, "Logistic regression: the first version with the 13 columns.")


def boosted_trees(rows, target) -> None:
    """Version 2: a better model behind the same contract."""
    settings = {"n_estimators": 60, "max_depth": 2, "learning_rate": 0.15, "random_state": 0}
    metadata = {"decision_threshold": 0.5, "rows": {"train": 750, "held_out": 250}}
    with mlflow.start_run(run_name="boosted-trees", tags=TAGS):
        mlflow.log_params({"model": "GradientBoostingClassifier", **settings})
        pipeline = evaluated(GradientBoostingClassifier(**settings), rows, target)
        log_pictures(pipeline, rows, target)
        details = {"signature": signature(rows), "input_example": rows.head(2), "metadata": metadata}
        info = log_sklearn(pipeline, "pipeline", **details)
        register(info.model_uri, NAME, "Boosted trees behind the same contract.", {"validation": "passed"})


def exact_age(rows, target) -> None:
    """Version 3: ranks patients better still, but callers must change what they send."""
    settings = {"n_estimators": 120, "max_depth": 2, "learning_rate": 0.1, "subsample": 0.6, "random_state": 0}
    with mlflow.start_run(run_name="exact-age", tags=TAGS):
        mlflow.log_params({"model": "GradientBoostingClassifier", **settings})
        pipeline = evaluated(GradientBoostingClassifier(**settings), rows, target)
        log_pictures(pipeline, rows, target)
        info = log_sklearn(pipeline, "pipeline", signature=signature(rows), input_example=rows.head(2))
        change = "Breaks callers: `age` has decimals, `thalach` is now `max_heart_rate`; `fbs` is no longer used."
        register(info.model_uri, NAME, change, {"validation": "passed", "needs": "new callers"})
