"""Rules about what a team wants of a model beyond readable files. Only `sitegen check` and the score apply them."""

from sitegen.domain.rules.rule import Rule

QUALITY_RULES: dict[str, Rule] = {
    # --- what people must know ------------------------------------------------------------------------------
    "card-missing": Rule(
        "info",
        "A model has no card",
        "put a README.md next to the MLmodel or into the model's folder, or write a description",
        "Nobody who finds the model can say what it is for.",
        points=10,
    ),
    "owner-missing": Rule(
        "info",
        "A model names no owner",
        "set the tag owner, or write `owner:` into model.yaml or into the front matter of the card",
        "Nobody knows whom to ask.",
        points=10,
    ),
    "licence-missing": Rule(
        "info",
        "A model states no licence",
        "set the tag license, or write `licence:` into model.yaml or `license:` into the front matter of the card",
        "Nobody knows whether they may use the model.",
        points=5,
    ),
    "use-missing": Rule(
        "info",
        "A model does not say what it is intended for",
        "give the card a heading Intended use, set the tag intended_use, or write `intended_use:` into model.yaml",
        "A model that was made for one case is used for another.",
        points=5,
    ),
    "metrics-missing": Rule(
        "info",
        "A version has no metrics",
        "log metrics with the run, or put a metrics.json next to the MLmodel",
        "Nobody can say whether it is better than another version.",
        points=10,
    ),
    # --- what callers meet ----------------------------------------------------------------------------------
    "example-fit": Rule(
        "warning",
        "The logged input example does not fit the signature",
        "log the model with an example that has all required inputs",
        "Readers copy the example, and MLflow refuses it.",
        points=5,
    ),
    "requirement-differs": Rule(
        "warning",
        "A version requires another release of a library than the one that wrote the model",
        "pin the release that wrote the model, or log the model again in the environment that it requires",
        "The library may refuse the model, or predict other values.",
        points=5,
    ),
    "metric-worse": Rule(
        "warning",
        "A metric is worse than that of the version that users call today",
        "find out why, or raise [metrics] tolerance",
        "Users get a worse model when the alias moves.",
    ),
    "environment-worse": Rule(
        "warning",
        "A package that the version users call today pins is not pinned any more",
        "pin it with == again",
        "What works today may not load tomorrow.",
    ),
    "version-stale": Rule(
        "info",
        "The newest version of a model is old",
        "train it again, or say in the card why it still holds",
        "The world that the model learned from changes. Depends on the day, so no page shows it.",
    ),
    # --- files ----------------------------------------------------------------------------------------------
    "pickle-imports": Rule(
        "warning",
        "A pickle imports modules that can run commands, open files or use the network",
        "look at the file before you load it, or log the model in a format without code, such as skops or ONNX",
        "Loading a pickle runs what it imports.",
        points=10,
    ),
    "file-huge": Rule(
        "info",
        "A logged file is very large",
        "log weights in a smaller format, or raise [check] huge_mib",
        "Everybody who loads the model waits for it.",
        points=2,
    ),
    "file-double": Rule(
        "info",
        "A version has the same large file twice",
        "log it once",
        "The copy costs space and time, and says nothing.",
        points=2,
    ),
    "private-path": Rule(
        "info",
        "A text names a path of somebody's machine",
        "write a path that others have, too, or none",
        "The site withholds it, so readers see [private path] in its place.",
    ),
    # --- the gate itself ------------------------------------------------------------------------------------
    "ignore-expired": Rule(
        "error",
        "An entry of [[check.ignore]] has expired",
        "fix what it ignored, or give it another day and reason",
        "What was put off until a day is due.",
    ),
}
