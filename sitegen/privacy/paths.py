"""Private paths: absolute paths of POSIX and Windows, shares, `file:` addresses, homes of users, with their spaces."""

import re
from collections.abc import Iterator
from functools import cache

PATH = "[private path]"

_STOP = r"\s\"'<>|,;()\[\]{}`*"
_ROUTE = r"(?!(?:api|v\d+|ajax-api|invocations)/)"  # addresses of a server, not of its disk
_WORD = r"[^\s\\/:*?\"<>|`\[\]{}=]{1,60}"
_FILES = (
    *(
        "c",
        "h",
        "r",
        "d",
        "py",
        "md",
        "js",
        "so",
        "gz",
        "pt",
        "h5",
        "db",
        "sh",
        "yml",
        "txt",
        "csv",
        "tsv",
        "log",
        "pkl",
    ),
    *("npy", "npz", "zip", "tar", "png", "jpg", "svg", "pdf", "xml", "ini", "cfg", "bin", "whl", "exe", "dll", "sql"),
    *("json", "yaml", "toml", "onnx", "html", "jpeg", "conf", "ipynb", "jsonl", "joblib", "parquet", "safetensors"),
)
_NO_FILE = "".join(
    rf"(?<!\.(?:{'|'.join(name for name in _FILES if len(name) == size)}))" for size in sorted({len(n) for n in _FILES})
)
_PROSE = r"(?!(?:and|or|to|in|is|are|was|with|from|for|at|on|as|by|has|have|not|then|into|using|via|but|if|the|vs)\b)"


def _parts_with_spaces(separator: str, prose: str) -> str:
    """Further parts of a path, of up to six words each; behind a file's suffix a path has none."""
    words = rf"{_NO_FILE}[ ]{{1,2}}{prose}{_WORD}(?:[ ]{{1,2}}{_WORD}){{0,5}}(?<![,;]){separator}"
    return rf"(?:{words}(?:[^{_STOP}\\/:?]{{1,200}}{separator})*[^{_STOP}\\/:?]*)*"


_ON, _ON_WINDOWS, _ON_IN_PROSE = (
    _parts_with_spaces("/", ""),
    _parts_with_spaces(r"[\\/]+", ""),
    _parts_with_spaces("/", _PROSE),
)
_OWNER = r"(?:(?:[ ][A-Z][\w'’-]{1,30}){1,2}(?=[\s.,;:)\"'<&]|\Z)|[ ][\w'’-]{1,30}(?=[ \t]*(?:$|[\"'`])))?"
_POSIX_HOME = rf"/(?:[Hh]ome|[Uu]sers)/[^{_STOP}\\/:]+(?:/(?:[^{_STOP}\\/:]+/)*[^{_STOP}\\/:]*{_ON}|{_OWNER}{_ON})"
_BEFORE = r"(?<![\w./:%~@#\]-])"
_ROWS = (
    ("/", rf"file:/*(?:[A-Za-z]:)?[\\/]+[^{_STOP}]*{_ON}", True),
    (":", rf"(?<![A-Za-z0-9])[A-Za-z]:[\\/]+(?:[^{_STOP}\\/:?]+[\\/]+)*[^{_STOP}\\/:?]*{_ON_WINDOWS}", False),
    (":", rf"(?<![A-Za-z0-9])[A-Za-z]:[\\/]+[Uu]sers[\\/]+[^{_STOP}\\/:?]+{_OWNER}", False),
    (
        "\\",
        rf"(?<![\\\w:/])\\{{2,}}(?=[A-Za-z0-9?.])[A-Za-z0-9?.][\w.$-]+\\+[^{_STOP}\\]{{2,}}[^{_STOP}]*{_ON_WINDOWS}",
        False,
    ),
    ("/", rf"{_BEFORE}{_POSIX_HOME}", False),
    ("/", rf"{_BEFORE}/{_ROUTE}(?:[^{_STOP}\\/:]+/)+[^{_STOP}\\/:]*{_ON_IN_PROSE}", False),
    ("/", rf"(?<=:)/(?:home|users|root)/[^{_STOP}:]*{_ON}", True),
    (
        "/",
        rf"(?:(?<=sqlite:///)|(?<=duckdb:///)|(?<=local://)|(?<=leveldb://))/*(?:[A-Za-z]:[\\/]|(?<=/)/)?(?:[^{_STOP}\\/:]+/)+[^{_STOP}\\/:]*",
        False,
    ),
    (
        "/",
        r"(?<=://)(?<!http://)(?<!https://)(?:[\w.@+-]{0,100}(?::\d+)?)(/(?:home|users|user)/[^\s\"'<>/]+(?:/[^\s\"'<>]*)?)",
        True,
    ),
    ("~", rf"(?<![\w./~\\-])~(?!/)[A-Za-z_][\w.-]*/[^{_STOP}]*", False),
)
"""What must be in a text, a pattern of a private path, and whether case is ignored."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The compiled patterns. Many builds search no text for paths and need none."""
    return tuple(
        (hint, re.compile(pattern, re.MULTILINE | (re.IGNORECASE if fold else 0))) for hint, pattern, fold in _ROWS
    )


_BEGIN = rf"(?:file:/*(?:[A-Za-z]:)?[\\/]|/{_ROUTE}(?=[^\s/])|[A-Za-z]:[\\/]|\\\\+(?=[\w?.]{{2}}))"
_WHOLE_PATH = re.compile(rf"[ \t]*{_BEGIN}[^\n]*[\\/]", re.IGNORECASE)
_IN_QUOTES = re.compile(
    rf"(?<=[\"'`])(?<![\w][\"'`]){_BEGIN}(?:[^\"'`\n]|(?<=\w)'(?=\w))*[\\/](?:[^\"'`\n]|(?<=\w)'(?=\w))*(?=[\"'`])",
    re.IGNORECASE,
)
_HOME = re.compile(r"(?:^|[\\/])(?:home|users|user)[\\/]+[^\\/]+[\\/]*\Z", re.IGNORECASE)
_LAST = re.compile(r"[\w .()&+,@=#~%-]+\Z")


def path_places(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each private path, and its placeholder."""
    if "/" not in text and "\\" not in text:
        return
    if "\n" not in text and _WHOLE_PATH.match(text):
        yield 0, len(text), last_part(text)
        return
    for found in _IN_QUOTES.finditer(text):
        yield found.start(), found.end(), last_part(found[0])
    for hint, pattern in _patterns():
        if hint in text:
            for found in pattern.finditer(text):
                group = 1 if pattern.groups else 0
                yield *found.span(group), last_part(found[group])


def last_part(path: str) -> str:
    """The placeholder with the last part of the path, unless that is somebody's home."""
    bare = path.rstrip("/\\ \t")
    if _HOME.search(bare) or (bare.lower().startswith("file:/") and bare.count("/") < 4):
        return PATH
    last = re.split(r"[\\/]", bare)[-1]
    return f"{PATH}/{last}" if _LAST.match(last) and not last.endswith(":") else PATH
