"""Rules about the types of inputs, nested ones included."""

from sitegen.domain.comparison import ChangeRule

TYPE_RULES: dict[str, ChangeRule] = {
    "type-widened": ChangeRule(
        title="A type was widened",
        reason="every {old} is a {new}",
        python="safe",
        rest="safe",
    ),
    "type-cast": ChangeRule(
        title="A type changed, and only the scoring server casts to it",
        reason="MLflow refuses {old} values for {new} from Python callers; over REST it casts them",
        fix="have Python callers cast `{where}` to {new}, or keep {old}",
        python="breaking",
        rest="safe",
    ),
    "type-altered": ChangeRule(
        title="A type changed, and the scoring server alters values",
        reason="MLflow refuses {old} values for {new} from Python callers; over REST it casts them and alters them "
        "silently",
        fix="keep {old}, or have callers send {new}",
        python="breaking",
        rest="breaking",
        harsher="where no request can carry the other inputs, the scoring server accepts those without any value",
    ),
    "type-refused": ChangeRule(
        title="A type changed to one that does not accept the old values",
        reason="MLflow refuses {old} values for {new}, all of them or those that do not happen to fit",
        fix="keep {old}, or have callers send {new}",
        python="breaking",
        rest="breaking",
    ),
    "type-accident": ChangeRule(
        title="A type changed to one that happens to accept the old values",
        reason="MLflow cannot tell {old} from {new} where pandas holds both as objects, so the model gets values "
        "that it does not state",
        fix="keep {old}, or have callers send {new}",
        python="breaking",
        rest="breaking",
        harsher="whether MLflow accepts such values depends on the dtype that pandas gives the column, and the model "
        "gets values of another type than it states",
    ),
    "type-any": ChangeRule(
        title="A type now accepts any value",
        reason="calls of the old version are accepted",
        python="safe",
        rest="safe",
    ),
    "type-any-undecoded": ChangeRule(
        title="A type now accepts any value, and the scoring server no longer decodes it",
        reason="over REST the model gets the text of the request where it got a {old} value",
        fix="keep {old}",
        python="safe",
        rest="breaking",
    ),
    "type-any-dates": ChangeRule(
        title="Arrays of datetime now accept any value",
        reason="MLflow before 3.18 gives the model nanoseconds since 1970 for an array of datetime, and the values "
        "themselves for any value",
        fix="keep {old}",
        python="breaking",
        rest="breaking",
        harsher="MLflow 3.18 gives the model the same dates from Python, and over REST it accepts no array of datetime",
    ),
    "type-from-any": ChangeRule(
        title="Any value was narrowed to a type",
        reason="callers may send any value, and {new} accepts only some",
        fix="keep {old}, or have callers send {new}",
        python="breaking",
        rest="breaking",
        harsher="only some values can be tried, and a column of type string lets all of them pass unchanged",
    ),
    "array-vector": ChangeRule(
        title="An array became a Spark vector, or the other way round",
        reason="MLflow checks both as a list of double values",
        python="safe",
        rest="safe",
    ),
    "object-to-map": ChangeRule(
        title="An object became a map",
        reason="MLflow reads the properties of the object as the values of {new}",
        python="safe",
        rest="safe",
    ),
    "object-to-map-null": ChangeRule(
        title="An object with optional properties became a map",
        reason="MLflow accepts null for an optional property, but not for a value of {new}",
        fix="have callers leave optional properties out",
        python="breaking",
        rest="breaking",
        harsher="calls that leave optional properties out are accepted, and an optional map accepts null too",
    ),
    "map-to-object": ChangeRule(
        title="A map became an object",
        reason="an object accepts its own properties only, and a map may have any key",
        fix="keep the map",
        python="breaking",
        rest="breaking",
        harsher="a map whose keys happen to be the properties is accepted",
    ),
    "property-added": ChangeRule(
        title="A required property was added",
        reason="`{where}` is required, and callers of the old version do not send it",
        fix="make `{where}` optional (required=False)",
        python="breaking",
        rest="breaking",
    ),
    "property-added-optional": ChangeRule(
        title="An optional property was added",
        reason="`{where}` is new and optional: callers need not send it",
        python="safe",
        rest="safe",
    ),
    "property-removed": ChangeRule(
        title="A property was removed",
        reason="unlike a table, an object may hold nothing that it does not state: MLflow refuses `{where}`",
        fix="keep `{where}`, as optional",
        python="breaking",
        rest="breaking",
    ),
    "property-renamed": ChangeRule(
        title="A property was renamed",
        reason="unlike a table, an object may hold nothing that it does not state: MLflow refuses `{old}`",
        fix="keep the name `{old}`",
        python="breaking",
        rest="breaking",
    ),
    "property-required": ChangeRule(
        title="An optional property is now required",
        reason="callers of the old version may leave `{where}` out, or send null",
        fix="keep `{where}` optional",
        harsher="an object that is optional itself may be empty, and null is a value of any type",
        python="breaking",
        rest="breaking",
    ),
    "property-optional": ChangeRule(
        title="A required property is now optional",
        reason="callers may leave `{where}` out",
        python="safe",
        rest="safe",
    ),
}
