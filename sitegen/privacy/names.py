"""Names of keys, params, tags and variables: whether a name says that its value is a secret or names a user."""

import re
from functools import lru_cache
from typing import Literal

Strength = Literal["strong", "weak"]
"""How reliable a name is: `password` always names a secret, `token` may also be a unit of text."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STRONG = _words(
    "password passwd passwort pwd passphrase passcode secret secrets apikey apitoken authtoken "
    "accesstoken accesskey secretkey privatekey clientsecret credential credentials creds "
    "connectionstring connstr sastoken bearer authorization senha contrasena wachtwoord"
)
_PAIRS = frozenset(
    (
        *(
            f"{first} key"
            for first in _words(
                "api access secret private auth account shared encryption signing master subscription application app "
                "function storage service webhook license deploy session ssh admin root hmac"
            )
        ),
        *(
            f"{first} pass"
            for first in _words("db user smtp mysql postgres pg ftp mail admin root login ssh redis proxy auth")
        ),
        *(
            f"{first} token"
            for first in _words(
                "auth access api bearer refresh id session sas secret security oauth jwt deploy personal bot csrf xsrf"
            )
        ),
        "connection string",
        "conn string",
        "conn str",
        "connection str",
        "sas url",
        "seed phrase",
        "recovery code",
        "recovery codes",
        "mot passe",
        "auth header",
        "set cookie",
    )
)
_WEAK = frozenset(
    [
        "token",
        "pat",
        "jwt",
        "cookie",
        "cookies",
        "otp",
        "pw",
        "pass",
        "auth",
        "dsn",
        "sas",
        "mnemonic",
        "sessionid",
        "identitytoken",
    ]
)
_ALONE = frozenset(["pass", "sas", "pat", "otp"])
"""Words that name a secret only behind another word: `pass` alone is a metric."""

_ORDINARY_TOKENS = _words(
    "pad eos bos unk sep cls mask stop start end image audio video special additional next prev first "
    "last new max min num n per total prompt completion input output decoder encoder forced begin text "
    "control trigger separator padding begin bot_of eot boi eoi visual speech placeholder split word sub "
    "subword byte char added extra reserved think thinking tool instruction user assistant system human "
    "unknown blank space newline ce is by cost price"
)
_ORDINARY_KEYS = _words(
    "primary foreign sort partition cache join group dict feature label target input output index row id "
    "metric config object public hash lookup sample query sub model dataset column natural surrogate "
    "composite unique map registry translation i18n json yaml param tag idempotency time event merge "
    "answer question prompt text image response request data entity record item user key value attention "
    "num n head kv run experiment best scoring monitor date order state routing shard bucket s3 blob "
    "default reference split meta metadata store"
)
_NEUTRAL = _words(
    "value values prod production dev development staging stage test testing old new current backup "
    "primary secondary plain plaintext text raw default env main live local root admin hash b64 base64 "
    "encoded openai azure aws gcp google github gitlab hf huggingface slack"
)
"""Words behind a secret's name that change nothing: `password_prod`, `token_2`; unlike `password_length`."""

_COMPOUND_NAME = re.compile(
    r"(?:password|passwd|passphrase|clientsecret|apikey|accesskey|secretkey|privatekey|accountkey|subscriptionkey|"
    r"authtoken|accesstoken|apitoken|bottoken|sastoken|refreshtoken|connectionstring|credentials)\Z"
)
_PREFIXED_NAME = re.compile(r"(?:my|db|pg|mysql|user|root|admin|login|smtp|aws|app)(?:pwd|pass|secret|token)\Z")

_USERS = frozenset(["user id", "userid", "mlflow user", "username", "user name", "logname", "login name"])
_USERS_OF_PAIRS = _USERS.union(
    ("user", "login", "owner email", "user email", "git user", "last modified by", "last updated by", "run by"),
    (
        f"{verb} by"
        for verb in ("created", "updated", "modified", "uploaded", "submitted", "logged", "trained", "registered")
    ),
)


@lru_cache(maxsize=16384)
def secret_strength(name: str) -> Strength | None:
    """Whether a name says that its value is a secret, whatever the case style; None where it does not."""
    words = [word.lower() for word in _WORD.findall(name[-200:])]
    while len(words) > 1 and (words[-1] in _NEUTRAL or words[-1].isdigit()) and _says(words[:-1]):
        words.pop()
    return _says(words) if words else None


def _says(words: list[str]) -> Strength | None:
    last = words[-1]
    before = words[-2] if len(words) > 1 else ""
    pair = f"{before} {last}"
    if last in ("secret", "secrets", "credentials") and before in ("n", "num", "no", "has", "is", "use"):
        return None
    if last in _STRONG or pair in _PAIRS or _COMPOUND_NAME.search(last) or _PREFIXED_NAME.search(last):
        return "strong"
    if last in _WEAK and (before or last not in _ALONE):
        return None if before in _ORDINARY_TOKENS else "weak"
    if last == "key" and before and before not in _ORDINARY_KEYS:
        return "weak"
    return None


@lru_cache(maxsize=16384)
def is_user_name(name: str, of_pair: bool = False) -> bool:
    """Whether a name says that its value is the name of a user; of a param or tag more names do."""
    words = " ".join(word.lower() for word in _WORD.findall(name[-200:]))
    if of_pair:
        return words in _USERS_OF_PAIRS
    return words in _USERS or name in ("USER", "LOGNAME")


_TYPES = _words(
    "string str text integer int long short byte double float number boolean bool binary bytes datetime "
    "date timestamp object array list map dict any none null true false yes no on off required optional "
    "nullable hidden masked redacted secret secretstr password token key value n/a na nil undefined empty "
    "unset unknown varchar char uuid tensor int8 int16 int32 int64 uint8 float16 float32 float64 feature "
    "target label ignore drop input output"
)
_ORDINARY = frozenset([*_TYPES, "~", "", "-", "--", "?", "todo", "tbd", "changeit?", "...", "…", "withheld"])
_REFERENCE = re.compile(
    r"\$(?:\{|\Z)|\$\$?[A-Z_][A-Z0-9_]*\Z|\$\(|%[A-Z_]+%\Z|\{\{?|<[^<>]*>?\Z|\*+\Z|x{3,}\Z|X{3,}\Z|"
    r"(?i:your(?:\Z|[ _-]))|\.{3,}|"
    r"(?:os\.(?:environ|getenv)|getenv|env|process\.env|secrets?|vault|var|local|config|settings|self|args|dbutils|"
    r"getpass|input|Optional|str|Union|List|Dict|keyring)[\[(.:{]|\[(?:redacted|private|e-mail|user|[A-Z]+\])|&?(?:lt|amp);"
)
_SPECIAL_TOKEN = re.compile(r"<[^<>]{1,40}>\Z|\[[A-Z_0-9]{1,20}\]\Z|<\|[^|]{1,40}\|>\Z|▁|##|[|<\[\\]")
_SHORT_NUMBER = re.compile(r"[+-]?(?:\d{1,7}|\d*\.\d+(?:e[+-]?\d+)?)\Z", re.IGNORECASE)


def is_secret_value(strength: Strength, name: str, value: str) -> bool:
    """Whether the value of such a name is a secret, not a type, placeholder or reference to a variable."""
    bare = value.strip().rstrip(".,;:")
    if bare.lower() in _ORDINARY or _REFERENCE.match(bare):
        return False
    if bare.startswith(("/", "./", "~/")) and name in ("PWD", "OLDPWD"):  # of a shell: the folder
        return False
    if strength == "strong":
        return True
    if _SPECIAL_TOKEN.match(bare) or _SHORT_NUMBER.match(bare) or len(bare) < 2:
        return False
    words = _WORD.findall(name[-200:])
    if words[-1].lower() in ("key", "auth"):
        return len(bare) >= 16 and " " not in bare and _has_letters_and_digits(bare)
    return " " not in bare or words[-1].lower() in ("cookie", "cookies", "mnemonic")


def _has_letters_and_digits(text: str) -> bool:
    return any(letter.isdigit() for letter in text) and any(letter.isalpha() for letter in text)


def looks_random(text: str) -> bool:
    """Whether a word looks like a password: it has letters and digits, or punctuation inside."""
    return _has_letters_and_digits(text) or any(letter in "!#$%^&*+=~@" for letter in text.rstrip(".,;:!?*"))
