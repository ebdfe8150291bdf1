"""What an item of the hostile registry is."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.support.registries import Files, layout, write

RUN = "1a" * 16
"""The run of an item, before it has one of its own."""


class Item(NamedTuple):
    """Something hostile in a folder of its own.

    `problems` are the rules and places of all that is said about it, relative to that folder; empty: it harms nothing
    and hides nothing. `models` are the models that it has beside the healthy one.
    """

    make: Callable[[Path], object]
    problems: tuple[str, ...] = ()
    models: tuple[str, ...] = ("bad {item}",)


def own(text: str, name: str) -> str:
    """A text with what tells one item from another: all lie in one registry, where a run or name is there once."""
    run = hashlib.sha256(name.encode()).hexdigest()[:32]
    return text.replace("{item}", name).replace("bad/", f"bad {name}/").replace(RUN, run)


def files(problem: str | tuple[str, ...] = (), **contents: str | bytes) -> Item:
    """An item made of the files of a version; `metrics_json` is metrics.json, MLmodel its MLmodel."""
    return of(layout("bad", "1", **contents), problem)


def of(contents: Files, problem: str | tuple[str, ...] = (), models: tuple[str, ...] = ("bad {item}",)) -> Item:
    """An item made of files."""

    def make(root: Path) -> None:
        write(
            root,
            {
                own(path, root.name): own(content, root.name) if isinstance(content, str) else content
                for path, content in contents.items()
            },
        )

    return Item(make, (problem,) if isinstance(problem, str) else problem, models)


def beside(root: Path, name: str = "") -> Path:
    """The place of a file beside a model that is in order."""
    write(root, layout(f"bad {root.name}", "1"))
    return root / f"bad {root.name}/1" / name
