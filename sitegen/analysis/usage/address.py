"""The addresses that a version is loaded from: of a registry, by number and by alias, or its folder."""

from typing import Literal, NamedTuple

from sitegen.domain.model import Model, Version


class Address(NamedTuple):
    """What `load_model` takes. `kind` tells what must be known to resolve it: a registry, or the registry's folder."""

    kind: Literal["version", "alias", "logged", "folder"]
    text: str

    @property
    def need(self) -> str:
        """What the address needs, in one sentence."""
        if self.kind == "folder":
            return "run this code in the folder of the registry"
        return "needs the address of the registry, such as: export MLFLOW_TRACKING_URI=sqlite:///mlflow.db"


def addresses(model: Model, version: Version) -> tuple[Address, ...]:
    """All addresses of a version, the one that stays first; none where files are missing and no registry has it."""
    found = [Address("version", f"{model.address}/{version.name}")] if model.address else []
    found += [Address("alias", f"{model.address}@{alias}") for alias in version.aliases if model.address]
    if version.model_id and model.kind == "logged" and model.store:
        found.append(Address("logged", f"models:/{version.model_id}"))
    if version.path is not None:
        found.append(Address("folder", version.path))
    return tuple(found)
