"""Rules about file stores, databases and tracking servers."""

from sitegen.domain.rules.rule import Rule

STORE_RULES: dict[str, Rule] = {
    "meta-shape": Rule(
        "warning",
        "A file of the store does not say what MLflow writes there",
        "restore the file",
        "Names, times and links of runs and versions come from these files.",
    ),
    "meta-incomplete": Rule(
        "error",
        "A meta.yaml is empty or only partly written",
        "restore the file, or write it again with MLflow",
        "MLflow empties the file while it writes it anew, and a crash leaves it so; what stands beside the file is "
        "still read: https://github.com/mlflow/mlflow/issues/6339.",
    ),
    "meta-missing": Rule(
        "warning",
        "The folder of a run has no meta.yaml",
        "restore the file; MLflow does not list the run without it",
        "Metrics, params and tags are files of their own and are read all the same; times and status are not known.",
    ),
    "database": Rule(
        "error",
        "A database cannot be read",
        "close the program that writes it, or restore it; MLflow must be able to open it",
        "Nothing that it alone knows is shown: registered models, runs, metrics.",
    ),
    "database-foreign": Rule(
        "info",
        "A database is not MLflow's",
        "nothing, unless models were expected in it",
        "MLflow's databases have the tables experiments and runs, or registered_models and model_versions.",
    ),
    "server": Rule(
        "error",
        "A tracking server does not give an item",
        "build again; what was fetched is kept, and the server's log says what is wrong",
        "The rest of the site is right; of this item what an earlier build fetched is shown, or nothing.",
    ),
    "run-missing": Rule(
        "info",
        "The run of a version is not here",
        "keep the run, or log metrics with the model",
        "Metrics and params belong to the run that logged the model.",
    ),
    "dataset-missing": Rule(
        "info",
        "A dataset that a run used is not here",
        "keep the folder datasets/ beside the runs of an experiment",
        "A run only names its datasets; what they are lies beside it, where the runs of an experiment share them.",
    ),
    "same-name": Rule(
        "info",
        "Two models would have the same URL",
        "rename one of them",
        "The one nearest to the registry's root keeps the plain address.",
    ),
}
