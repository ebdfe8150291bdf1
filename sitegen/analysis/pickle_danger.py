"""The table of imports in pickles that can run commands, open connections or evaluate code."""

from sitegen.domain.model import Pairs, PickleFile
from sitegen.formats.pickle_imports import UNKNOWN_IMPORT

ANY = "*"
"""Every name of a module and of those below it."""

DANGEROUS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("os", "posix", "nt", "subprocess", "pty", "commands", "popen2"), (ANY,)),
    **dict.fromkeys(("socket", "ssl", "asyncio", "multiprocessing", "threading", "ctypes", "cffi"), (ANY,)),
    **dict.fromkeys(("requests", "urllib", "http", "ftplib", "smtplib", "aiohttp", "httpx", "webbrowser"), (ANY,)),
    **dict.fromkeys(("shutil", "tempfile", "pathlib", "io", "sys", "platform", "signal", "runpy"), (ANY,)),
    **dict.fromkeys(("importlib", "imp", "pkgutil", "zipimport", "code", "codeop", "pdb", "bdb", "timeit"), (ANY,)),
    **dict.fromkeys(("pip", "ensurepip", "venv", "distutils", "setuptools", "sqlite3", "torch.hub"), (ANY,)),
    "builtins": ("eval", "exec", "compile", "open", "getattr", "setattr", "delattr", "__import__", "input", "globals"),
    "operator": ("attrgetter", "methodcaller", "itemgetter"),
    "pickle": ("loads", "load", "Unpickler"),
    "_pickle": ("loads", "load", "Unpickler"),
    "dill": ("loads", "load"),
    "joblib": ("load",),
    "cloudpickle": ("loads", "load"),
    "marshal": ("loads", "load"),
    "types": ("CodeType", "FunctionType"),
    "numpy.testing._private.utils": ("runstring",),
    "torch.serialization": ("load",),
}
"""Names by module. Libraries of machine learning write none of these, but for code that cloudpickle keeps."""

SAFE = frozenset(
    [
        *(("pathlib", name) for name in ("Path", "PosixPath", "PurePath", "PurePosixPath", "WindowsPath")),
        *(("threading", name) for name in ("Lock", "RLock")),
        *(("io", name) for name in ("BytesIO", "StringIO")),
        ("os", "PathLike"),
    ]
)
"""Names of these modules that only hold data."""

_OLD_MODULES = {"__builtin__": "builtins", "copy_reg": "copyreg"}


def dangerous_imports(pickle: PickleFile) -> Pairs:
    """The imports of a pickle that run code, or whose name is computed: nobody knows what they do."""
    return tuple(pair for pair in pickle.imports if is_dangerous(*pair))


def is_dangerous(module: str, name: str) -> bool:
    """Whether loading a pickle that imports this name may do anything."""
    module = _OLD_MODULES.get(module, module)
    if (module, name) == UNKNOWN_IMPORT:
        return True
    if (module, name) in SAFE:
        return False
    first = name.partition(".")[0]
    names = DANGEROUS.get(module)
    if names is not None:
        return ANY in names or name in names or first in names
    top = module.partition(".")[0]
    return ANY in DANGEROUS.get(top, ()) or any(
        ANY in names and module.startswith(f"{known}.") for known, names in DANGEROUS.items() if "." in known
    )
