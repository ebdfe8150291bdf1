"""`RandomForestRegressionModel`: the example by which Microsoft Fabric explains tags, and a larger forest."""

import mlflow
from mlflow.models import infer_signature
from sklearn.datasets import make_regression
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import RepeatedKFold, cross_validate

from making import plots
from making.runs import SKLEARN, create, log_curve, log_json, log_metrics, log_sklearn, register

NAME = "RandomForestRegressionModel"
MODEL_TAGS = {
    "project_name": "grocery-forecasting",
    "store_dept": "produce",
    "team": "stores-ml",
    "project_quarter": "Q3-2023",
}


def train() -> None:
    """Registers the model with its two versions."""
    about = "Random forest on generated numbers: the example by which Microsoft Fabric explains tags of versions."
    create(NAME, about, "stores-ml", "CC0-1.0", task="regression")
    mlflow.set_experiment("grocery-forecasting")
    X, y = make_regression(n_features=4, n_informative=2, random_state=0, shuffle=False)
    with mlflow.start_run(run_name="three-trees"):
        rmse, r2 = errors(3, X, y)
        log_metrics(cv_rmse=rmse, cv_r2=r2)
        log_forest(3, X, y, "The example as it is in the documentation: three trees.", MODEL_TAGS)
    with mlflow.start_run(run_name="thirty-trees"):
        rmse, r2 = zip(*(errors(trees, X, y) for trees in range(1, 31)), strict=True)
        log_curve("cv_rmse", rmse)
        log_curve("cv_r2", r2)
        plots.curves({"cross-validated": rmse}, "trees", "cv_rmse", "plots/error_by_trees.png")
        text = "Thirty trees; the metrics have one value per number of trees."
        log_forest(30, X, y, text, {**MODEL_TAGS, "project_quarter": "Q4-2023"})


def errors(trees: int, X, y) -> tuple[float, float]:
    """Root mean squared error and R2, by cross-validation."""
    folds = RepeatedKFold(n_splits=5, n_repeats=2, random_state=1)
    scores = cross_validate(
        RandomForestRegressor(trees, random_state=42), X, y, cv=folds, scoring=("neg_root_mean_squared_error", "r2")
    )
    return -scores["test_neg_root_mean_squared_error"].mean(), scores["test_r2"].mean()


def log_forest(trees: int, X, y, text: str, tags: dict[str, str]) -> None:
    """Trains on all rows, logs and registers with tags, as the documentation does."""
    params = {"n_estimators": trees, "random_state": 42}
    model = RandomForestRegressor(**params).fit(X, y)
    mlflow.log_params(params)
    log_json([round(float(share), 4) for share in model.feature_importances_], "feature_importances.json")
    info = log_sklearn(model, "sklearn-model", SKLEARN, signature=infer_signature(X, model.predict(X)))
    register(info.model_uri, NAME, text, tags)
