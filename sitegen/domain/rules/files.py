"""Rules about files of any format: reading them, YAML and JSON."""

from sitegen.domain.rules.rule import Rule

FILE_RULES: dict[str, Rule] = {
    # --- reading files --------------------------------------------------------------------------------------
    "unreadable": Rule(
        "error",
        "A file cannot be read",
        "check its permissions and that it is an ordinary file",
        "Only ordinary files are opened: no pipes, devices or sockets, nothing that waits or runs.",
        points=20,
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
        points=20,
    ),
    "dvc-pointer": Rule(
        "warning",
        "DVC tracks a file that is not here",
        "run `dvc pull` before the build",
        "The repository was checked out without the files that DVC stores elsewhere.",
        points=20,
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
    "front-matter": Rule(
        "warning",
        "The front matter of a card cannot be read",
        "correct the YAML between the lines ---",
        "Licence, task, language and other facts come from it; it is shown as it is written.",
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
    # --- YAML and JSON --------------------------------------------------------------------------------------
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
}
