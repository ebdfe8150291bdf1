"""Every rule by which a registry is judged: its severity, what it means, and what to do about it."""

from typing import Literal, NamedTuple


class Rule(NamedTuple):
    """One rule. `title` names the finding, `hint` says what to do, `reason` says why it matters."""

    severity: Literal["error", "warning", "info"]
    title: str
    hint: str
    reason: str


RULES: dict[str, Rule] = {
    # --- reading files -------------------------------------------------------------------------------------
    "unreadable": Rule(
        "error",
        "A file cannot be read",
        "check its permissions and that it is an ordinary file",
        "Only ordinary files are opened: no pipes, devices or sockets, nothing that waits or runs.",
    ),
    "too-large": Rule(
        "warning",
        "A file is larger than a file of its kind may be",
        "keep large data out of metadata files",
        "Metadata is read whole into memory, so its size is bounded.",
    ),
    "encoding": Rule(
        "error",
        "A file is not UTF-8 text",
        "save it as UTF-8",
        "MLflow reads its files as UTF-8 and fails on anything else.",
    ),
    "lfs-pointer": Rule(
        "warning",
        "A file is a Git LFS pointer, not the content",
        "run `git lfs pull` before the build",
        "The repository was checked out without its large files.",
    ),
    "link": Rule(
        "info",
        "A symbolic link is not followed",
        "put the file itself into the registry",
        "Links may lead out of the registry or in circles; only links to files inside it are read.",
    ),
    "too-many-files": Rule(
        "warning",
        "A folder has more entries than are listed",
        "split the folder",
        "A listing is held in memory, so its length is bounded.",
    ),
    "too-many-values": Rule(
        "warning",
        "A version has more params, metrics, tags, datasets or packages than are listed",
        "log fewer, or put them into a file of the model",
        "A file of another kind under such a name would make pages of many megabytes.",
    ),
    "card-limit": Rule(
        "info",
        "A card or description is too long or too full of marks to be formatted",
        "shorten it, or put unmatched brackets and other marks into code blocks",
        "Formatting it would take longer than the rest of the site; it is shown as it is written.",
    ),
    "image-size": Rule(
        "warning",
        "An image has more pixels than a browser shows",
        "log it with fewer pixels",
        "Browsers refuse to decode it, some only after they took all memory, so it is never copied into the site.",
    ),
    # --- YAML and JSON -------------------------------------------------------------------------------------
    "yaml-syntax": Rule(
        "error", "A file is not valid YAML", "correct the YAML at this place", "MLflow cannot read the file either."
    ),
    "yaml-limit": Rule(
        "error",
        "A YAML file is nested or repeated beyond reason",
        "write the file without deep nesting and without aliases that multiply",
        "Such files exhaust memory or crash parsers; MLflow's loader would.",
    ),
    "yaml-duplicate-key": Rule(
        "warning",
        "A YAML mapping has the same key twice",
        "remove one of them: the last one counts",
        "YAML forbids it, and loaders silently keep the last value.",
    ),
    "yaml-tag": Rule(
        "warning",
        "A YAML value has a tag that is not read",
        "write a plain value",
        "Tags can ask a loader to build objects; MLflow refuses them, and nothing is built here.",
    ),
    "yaml-number": Rule(
        "warning",
        "A number is not read as it is written",
        "put the value in quotes",
        "An unquoted 1.10 is the number 1.1 to every YAML reader; a number of thousands of digits is refused.",
    ),
    "json-syntax": Rule(
        "error", "A file is not valid JSON", "correct the JSON at this place", "Nothing can be read from it."
    ),
    "json-duplicate-key": Rule(
        "warning",
        "A JSON object has the same key twice",
        "remove one of them: the last one counts",
        "JSON readers silently keep one of the values.",
    ),
    # --- MLmodel -------------------------------------------------------------------------------------------
    "mlmodel-empty": Rule(
        "error", "An MLmodel file is empty", "log the model again", "Without it nobody can say what the model is."
    ),
    "mlmodel-shape": Rule(
        "error",
        "An MLmodel file is not a mapping of fields",
        "log the model again; the file must hold `flavors:` and the other fields",
        "MLflow reads the file as fields by name.",
    ),
    "mlmodel-field": Rule(
        "warning",
        "A field of MLmodel does not have the type that MLflow writes",
        "log the model again, or correct the field",
        "Tools that trust the documented type fail on it.",
    ),
    "mlmodel-date": Rule(
        "warning",
        "utc_time_created is no date",
        "write it as 'YYYY-MM-DD HH:MM:SS.ffffff', in UTC",
        "Versions of unregistered models are ordered by it.",
    ),
    "mlmodel-flavors": Rule(
        "warning",
        "An MLmodel file names no flavor",
        "log the model with a flavor, so that a tool knows how to load it",
        "The flavor is what tells MLflow how to load a model.",
    ),
    "mlmodel-refused": Rule(
        "error",
        "MLflow does not load this MLmodel file",
        "correct the file at this place, or log the model again",
        "sitegen reads more than MLflow does, and what MLflow does not load nobody can call.",
    ),
    "merge-conflict": Rule(
        "error",
        "A file holds the marks of a merge conflict",
        "resolve the conflict, and remove the lines with <<<<<<<, ======= and >>>>>>>",
        "The file holds two versions at once, and nobody knows which one is meant.",
    ),
    "pyfunc-missing": Rule(
        "error",
        "A model does not have the python_function flavor",
        "log it with a flavor that brings python_function",
        "mlflow.pyfunc.load_model and MLflow's server load a model by this flavor, and by no other.",
    ),
    "mlmodel-missing": Rule(
        "error",
        "The files of a version are not here",
        "put the version's artifacts below the registry's folder",
        "MLflow stores absolute addresses; they rarely resolve on another machine, so files are looked up by run and "
        "model id below the registry's root.",
    ),
    "file-missing": Rule(
        "error",
        "A file that MLmodel names is not there",
        "log the model again, or restore the file",
        "All files that the flavors name are needed to load the model.",
    ),
    # --- signature -----------------------------------------------------------------------------------------
    "signature-json": Rule(
        "error",
        "A part of the signature is not valid JSON",
        "log the model again with infer_signature",
        "inputs, outputs and params are JSON texts inside the YAML file.",
    ),
    "signature-shape": Rule(
        "error",
        "A part of the signature cannot be understood",
        "log the model again with infer_signature",
        "Without it nobody knows what the model takes.",
    ),
    "signature-refused": Rule(
        "warning",
        "MLflow refuses this signature",
        "log the model again with a current MLflow",
        "sitegen shows what the file says, but MLflow cannot load the model.",
    ),
    "signature-missing": Rule(
        "info",
        "The model has no signature",
        "log it with signature=infer_signature(inputs, predictions)",
        "Nobody can see what goes in and comes out, and MLflow checks nothing before it predicts.",
    ),
    "signature-tensor": Rule(
        "info",
        "The signature takes one unnamed array",
        "log the model with named columns (a DataFrame, or ColSpec in a Schema) if callers send tables",
        "A caller sees one input column instead of the columns that the model needs, for example in the wizard that "
        "applies models in Microsoft Fabric.",
    ),
    # --- metrics, params, tags, model.yaml -----------------------------------------------------------------
    "metric-value": Rule(
        "warning", "A metric is not a number", "log a number", "It cannot be compared or drawn and is left out."
    ),
    "metric-infinite": Rule(
        "info",
        "A metric is NaN or infinite",
        "it is shown as it is and left out of rankings",
        "A run that diverged is worth knowing about.",
    ),
    "pairs-shape": Rule(
        "warning",
        "A file of metrics, params or tags is not made of keys and values",
        'write {"key": value} or the columns key,value',
        "What has no key cannot be shown.",
    ),
    "sidecar-field": Rule(
        "warning",
        "A field of model.yaml is not understood",
        "see the README for the fields of model.yaml",
        "A misspelt field would silently do nothing.",
    ),
    "alias-target": Rule(
        "warning",
        "An alias points at a version that is not here",
        "move the alias, or restore the version",
        "Callers that load the model by this alias fail.",
    ),
    # --- environment ---------------------------------------------------------------------------------------
    "requirement-syntax": Rule(
        "warning",
        "A requirement cannot be understood",
        "write one PEP 508 requirement a line",
        "pip would refuse the file.",
    ),
    "requirement-loose": Rule(
        "info",
        "A requirement has no fixed version",
        "pin it with == to the version that the model was trained with",
        "The model may be loaded with a library that cannot read it.",
    ),
    # --- stores --------------------------------------------------------------------------------------------
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
        "Two models would have the same address",
        "rename one of them",
        "The one nearest to the registry's root keeps the plain address.",
    ),
    # --- privacy -------------------------------------------------------------------------------------------
    "copy-withheld": Rule(
        "warning",
        "A file that [files] publish names is not published",
        "log it in a format that can be searched, without private texts, or open all of [privacy]",
        "Texts are published without what is private, and images without their metadata; other files are searched, and "
        "published as they are or not at all.",
    ),
    "secret": Rule(
        "warning",
        "A text looks like a password or token",
        "revoke it, and log the model without it",
        "It is replaced by [redacted] on every page, but it lies in the registry for all who can read it.",
    ),
}
