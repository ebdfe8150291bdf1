"""What must not leave: private paths, user names, e-mail addresses and secrets become placeholders.

Every text of a model goes through here once, right after it is read; pages, API, previews and reports see only
what comes out. Line numbers stay: no newline is added or taken.
"""

import dataclasses
import re
from functools import lru_cache, partial
from typing import Any

from sitegen.settings import Privacy

PATH = "[private path]"
EMAIL = "[e-mail withheld]"
USER = "[user withheld]"
SECRET = "[redacted]"  # noqa: S105 - what stands in a secret's place


# --- patterns --------------------------------------------------------------------------------------------------

_STOP = r"\s\"'<>|,;()\[\]{}`*"
_FILE_URI = re.compile(rf"file:/+[^{_STOP}]*", re.IGNORECASE)
_ROUTE = r"(?!(?:api|v\d+|ajax-api|invocations)/)"  # addresses of a server, not of its disk
_POSIX = re.compile(rf"(?<![\w./:%~>@#-])/{_ROUTE}(?:[^{_STOP}/:]+/)+[^{_STOP}/:]*")
_HOMES = re.compile(rf"(?<=:)/(?:home|users|root)/[^{_STOP}:]*", re.IGNORECASE)
_WINDOWS = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]:[\\/](?:[^{_STOP}\\/:?]+[\\/]+)*[^{_STOP}\\/:?]*")
_SHARE = re.compile(rf"(?<!\S)\\\\[^{_STOP}\\]+\\[^{_STOP}]*")
_WHOLE_PATH = re.compile(rf"(?:file:/+|/{_ROUTE}(?=[^\s/])|[A-Za-z]:[\\/]|\\\\)[^\n]*[\\/]", re.IGNORECASE)
_HOME = re.compile(r"(?:^|[\\/])(?:home|users)[\\/]+[^\\/]+[\\/]*\Z", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])(?<!abfs://)(?<!abfss://)(?<!wasb://)(?<!wasbs://)(?!git@)"
    r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}\b"
)
_USER = re.compile(r"(\"?(?:mlflow\.user|user_id)\"?\s*[:=]\s*\"?)(?!\[user )[^\"\s,}]+")

_KEY_BLOCK = r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S])*(?:-----END[A-Z -]*-----)?"
# A run of letters and digits mixed tells a key from names such as sk-learn-random-forest and sk-toggleable__label.
_SK_KEY = (
    r"\bsk-(?:[A-Za-z0-9]{1,40}[_-]{1,2}){0,20}?(?=[A-Za-z0-9]{12})[A-Za-z]{0,40}[0-9]{1,40}[A-Za-z][A-Za-z0-9_-]*"
)
_CONNECTION = r"(?i)(?:(?<=[;?&]password=)|(?<=; password=)|(?<=[;?&]pwd=)|(?<=; pwd=))(?!\[redacted\])[^;&\s\"']+"
SECRETS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (name, tuple(markers.split("|")), re.compile(pattern))
    for name, markers, pattern in (
        ("private key", "private key", _KEY_BLOCK),
        ("AWS access key", "akia|asia|abia|acca", r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"),
        ("GitHub token", "ghp_|gho_|ghu_|ghs_|ghr_", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
        ("GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{22,}"),
        ("GitLab token", "glpat-|gldt-|glrt-|glptt-|glcbt-", r"\bgl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{20,}"),
        ("Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{20,}"),
        ("Databricks token", "dapi", r"\bdapi[0-9a-f]{32}(?:-\d+)?\b"),
        ("Slack token", "xox|xapp-", r"\bx(?:ox[abeoprs]|app)-[A-Za-z0-9-]{10,}"),
        ("Slack webhook", "hooks.slack.com", r"(?<=hooks\.slack\.com/services/)[A-Za-z0-9/]{20,}"),
        ("API key", "sk-", _SK_KEY),
        ("API key", "gsk_|nvapi-|pplx-|xai-|r8_|lsv2_", r"\b(?:gsk_|nvapi-|pplx-|xai-|r8_|lsv2_)[A-Za-z0-9_-]{32,}"),
        ("Stripe key", "k_live_", r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
        ("Google API key", "aiza", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("Google OAuth token", "ya29.|gocspx-", r"\b(?:ya29\.|GOCSPX-)[A-Za-z0-9_-]{20,}"),
        ("Azure client secret", "q~", r"(?<![\w~.-])[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}(?![\w~.-])"),
        ("PyPI token", "pypi-", r"\bpypi-[A-Za-z0-9_-]{50,}"),
        ("npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
        ("JSON web token", "eyj", r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),
        ("shared access signature", "sig=", r"(?<=sig=)[A-Za-z0-9%+/=]{20,}"),
        ("storage key", "accountkey=", r"(?<=AccountKey=)[A-Za-z0-9+/=]{20,}"),
        ("password in an address", "@", r"(?<=://)[^/\s:@\"']*:[^/\s@\"']+(?=@)"),
        ("password in a connection string", "password=|pwd=", _CONNECTION),
        ("bearer token", "earer ", r"(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{16,}"),
    )
)
_ASSIGNED = re.compile(
    r"(?i)((?:password|passwd|secret|token|api[_-]?key|access[_-]?key|credentials?)\"?\s*[:=]\s*\"?)"
    r"(?=[A-Za-z0-9/+_=.-]{0,200}\d)(?=[A-Za-z0-9/+_=.-]{0,200}[A-Za-z])([A-Za-z0-9/+_=.-]{16,})"
)
_WITHHELD_KEYS = (
    r"(?:password|passwd|secret|api_?key|access_?key|secret_?key|access_?token|auth_?token|private_?key|credentials)"
)
_SECRET_KEY = re.compile(rf"(?i)(?:^|[_.\s/-]){_WITHHELD_KEYS}$")
_SECRET_LINE = re.compile(
    rf"(?im)^([ \t-]*+[\"']?(?:[\w./-]*[_./-])?{_WITHHELD_KEYS}[\"']?:[ \t]+[\"']?)"
    r"(?!(?:null|~)[ \t\r]*$)([^\s\[{&*|>\"'][^\s\"']*)(?=[\"']?[ \t\r]*$)"
)
HINTS = (
    *("/", "\\", "@", "mlflow.user", "user_id", "passw", "secret", "token", "credential"),
    *("_key", "-key", "apikey", "accesskey", "secretkey", "privatekey"),
)
MARKERS = tuple(dict.fromkeys([*HINTS, *(marker.lower() for _, markers, _ in SECRETS for marker in markers)]))
"""What a text holds, in lower case, if anything in it is to be replaced."""


@lru_cache(maxsize=65536)
def _clean(text: str) -> bool:
    """Whether there is nothing to replace; keys, types and names come again and again, so they are remembered."""
    lower = text.lower()
    for marker in MARKERS:  # noqa: SIM110 - all() of a generator takes twice as long
        if marker in lower:
            return False
    return True


class Redactor:
    """Replaces what may not leave, and counts the secrets that it met."""

    def __init__(self, privacy: Privacy) -> None:
        self.privacy = privacy
        self.secrets: list[str] = []

    def text(self, text: str) -> str:
        """The text as it may be published."""
        if (_clean if len(text) < 200 else _clean.__wrapped__)(text):
            return text
        if not self.privacy.secrets:
            text = self._without_secrets(text)
        if not self.privacy.paths and ("/" in text or "\\" in text):
            before, text = text, self._without_paths(text)
            if text != before and not self.privacy.secrets:
                text = self._without_secrets(text)  # the end of a token may have looked like a part of the path
        if "@" in text and not self.privacy.emails:
            text = _EMAIL.sub(EMAIL, text)
        if not self.privacy.users and "user" in text:
            text = _USER.sub(rf"\g<1>{USER}", text)
        return text

    def pair(self, key: str, text: str) -> tuple[str, str]:
        """A param or tag: its key may say that the text is a secret or a user."""
        if not self.privacy.users and key == "mlflow.user":
            return key, USER
        shown = self.text(key)
        if not self.privacy.secrets and text and _SECRET_KEY.search(key):
            self.secrets.append(shown)
            return shown, SECRET
        return shown, self.text(text)

    def value(self, value: Any) -> Any:
        """A value with all texts inside as they may be published."""
        kind = type(value)
        if kind is str:
            return self.text(value)
        if kind is tuple:
            return tuple(self.pair(*item) if _is_pair(item) else self.value(item) for item in value)
        if isinstance(value, tuple):  # with names for its items
            return kind(*map(self.value, value))
        if kind is list:
            return [self.value(item) for item in value]
        if kind is dict:
            return {self.text(key): self._member(key, item) for key, item in value.items()}
        if dataclasses.is_dataclass(kind):
            return dataclasses.replace(value, **{name: self.value(inner) for name, inner in value.__dict__.items()})
        return value

    def _member(self, key: str, item: Any) -> Any:
        if isinstance(item, str) or (type(item) in (int, float) and _SECRET_KEY.search(key)):
            return self.pair(key, str(item))[1]
        return self.value(item)

    def _without_secrets(self, text: str) -> str:
        lower = text.lower()
        for name, markers, pattern in SECRETS:
            if any(marker in lower for marker in markers):
                text = pattern.sub(partial(self._found, name), text)
        for pattern in (_ASSIGNED, _SECRET_LINE):
            text = pattern.sub(lambda match: match[1] + self._secret("assignment", match[2]), text)
        return text

    def _found(self, name: str, match: re.Match[str]) -> str:
        return self._secret(name, match[0])

    def _secret(self, name: str, found: str) -> str:
        self.secrets.append(name)
        return SECRET + "\n" * found.count("\n")

    def _without_paths(self, text: str) -> str:
        if "\n" not in text and _WHOLE_PATH.match(text):
            return _last_part(text)
        for pattern in (_FILE_URI, _WINDOWS, _SHARE, _POSIX, _HOMES):
            text = pattern.sub(lambda match: _last_part(match[0]), text)
        return text


def _is_pair(item: object) -> bool:
    return type(item) is tuple and len(item) == 2 and type(item[0]) is str and type(item[1]) is str


def _last_part(path: str) -> str:
    """The placeholder with the last part of the path, unless that is somebody's home."""
    bare = path.rstrip("/\\")
    if _HOME.search(bare) or (bare.lower().startswith("file:") and bare.count("/") < 4):
        return PATH
    last = re.split(r"[\\/]", bare)[-1]
    return f"{PATH}/{last}" if last and not last.endswith(":") else PATH
