"""Hostile things that are no ordinary files, files of hostile size, and hostile names."""

import os
import socket
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from sitegen.storage.scan import MAX_PROBLEMS
from tests.campaigns.hostile.item import Item, beside, files, of
from tests.support.images import avif, gif, jpeg, png, webp
from tests.support.registries import SIGNED, layout

SPARSE = 3 * 2**30
"""Bytes of a file of zeros that takes no room."""

ENTRIES = 1_000_000
MOST_LINKS = "0000"  # a file has 10,000 names at most: file systems allow some 60,000


def _beside(make: Callable[[Path], object], name: str = "MLmodel") -> Callable[[Path], None]:
    """Make something in the place of a file of a healthy version."""

    def made(root: Path) -> None:
        place = beside(root, name)
        place.unlink(missing_ok=True)
        make(place)

    return made


def _socket(place: Path) -> None:
    # The address of a socket is short, the path of a registry need not be.
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as one:
        one.bind(f"{folder}/s")
        os.rename(f"{folder}/s", place)


def _device(place: Path) -> None:
    os.mknod(place, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero, which never ends


def may_make_devices() -> bool:
    """Whether the system lets this process make devices."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            _device(Path(folder, "device"))
        except PermissionError:
            return False
    return True


def _link(target: str) -> Callable[[Path], None]:
    return lambda place: place.symlink_to(target)


def _sparse(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(SPARSE)


def _line(place: Path) -> None:
    """A CSV file with one line of 100 MB."""
    with place.open("wb") as file:
        file.write(b"key,value\na,")
        for _ in range(100):
            file.write(b"b" * 2**20)


def _chain(root: Path) -> None:
    """Links to links, thousands of them, in a circle."""
    for number in range(2000):
        beside(root, f"{number}.csv").symlink_to(f"{(number + 1) % 2000}.csv")


def _lost(root: Path) -> None:
    for number in range(10_000):
        beside(root, f"{number:04}.csv").symlink_to("nothing")


def _deep(root: Path) -> None:
    here = beside(root)
    for _ in range(80):
        here /= "d"
        here.mkdir()
    (here / "x").touch()


def entries(count: int) -> Item:
    """A folder with many entries: links to a few files, which is the quickest."""

    def make(root: Path) -> None:
        folder = beside(root, "../entries")
        folder.mkdir()
        handle = os.open(folder, os.O_RDONLY)
        first = ""
        for name in (f"{number:07}" for number in range(count)):
            if name.endswith(MOST_LINKS):
                first = name
                os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=handle))
            else:
                os.link(first, name, src_dir_fd=handle, dst_dir_fd=handle)
        os.close(handle)

    return Item(make, ("too-many-files bad/entries",))


NODES: dict[str, Item] = {
    "pipe": Item(_beside(os.mkfifo), ("unreadable bad/1/MLmodel",), ()),
    "pipe of metrics": Item(_beside(os.mkfifo, "metrics.json"), ("unreadable bad/1/metrics.json",)),
    "socket": Item(_beside(_socket, "metrics.json"), ("unreadable bad/1/metrics.json",)),
    "device": Item(_beside(_device, "metrics.json"), ("unreadable bad/1/metrics.json",)),
    "link to etc": Item(_beside(_link("/etc"), "etc"), ("link bad/1/etc",)),
    "link to passwd": Item(_beside(_link("/etc/passwd"), "params.json"), ("link bad/1/params.json",)),
    "link to a device": Item(_beside(_link("/dev/zero"), "params.json"), ("link bad/1/params.json",)),
    "link out by dots": Item(_beside(_link("../../../../outside"), "params.json"), ("link bad/1/params.json",)),
    "link up": Item(_beside(_link(".."), "up"), ("link bad/1/up",)),
    "link to itself": Item(_beside(_link("self"), "self"), ("link bad/1/self",)),
    "link to nothing": Item(_beside(_link("nothing"), "params.json"), ("link bad/1/params.json",)),
    "link of a model": Item(_beside(_link("/etc/passwd")), ("link bad/1/MLmodel",), ()),
    "circle of links": Item(_chain, ("link bad/1/0.csv",)),
    "10,000 links to nothing": Item(_lost, tuple(f"link bad/1/{number:04}.csv" for number in range(MAX_PROBLEMS))),
    "folder for a file": Item(_beside(Path.mkdir, "metrics.json")),
    "deep folders": Item(_deep, ("too-many-files bad/1/" + "/".join("d" * 62),)),
    "sparse MLmodel": Item(_beside(_sparse), ("too-large bad/1/MLmodel",)),
    "sparse metrics": Item(_beside(_sparse, "metrics.json"), ("too-large bad/1/metrics.json",)),
    "sparse weights": Item(_beside(_sparse, "weights.bin")),
    "sparse database": Item(_beside(_sparse, "mlflow.db"), ("database bad/1/mlflow.db",)),
    "CSV with a line of 100 MB": Item(_beside(_line, "metrics.csv"), ("too-large bad/1/metrics.csv",)),
    "closed file": Item(_beside(lambda place: place.touch(0), "metrics.json"), ("unreadable bad/1/metrics.json",)),
    "closed MLmodel": Item(_beside(lambda place: place.touch(0)), ("unreadable bad/1/MLmodel",)),
    "closed folder": Item(_beside(lambda place: place.mkdir(0), "plots"), ("unreadable bad/1/plots",)),
    "image of 200,000 x 200,000": files("image-size bad/1/plot.png", **{"plot.png": png(200_000, 200_000)}),
    "image of 65,535 x 65,535": files("image-size bad/1/plot.gif", **{"plot.gif": gif(65_535, 65_535)}),
    "image with a thumbnail": files("image-size bad/1/plot.avif", **{"plot.avif": avif(200_000, 200_000)}),
    "photograph": files("image-size bad/1/plots/x.JPG", **{"plots/x.JPG": jpeg(65_535, 65_535)}),
    "moving picture": files("image-size bad/1/plot.webp", **{"plot.webp": webp(2**24, 255)}),
    "image of segments": files(**{"plot.jpg": b"\xff\xd8" + b"\xff\xe0\0\2" * 2**21}),
    "image that is none": files(**{"plot.png": b"<script>alert(1)</script>", "plot.svg": b"<svg onload='alert(1)'/>"}),
    "1,500 files": of(layout("bad", "1") | {f"bad/1/plots/{n}.png": "x" for n in range(1500)}, "too-many-files bad/1"),
}


def _names(*names: str | bytes) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        for name in names:
            folder = os.path.join(os.fsencode(root), os.fsencode(name), b"1")
            os.makedirs(folder)
            with open(os.path.join(folder, b"MLmodel"), "w", encoding="utf-8") as file:
                file.write(SIGNED)
            with open(os.path.join(folder, os.fsencode(name)), "w", encoding="utf-8") as file:
                file.write("x")

    return make


def _named(*names: str) -> Item:
    return Item(_names(*names), (), names)


NAMES: dict[str, Item] = {
    "names of 255 bytes": _named("x" * 255, "é" * 127, "😀" * 63),
    "names that are no UTF-8": Item(_names(b"no-\xff-utf-8", b"\xc3"), (), ("no-\\xff-utf-8", "\\xc3")),
    "names of Windows": _named(
        "con", "NUL", "aux.txt", "COM1", "lpt9.csv", "name.", "name ", "a:b", "a*b", "a?b", 'a"b'
    ),
    "names that differ by case": _named("Model", "model", "MODEL"),
    "names that differ by normal form": _named("caf\u00e9", "cafe\u0301", "\ufb01", "fi"),
    "names of markup": _named("<script>alert(1)<script>", "{{ 7 }}", "%00", "a&b;", "`id`", "$(id)", "-rf", "\x1b[31m"),
    "names of directions": _named("\u202egnp", "\u2066x", "new\nline", "tab\there", "\u2028", "\ufeff"),
}
