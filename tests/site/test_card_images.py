"""Images of cards: those in the folder of the model are shown, of all others the description."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from sitegen.formats.card_images import MAX_BYTES
from sitegen.sources.card_images import MAX_IMAGES
from tests.support import sites
from tests.support.images import png, whole_png
from tests.support.registries import Files, layout, write

TOKEN = "ghp_" + "a1" * 18
PNG, OTHER = whole_png(8, 8), whole_png(16, 2)


def shown(site: Path, page: str) -> list[str]:
    """The images of a page, as files of the site; each has a description and is loaded late."""
    found = [one for one in sites.page(site / page).all("img") if "preview/" not in (one["src"] or "")]
    assert all(set(one) <= {"src", "alt", "loading", "width"} and one["loading"] == "lazy" for one in found)
    return [((site / page).parent / one["src"]).resolve().relative_to(site.resolve()).as_posix() for one in found]


def copies(site: Path) -> dict[str, bytes]:
    """The copies of images of cards by path."""
    return {path: data for path, data in sites.contents(site).items() if re.search(r"/card/[0-9a-f]{16}\.", path)}


def photo(kind: str = "JPEG") -> bytes:
    """An image that says where it was made, and by whom."""
    exif = Image.Exif()
    exif[0x010E] = f"/home/someone/x {TOKEN}"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 2, 3)).save(file, kind, exif=exif)
    return file.getvalue()


CARD = "# A model\n\n![A curve](plots/My%20curve.PNG) ![A photo](photo.jpg) ![None](none.png)\n"


def test_images_of_a_version_are_shown(tmp_path: Path) -> None:
    """Without metadata; a file that no card shows is not copied."""
    files = {"m/1/plots/My curve.PNG": PNG, "m/1/photo.jpg": photo(), "m/1/a.png": OTHER}
    write(tmp_path / "registry", layout("m", "1") | files | {"m/1/README.md": CARD})
    site = sites.built(tmp_path / "registry", tmp_path / "site")
    curve, jpg = shown(site, "models/m/1/index.html")
    assert (site / curve).read_bytes() == PNG
    assert [one["alt"] for one in sites.page(site / "models/m/1/index.html").all("img")][:2] == ["A curve", "A photo"]
    data = (site / jpg).read_bytes()
    assert TOKEN.encode() not in data
    assert not Image.open(io.BytesIO(data)).getexif()
    assert Image.open(io.BytesIO(data)).tobytes() == Image.open(io.BytesIO(photo())).tobytes()
    assert sorted(copies(site)) == sorted([curve, jpg])
    assert "None" in (site / "models/m/1/index.html").read_text()
    assert sites.lost_links(site) == []


def test_images_of_a_model_are_shown(tmp_path: Path) -> None:
    """They lie beside its card, in a folder there, or in one of its versions; equal images have one copy."""
    card = (
        "![a](a.png) ![b](docs/b.png) <img src='2/plots/c.png' alt='c'> ![d](../other.png) ![e](docs/inner/1/e.png)\n"
    )
    files = {
        "m/a.png": PNG,
        "m/docs/b.png": OTHER,
        "m/2/plots/c.png": PNG,
        "other.png": PNG,
        "m/2/f.png": whole_png(8, 1),
    }
    more = layout("m", "1") | layout("m", "2") | layout("m/docs/inner", "1") | {"m/docs/inner/1/e.png": PNG}
    write(tmp_path / "registry", more | files | {"m/README.md": card, "m/2/README.md": "![f](f.png)"})
    site = sites.built(tmp_path / "registry", tmp_path / "site")
    first, second, third = shown(site, "models/m/index.html")
    assert first == third
    assert copies(site) == {first: PNG, second: OTHER, shown(site, "models/m/2/index.html")[0]: files["m/2/f.png"]}
    assert sites.lost_links(site) == []


def test_the_root_can_be_a_model(tmp_path: Path) -> None:
    """Its card and images lie in the root of the registry."""
    files: Files = {path.removeprefix("m/1/"): content for path, content in layout("m", "1").items()}
    write(tmp_path / "registry", files | {"README.md": "![a](docs/a.png)", "docs/a.png": PNG})
    site = sites.built(tmp_path / "registry", tmp_path / "site")
    assert copies(site) == {shown(site, "models/model/1/index.html")[0]: PNG}


def link(root: Path, path: str, target: str) -> None:
    """Make a link, and the folder that it is in."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to(target)


REFUSED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "of a model above": ("../a.png", lambda root: write(root, {"m/a.png": PNG})),
    "of another model": ("../../n/1/a.png", lambda root: write(root, layout("n", "1") | {"n/1/a.png": PNG})),
    "absolute": ("/m/1/a.png", lambda root: write(root, {"m/1/a.png": PNG})),
    "elsewhere": ("https://example.org/a.png", lambda root: write(root, {"m/1/a.png": PNG})),
    "data": ("data:image/png;base64,iVBORw0KGgo=", lambda _: None),
    "a drawing": ("a.svg", lambda root: write(root, {"m/1/a.svg": "<svg onload='alert(1)'/>"})),
    "a drawing with the name of an image": ("a.png", lambda root: write(root, {"m/1/a.png": "<svg/>"})),
    "a text": ("data.csv", lambda root: write(root, {"m/1/data.csv": "a,b\n1,2\n"})),
    "a link": ("a.png", lambda root: write(root, {"m/b.png": PNG}) and link(root, "m/1/a.png", "../b.png")),
    "a link beside": ("a.png", lambda root: write(root, {"m/1/b.png": PNG}) and link(root, "m/1/a.png", "b.png")),
    "a link to a folder": (
        "plots/a.png",
        lambda root: write(root, {"m/plots/a.png": PNG}) and link(root, "m/1/plots", "../plots"),
    ),
    "a link out of the registry": (
        "a.png",
        lambda root: (
            write(root.parent / "outside", {"a.png": PNG}) and link(root, "m/1/a.png", "../../../outside/a.png")
        ),
    ),
    "too large": ("a.png", lambda root: write(root, {"m/1/a.png": PNG + bytes(MAX_BYTES)})),
    "broken": ("a.png", lambda root: write(root, {"m/1/a.png": PNG[:-8]})),
    "a beginning": ("a.png", lambda root: write(root, {"m/1/a.png": png(8, 8)})),
    "empty": ("a.png", lambda root: write(root, {"m/1/a.png": b""})),
    "a folder": ("a.png", lambda root: write(root, {"m/1/a.png/b.png": PNG})),
    "of another case": ("A.png", lambda root: write(root, {"m/1/a.png": PNG})),
}


@pytest.mark.parametrize("case", REFUSED)
def test_of_other_images_the_description_stays(tmp_path: Path, case: str) -> None:
    """And no copy is made."""
    address, prepare = REFUSED[case]
    root = write(tmp_path / "registry", layout("m", "1") | {"m/1/README.md": f"![The description]({address})\n"})
    prepare(root)
    assert sites.sitegen("build", root, "--output", tmp_path / "site").code == 0
    assert shown(tmp_path / "site", "models/m/1/index.html") == []
    assert "<p>The description</p>" in (tmp_path / "site/models/m/1/index.html").read_text()
    assert copies(tmp_path / "site") == {}


def test_a_card_shows_twenty_images(tmp_path: Path) -> None:
    """The first of them; and each of them as often as it names it."""
    files: Files = {f"m/1/{number}.png": whole_png(8 * number + 8, 8) for number in range(MAX_IMAGES + 1)}
    card = "".join(f"![{number}]({number}.png) " for number in reversed(range(MAX_IMAGES + 1))) * 2
    write(tmp_path / "registry", layout("m", "1") | files | {"m/1/README.md": card})
    site = sites.built(tmp_path / "registry", tmp_path / "site")
    assert len(shown(site, "models/m/1/index.html")) == 2 * MAX_IMAGES
    assert len(copies(site)) == MAX_IMAGES
    assert files["m/1/0.png"] not in copies(site).values()


def test_a_private_name_is_no_image(tmp_path: Path) -> None:
    """The card does not say it any more, so that nothing shows the image."""
    root = write(tmp_path / "registry", layout("m", "1") | {"m/1/a@example.org.png": PNG})
    write(root, {"m/1/README.md": "![x](a@example.org.png)"})
    assert sites.sitegen("build", root, "--output", tmp_path / "site").code == 0
    assert shown(tmp_path / "site", "models/m/1/index.html") == []
    assert copies(tmp_path / "site") == {}


def replace_by_link(path: Path) -> None:
    """A link to a file of the same content in place of a file."""
    path.rename(path.with_name("moved.png"))
    path.symlink_to("moved.png")


EDITS: dict[str, Callable[[Path], object]] = {
    "an image is replaced": lambda root: write(root, {"m/1/a.png": OTHER}),
    "an image of the model is replaced": lambda root: write(root, {"m/docs/b.png": whole_png(24, 2)}),
    "an image is removed": lambda root: (root / "m/1/a.png").unlink(),
    "an image of the model is removed": lambda root: (root / "m/docs/b.png").unlink(),
    "an image is broken": lambda root: write(root, {"m/1/a.png": PNG[:-1]}),
    "an image becomes a link": lambda root: replace_by_link(root / "m/1/a.png"),
    "an image of the model becomes a link": lambda root: replace_by_link(root / "m/docs/b.png"),
    "a link becomes an image": lambda root: (root / "m/1/l.png").unlink() or write(root, {"m/1/l.png": PNG}),
    "the card shows another image": lambda root: write(root, {"m/1/README.md": "![b](b.png)"}),
    "the card of the model shows an image of a version": lambda root: write(root, {"m/README.md": "![b](1/b.png)"}),
    "the card of the model shows another of it": lambda root: write(root, {"o/README.md": "![b](1/b.png)"}),
    "the card shows none": lambda root: write(root, {"m/1/README.md": "none"}),
    "the card is removed": lambda root: (root / "m/README.md").unlink(),
    "the first image beside the card": lambda root: write(root, {"n/a.png": PNG}),
    "an image in a new folder": lambda root: write(root, {"n/docs/b.png": PNG}),
    "the folder of images is renamed": lambda root: (root / "m/docs").rename(root / "m/images"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_incremental_build_equals_a_clean_one(tmp_path: Path, edit: str) -> None:
    """Whatever happens to images and cards; with trusted stamps and without them."""
    cards = {
        "m/1/README.md": "![a](a.png) ![l](l.png)",
        "m/README.md": "![b](docs/b.png) ![b](images/b.png)",
        "n/README.md": "![a](a.png) ![b](docs/b.png)",
        "o/README.md": "![a](1/a.png)",
    }
    files: Files = {"m/1/a.png": PNG, "m/1/b.png": whole_png(32, 1), "m/docs/b.png": OTHER}
    files |= layout("m", "1") | layout("n", "1") | layout("o", "1") | {"o/1/a.png": PNG, "o/1/b.png": OTHER}
    for after in (sites.LATER, 0):
        root = write(tmp_path / f"{after}/registry", files | cards)
        link(root, "m/1/l.png", "../docs/b.png")
        site, clean = tmp_path / f"{after}/site", tmp_path / f"{after}/clean"
        sites.update(root, site, after=after)
        assert len(shown(site, "models/m/1/index.html")) == len(shown(site, "models/m/index.html")) == 1
        EDITS[edit](root)
        sites.update(root, site, after=after)
        sites.update(root, clean, after=after)
        assert sites.contents(site) == sites.contents(clean)
