"""Which imports of pickles are dangerous."""

import pytest

from sitegen.analysis.pickle_danger import dangerous_imports, is_dangerous
from sitegen.domain.model import PickleFile

DANGEROUS = [
    *(("os", "system"), ("posix", "system"), ("nt", "system"), ("os.path", "join"), ("subprocess", "Popen")),
    *(("builtins", "eval"), ("__builtin__", "exec"), ("builtins", "getattr")),
    *(("urllib.request", "urlopen"), ("torch.hub", "load"), ("numpy.testing._private.utils", "runstring")),
    *(("?", "?"), ("asyncio.unix_events", "_UnixSubprocessTransport._start")),
]
HARMLESS = [
    *(("sklearn.ensemble._gb", "GradientBoostingRegressor"), ("numpy", "ndarray"), ("builtins", "set")),
    *(("collections", "OrderedDict"), ("pathlib", "PosixPath"), ("osgeo", "x"), ("torch._utils", "_rebuild_tensor_v2")),
    *(("functools", "partial"), ("copyreg", "_reconstructor"), ("__builtin__", "set")),
]


@pytest.mark.parametrize(("module", "name"), DANGEROUS)
def test_what_runs_code_is_dangerous(module: str, name: str) -> None:
    assert is_dangerous(module, name)


@pytest.mark.parametrize(("module", "name"), HARMLESS)
def test_what_holds_data_is_not(module: str, name: str) -> None:
    assert not is_dangerous(module, name)


def test_dangerous_imports_of_a_file() -> None:
    """In the file's order."""
    file = PickleFile(path="model.pkl", imports=(("numpy", "ndarray"), ("os", "system")))
    assert dangerous_imports(file) == (("os", "system"),)
