"""Rules about the files of a model: MLmodel, its signature, the files next to it, its environment."""

from sitegen.domain.rules.rule import Rule

MODEL_RULES: dict[str, Rule] = {
    # --- MLmodel --------------------------------------------------------------------------------------------
    "mlmodel-empty": Rule(
        "error",
        "An MLmodel file is empty",
        "log the model again",
        "Without it nothing is known about the model.",
        points=30,
    ),
    "mlmodel-shape": Rule(
        "error",
        "An MLmodel file is not a mapping of fields",
        "log the model again; the file must hold `flavors:` and the other fields",
        "MLflow reads the file as fields by name.",
        points=30,
    ),
    "mlmodel-field": Rule(
        "warning",
        "A field of MLmodel does not have the type that MLflow writes",
        "log the model again, or correct the field",
        "Tools that trust the documented type fail on it.",
        points=5,
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
        points=20,
    ),
    "mlmodel-refused": Rule(
        "error",
        "MLflow does not load this MLmodel file",
        "correct the file at this place, or log the model again",
        "sitegen reads more than MLflow does, and a model that MLflow does not load cannot be called.",
        points=30,
    ),
    "merge-conflict": Rule(
        "error",
        "A file holds the marks of a merge conflict",
        "resolve the conflict, and remove the lines with <<<<<<<, ======= and >>>>>>>",
        "The file holds two versions at once, and it is not known which one is meant.",
        points=30,
    ),
    "pyfunc-missing": Rule(
        "error",
        "A model does not have the python_function flavor",
        "log it with a flavor that brings python_function",
        "mlflow.pyfunc.load_model and MLflow's server load a model by this flavor, and by no other.",
        points=10,
    ),
    "mlmodel-missing": Rule(
        "error",
        "The files of a version are missing",
        "put the version's artifacts below the registry's folder",
        "MLflow stores absolute addresses; they rarely resolve on another machine, so files are looked up by run and "
        "model id below the registry's root.",
        points=30,
    ),
    "file-missing": Rule(
        "error",
        "A file that MLmodel names is missing",
        "log the model again, or restore the file",
        "All files that the flavors name are needed to load the model.",
        points=20,
    ),
    "version-name": Rule(
        "info",
        "The name of a folder is not quite that of a version",
        "call the folder 1, v2, 1.2.0 or, for a pre-release, 1.2.0-rc1",
        "It is shown as a logged model of its own, since only folders with such names are versions of the model around "
        "them.",
    ),
    # --- signature ------------------------------------------------------------------------------------------
    "signature-json": Rule(
        "error",
        "A part of the signature is not valid JSON",
        "log the model again with infer_signature",
        "inputs, outputs and params are JSON texts inside the YAML file.",
        points=20,
    ),
    "signature-shape": Rule(
        "error",
        "A part of the signature cannot be understood",
        "log the model again with infer_signature",
        "Without it callers do not know which inputs the model takes.",
        points=20,
    ),
    "signature-refused": Rule(
        "warning",
        "MLflow refuses this signature",
        "log the model again with a current MLflow",
        "sitegen shows what the file says, but MLflow cannot load the model.",
        points=20,
    ),
    "signature-missing": Rule(
        "info",
        "The model has no signature",
        "log it with signature=infer_signature(inputs, predictions)",
        "Nobody can see what goes in and comes out, and MLflow checks nothing before it predicts.",
        points=20,
    ),
    "signature-tensor": Rule(
        "info",
        "The signature takes one unnamed array",
        "log the model with named columns (a DataFrame, or ColSpec in a Schema) if callers send tables",
        "A caller sees one input column instead of the columns that the model needs, for example in the wizard that "
        "applies models in Microsoft Fabric.",
        points=5,
    ),
    # --- metrics, params, tags, model.yaml ------------------------------------------------------------------
    "metric-value": Rule(
        "warning",
        "A metric is not a number",
        "log a number",
        "It cannot be compared or drawn and is left out.",
        points=5,
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
    "model-copy": Rule(
        "info",
        "A folder is a copy of a model that a store knows",
        "nothing; delete the copy if nobody uses it",
        "It has the same model id or model_uuid: run, metrics and params of that model are shown for the copy, too.",
    ),
    "copy-differs": Rule(
        "info",
        "A copy states another value than the model that it is a copy of",
        "correct the one that is wrong",
        "The files of the copy are shown.",
    ),
    "alias-target": Rule(
        "warning",
        "An alias points at a version that is not here",
        "move the alias, or restore the version",
        "Callers that load the model by this alias fail.",
        points=10,
    ),
    # --- environment ----------------------------------------------------------------------------------------
    "environment-missing": Rule(
        "warning",
        "A file that describes the environment is missing",
        "restore the file, or log the model again",
        "MLflow loads the model without it, but cannot recreate the environment that the model was trained in.",
        points=10,
    ),
    "requirement-syntax": Rule(
        "warning",
        "A requirement cannot be understood",
        "write one requirement a line, in the format of pip's requirements files",
        "pip would refuse the file.",
        points=5,
    ),
    "requirement-loose": Rule(
        "info",
        "A requirement has no fixed version",
        "pin it with == to the version that the model was trained with",
        "The model may be loaded with a library that cannot read it.",
        points=5,
    ),
}
