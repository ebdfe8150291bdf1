"""Rules about params, outputs, and facts outside of the signature."""

from sitegen.domain.comparison import ChangeRule

OTHER_RULES: dict[str, ChangeRule] = {
    # --- params of a call --------------------------------------------------------------------------------------
    "params-unreadable": ChangeRule(
        title="The params of one side cannot be read",
        reason="what cannot be read cannot be compared",
        fix="log the model again with infer_signature",
        python="unknown",
        rest="unknown",
        harsher="where MLflow reads more than sitegen does, it accepts the calls that fit",
    ),
    "params-refused": ChangeRule(
        title="MLflow refuses the params of one side",
        reason="MLflow cannot load a model with this signature, so nothing can be compared",
        fix="log the model again with a current MLflow",
        python="unknown",
        rest="unknown",
        harsher="an older or newer MLflow than the one that was asked may load the model",
    ),
    "param-added": ChangeRule(
        title="A param was added",
        reason="calls without `{where}` get its default, {new}",
        python="safe",
        rest="safe",
    ),
    "param-removed": ChangeRule(
        title="A param was removed",
        reason="MLflow ignores `{where}` in calls that still carry it, with a warning in the log",
        fix="have callers leave `{where}` out",
        python="lossy",
        rest="lossy",
    ),
    "param-renamed": ChangeRule(
        title="A param was renamed",
        reason="MLflow ignores `{old}`, and `{new}` has its default",
        fix="keep the name `{old}`, or have callers send `{new}`",
        python="lossy",
        rest="lossy",
    ),
    "param-widened": ChangeRule(
        title="A param has another number type",
        reason="MLflow accepts {old} numbers for {new}",
        python="safe",
        rest="safe",
    ),
    "param-narrowed": ChangeRule(
        title="A param has a number type of fewer bits",
        reason="MLflow refuses numpy's {old} numbers for {new}, and accepts plain ones of Python and JSON",
        fix="keep {old}, or have callers send plain numbers: value.item()",
        python="breaking",
        rest="safe",
        forms=("numpy_params",),
    ),
    "param-retyped": ChangeRule(
        title="A param has another type",
        reason="MLflow refuses {old} values for {new}, all of them or those that do not happen to fit",
        fix="keep {old}, or have callers send {new}",
        python="breaking",
        rest="breaking",
        harsher="strings that look like a date are accepted for datetime, and over REST a datetime is a text",
    ),
    "param-list": ChangeRule(
        title="A param became a list, or is no longer one",
        reason="MLflow refuses {old} where it expects {new}",
        fix="have callers send {new}",
        python="breaking",
        rest="breaking",
    ),
    "param-default": ChangeRule(
        title="The default of a param changed",
        reason="calls that leave `{where}` out used {old} and now use {new}",
        fix="have callers send `{where}`",
        python="behaviour",
        rest="behaviour",
        harsher="MLflow does not compare defaults: it accepts the call, and the model gets the other value",
    ),
    # --- outputs: MLflow enforces none, so this is policy --------------------------------------------------------
    "outputs-unstated": ChangeRule(
        title="The outputs are not stated on both sides",
        reason="it is not known whether the predictions have the same form",
        fix="log the model with signature=infer_signature(inputs, predictions)",
        outputs="unknown",
    ),
    "outputs-unreadable": ChangeRule(
        title="The outputs of one side cannot be read",
        reason="what cannot be read cannot be compared",
        fix="log the model again with infer_signature",
        outputs="unknown",
    ),
    "outputs-refused": ChangeRule(
        title="MLflow refuses the outputs of one side",
        reason="MLflow cannot load a model with this signature, so nothing can be compared",
        fix="log the model again with a current MLflow",
        python="unknown",
        rest="unknown",
        outputs="unknown",
        harsher="an older or newer MLflow than the one that was asked may load the model",
    ),
    "outputs-kind": ChangeRule(
        title="The outputs are of another kind",
        reason="the output changed from {old} to {new}; code that reads it must change",
        fix="return what the old version returned, or update the code that reads the output",
        outputs="breaking",
    ),
    "output-added": ChangeRule(
        title="An output was added",
        reason="code that reads outputs by name is not affected; code that reads them by position or count may be",
        outputs="behaviour",
    ),
    "output-removed": ChangeRule(
        title="An output was removed",
        reason="code that reads `{where}` no longer finds it",
        fix="keep `{where}`",
        outputs="breaking",
    ),
    "output-renamed": ChangeRule(
        title="An output was renamed",
        reason="code that reads `{old}` no longer finds it",
        fix="keep the name `{old}`",
        outputs="breaking",
    ),
    "output-retyped": ChangeRule(
        title="An output has another type",
        reason="readers of {old} get {new}",
        fix="cast to {old} inside the model, or have readers expect {new}",
        outputs="breaking",
    ),
    "output-reshaped": ChangeRule(
        title="An output has another shape",
        reason="readers of arrays of shape {old} get {new}",
        fix="reshape inside the model, or have readers expect {new}",
        outputs="breaking",
    ),
    "output-optional": ChangeRule(
        title="An output is now optional",
        reason="code that reads `{where}` expects it always",
        fix="always return `{where}`",
        outputs="breaking",
    ),
    "output-required": ChangeRule(
        title="An output is now always present",
        reason="code that works without `{where}` works with it",
        outputs="safe",
    ),
    "outputs-reordered": ChangeRule(
        title="The outputs have another order",
        reason="code that reads outputs by position gets other ones",
        fix="keep the order, or have readers use the names",
        outputs="behaviour",
    ),
    # --- outside the signature -----------------------------------------------------------------------------------
    "flavor-added": ChangeRule(
        title="A flavor was added",
        reason="the model can now also be loaded as {new}",
        others="safe",
    ),
    "flavor-removed": ChangeRule(
        title="A flavor was removed",
        reason="code that loads the model as {old} fails",
        fix="log the model with this flavor too, or load it as python_function",
        others="breaking",
    ),
    "flavor-changed": ChangeRule(
        title="A fact about a flavor changed",
        reason="another library version or loader may answer the same call differently",
        others="behaviour",
    ),
    "python-changed": ChangeRule(
        title="The Python version changed",
        reason="the environment must be built anew, and a pickled model may not load in the old one",
        others="behaviour",
    ),
    "requirement-changed": ChangeRule(
        title="A requirement changed",
        reason="the environment must be built anew, and another `{where}` may answer the same call differently",
        others="behaviour",
    ),
    "file-changed": ChangeRule(
        title="A logged file changed",
        reason="the content of `{where}` is not the same",
        others="behaviour",
    ),
    "tag-changed": ChangeRule(
        title="A tag changed",
        reason="tags describe a version and do not touch calls",
        others="safe",
    ),
    "alias-moved": ChangeRule(
        title="An alias is not on both versions",
        reason="callers that load the model as @{where} get the version that carries the alias",
        others="behaviour",
    ),
    "hyperparameter-changed": ChangeRule(
        title="A param of the run changed",
        reason="the model was trained with other values",
        others="behaviour",
    ),
    "metric-changed": ChangeRule(
        title="A metric changed",
        reason="metrics tell how good a version is and do not touch calls",
        others="safe",
    ),
}
