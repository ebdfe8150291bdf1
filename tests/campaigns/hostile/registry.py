"""Makes the hostile registry: `python -m tests.campaigns.hostile.registry FOLDER [--entries N]`.

Then `sitegen build FOLDER` and `sitegen check FOLDER` show what is said of each item.
"""

import argparse
import sys
from pathlib import Path

from tests.campaigns.hostile.item import Item
from tests.campaigns.hostile.nodes import ENTRIES, NAMES, NODES, entries, may_make_devices
from tests.campaigns.hostile.stores import DATABASES
from tests.campaigns.hostile.texts import CSV_AND_CARDS, JSON, YAML
from tests.support.registries import layout, write

MANY = "folder of many entries"

ITEMS: dict[str, Item] = {**YAML, **JSON, **CSV_AND_CARDS, **NODES, **NAMES, **DATABASES, MANY: entries(ENTRIES)}
"""All items, by the name of their folder."""


def make(root: Path, count: int = ENTRIES) -> list[str]:
    """Make the registry, with so many entries in the folder that has many; the items that this system has not."""
    left = [] if may_make_devices() else ["device"]
    for name, item in ITEMS.items():
        write(root / name, layout(f"healthy {name}", "1", metrics_json='{"rmse": 0.5}'))
        if name not in left:
            (entries(count) if name == MANY else item).make(root / name)
    return left


def main() -> int:
    """Make the registry in an empty folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.hostile.registry", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--entries", type=int, default=ENTRIES, help="of the folder that has many")
    options = parser.parse_args()
    if options.folder.exists() and any(options.folder.iterdir()):
        parser.error(f"{options.folder} is not empty")
    for name in make(options.folder, options.entries):
        print(f"left out, since the system does not allow it: {name}", file=sys.stderr)
    print(f"{len(ITEMS)} items in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
