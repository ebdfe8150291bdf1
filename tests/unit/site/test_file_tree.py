"""The tree of a version's files, and versions with the same ones."""

from sitegen.domain.model import LoggedFile, PickleFile, Unread, Version
from sitegen.settings.settings import Files
from sitegen.site.views.file_tree import MAX_OPEN, FileRow, file_rows, same_files


def version(*paths: str, **fields: object) -> Version:
    """A version with files of these paths, whose content is their path."""
    return Version(name="1", files=tuple(LoggedFile(path, 10, "role", path) for path in paths), **fields)  # type: ignore[arg-type]


def tree(*paths: str) -> list[str]:
    """The names of the rows, indented by depth; those of folded files in brackets."""
    found = version(*paths)
    return [_text(row) for row in file_rows(found, [""] * len(paths), Files())]


def _text(row: FileRow) -> str:
    folded = f" [{', '.join(file.name for file in row.folded)}]" if row.folded else ""
    return "  " * row.depth + row.name + folded


def test_folders_are_rows_before_their_files() -> None:
    assert tree("MLmodel", "data/a", "data/b/c", "data/b/d") == ["MLmodel", "data/", "  a", "  b/", "    c", "    d"]


def test_a_folder_with_one_file_is_one_row() -> None:
    assert tree("plots/deep/curve.png", "a") == ["a", "plots/deep/curve.png"]


def test_sidecars_and_parts_of_spark_are_folded() -> None:
    """And folders of many files."""
    assert tree("metrics/a", "metrics/b/c", "params/x", "params/y") == ["metrics/ [a, b/c]", "params/ [x, y]"]
    assert tree("sparkml/metadata/part-00000", "sparkml/metadata/_SUCCESS") == [
        "sparkml/ [metadata/_SUCCESS, metadata/part-00000]"
    ]
    many = [f"data/{number:03}" for number in range(MAX_OPEN + 1)]
    assert len(tree(*many)) == 1 and len(tree(*many[1:])) == 1 + MAX_OPEN


def test_a_folded_folder_states_number_and_size() -> None:
    [row] = file_rows(version("metrics/a", "metrics/b"), ("", ""), Files())
    assert (row.size, row.role, row.folded[0].anchor) == ("20 B", "2 files, one per metric", "file-metrics/a")


def test_files_of_one_value_have_no_digest() -> None:
    """Those of Spark's parts, and all files that are not folded, have theirs."""
    paths = ("metrics/a", "metrics/b", "model.pkl", "table/part-0", "table/part-1")
    values, model, parts = file_rows(version(*paths), [""] * len(paths), Files())
    assert [file.sha256 for file in values.folded] == ["", ""]
    assert model.sha256 and [file.sha256 for file in parts.folded] == ["table/part-0", "table/part-1"]


def test_imports_are_grouped_by_package() -> None:
    """Dangerous ones are named apart."""
    imports = (("numpy", "ndarray"), ("numpy.random", "x"), ("os", "system"))
    [row] = file_rows(version("m.pkl", pickles=(PickleFile(path="m.pkl", imports=imports),)), ("",), Files())
    assert row.imports and row.imports.dangerous == ("os.system",) and row.imports.total == 3
    assert row.imports.modules == (("numpy", "ndarray, random.x"), ("os", "system"))


def test_a_pickle_that_was_not_read_says_why() -> None:
    unread: tuple[Unread, ...] = ("size", "compression", "count")
    for reason in unread:
        pickle = PickleFile(path="m.pkl", complete=False, unread=reason)
        [row] = file_rows(version("m.pkl", pickles=(pickle,)), ("",), Files())
        assert row.imports and row.imports.unread


def test_earlier_versions_with_the_same_file_are_named() -> None:
    """The newest of them; an empty file and one without a digest have none."""
    versions = [version("a", "b"), version("b"), version("a", "b"), version("b"), version("b")]
    labels = ("v1", "v2", "v3", "v4", "v5")
    expected = (("", ""), ("v1",), ("v1", "v1, v2"), ("v1, v2, v3",), ("v2, v3, v4 and 1 more",))
    assert same_files(versions, labels) == expected
    none = Version(name="1", files=(LoggedFile("a", 0, "", "e"), LoggedFile("b", 1, "", None)))
    assert same_files([none, none], ("v1", "v2")) == (("", ""), ("", ""))
