"""What MLflow makes of values of one type where it expects another, as measured by asking MLflow itself.

Rows are old types, columns new ones. yes: taken unchanged; no: refused; data: some values are taken, some refused;
alters: taken, but the model sees other values. Rounding from double to float does not count as altering. The tables
are what `tests/mlflow/oracle/mlflow_enforcement.py --matrix` prints with MLflow 3.17.2, numpy 2.4 and pandas 3.1, and
a test asks MLflow again.
"""

from typing import Literal, cast

Cell = Literal["yes", "no", "data", "alters"]
Table = dict[tuple[str, str], Cell]


def table(text: str) -> Table:
    """A table from its text: the new types in the first line, the old ones in the first column."""
    header, *rows = (line.split() for line in text.strip().splitlines())
    return {(row[0], new): cast(Cell, cell) for row in rows for new, cell in zip(header, row[1:], strict=True)}


SCALARS_FROM_PYTHON = table("""
         boolean  integer  long     float    double   string   binary   datetime
boolean  yes      no       no       no       no       no       no       no
integer  no       yes      yes      no       yes      no       no       no
long     no       no       yes      data     data     no       no       no
float    no       no       no       yes      yes      no       no       no
double   no       no       no       no       yes      no       no       no
string   no       no       no       no       no       yes      yes      no
binary   yes      no       no       no       data     yes      yes      no
datetime no       no       no       no       no       no       no       yes
""")
"""Columns of DataFrames. What is nested in them follows the same table on both routes: REST casts only columns."""

SCALARS_OVER_REST = table("""
         boolean  integer  long     float    double   string   binary   datetime
boolean  yes      yes      yes      yes      yes      yes      no       no
integer  alters   yes      yes      yes      yes      yes      no       alters
long     alters   alters   yes      yes      yes      yes      no       alters
float    alters   alters   alters   yes      yes      yes      no       alters
double   alters   alters   alters   yes      yes      yes      no       alters
string   alters   data     data     data     data     yes      no       no
binary   alters   no       no       no       no       alters   yes      no
datetime alters   no       no       no       no       alters   no       yes
""")
"""Columns of JSON tables."""

ACCIDENTS = frozenset({("string", "binary"), ("binary", "string"), ("binary", "boolean")})
"""What Python callers get away with because pandas holds both in columns of one dtype."""

DTYPES_OVER_REST = table("""
         bool     int8     int16    int32    int64    uint8    uint16   uint32   uint64   float16  float32  float64  object   str
bool     yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      alters
int8     alters   yes      yes      yes      yes      data     data     data     data     yes      yes      yes      yes      alters
int16    alters   data     yes      yes      yes      data     data     data     data     alters   yes      yes      yes      alters
int32    alters   data     data     yes      yes      data     data     data     data     alters   yes      yes      yes      alters
int64    alters   data     data     data     yes      data     data     data     data     alters   yes      yes      yes      alters
uint8    alters   data     yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      alters
uint16   alters   data     data     yes      yes      data     yes      yes      yes      alters   yes      yes      yes      alters
uint32   alters   data     data     data     yes      data     data     yes      yes      alters   yes      yes      yes      alters
uint64   alters   data     data     data     data     data     data     data     yes      alters   yes      yes      yes      alters
float16  alters   alters   alters   alters   alters   data     data     data     data     yes      yes      yes      yes      alters
float32  alters   alters   alters   alters   alters   data     data     data     data     alters   yes      yes      yes      alters
float64  alters   alters   alters   alters   alters   data     data     data     data     alters   yes      yes      yes      alters
object   alters   data     data     data     data     data     data     data     data     data     data     data     yes      yes
str      alters   data     data     data     data     data     data     data     data     data     data     data     yes      yes
""")  # noqa: E501
"""Tensors in JSON. From Python only the same dtype is taken, so there is no table.

Of times, complex numbers, bytes and the other dtypes of numpy only what stays as it is counts as taken.
"""

IN_JSON = frozenset(old for old, _ in DTYPES_OVER_REST)
"""Dtypes whose values JSON has. Of texts and numbers in their place the scoring server makes the others."""

DTYPE_OF_SCALAR = {
    "boolean": "bool",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
}
"""The numpy dtype of a column of a number type."""

PARAM_WIDENINGS = frozenset(
    (old, new)
    for old, news in {
        "integer": ("long", "float", "double"),
        "long": ("integer", "float", "double"),
        "float": ("double",),
        "double": ("float",),
    }.items()
    for new in news
)
"""Types of params between which MLflow moves plain Python and JSON numbers; numpy's keep their width and may fail."""
