"""MLflow's casts of values of one type to another, measured by running MLflow.

Rows are old types, columns new ones. yes: accepted unchanged; no: refused; data: some values are accepted, others
refused; alters: accepted, but the model gets other values. Rounding from double to float does not count as altering.
`tests/mlflow/oracle/mlflow_enforcement.py --matrix` prints the tables with MLflow 3.18.0, numpy 2.4 and pandas 3.1;
cells in which 3.17 or 2.22 are harsher are theirs. A test compares the tables with MLflow.
"""

from typing import Literal, cast

Cell = Literal["yes", "no", "data", "alters"]
Table = dict[tuple[str, str], Cell]


def parse_table(text: str) -> Table:
    """A table from its text: the new types in the first line, the old ones in the first column."""
    header, *rows = (line.split() for line in text.strip().splitlines())
    return {(row[0], new): cast(Cell, cell) for row in rows for new, cell in zip(header, row[1:], strict=True)}


SCALARS_FROM_PYTHON = parse_table("""
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
"""Columns of DataFrames. Also for nested values, from Python and over REST, which casts only columns."""

SCALARS_IN_TABLES = parse_table("""
         boolean  integer  long     float    double   string   binary   datetime
boolean  yes      data     data     alters   alters   alters   no       no
integer  alters   yes      yes      yes      yes      yes      no       alters
long     alters   alters   yes      yes      yes      yes      no       alters
float    alters   data     data     yes      yes      yes      no       alters
double   alters   data     data     yes      yes      yes      no       alters
string   alters   data     data     data     data     yes      no       no
binary   alters   no       no       no       no       alters   yes      no
datetime alters   no       no       no       no       alters   no       yes
""")
"""Columns of `dataframe_split` and `dataframe_records`, nulls included.

MLflow before 3.18 turns null into False for boolean; 3.18 keeps it, also if text is expected.
"""

SCALARS_IN_LISTS = parse_table("""
         boolean  integer  long     float    double   string   binary   datetime
boolean  yes      data     data     alters   alters   alters   alters   alters
integer  alters   yes      yes      yes      yes      alters   alters   alters
long     alters   data     yes      yes      yes      alters   alters   alters
float    alters   data     data     yes      yes      alters   alters   no
double   alters   data     data     yes      yes      alters   alters   no
string   alters   data     data     data     data     yes      data     data
binary   alters   no       no       no       no       alters   yes      no
datetime alters   no       no       no       no       alters   alters   yes
""")
"""Values in `inputs` and `instances`, nulls included."""

ROUNDING_CASTS = frozenset((old, new) for old in ("float", "double") for new in ("integer", "long"))
"""Types between which values are altered over REST, and nulls refused."""

SCALARS_IN_CSV = parse_table("""
         boolean  integer  long     float    double   string   binary   datetime
boolean  yes      yes      yes      yes      yes      alters   alters   no
integer  data     yes      yes      yes      yes      alters   alters   no
long     data     data     yes      yes      yes      alters   alters   no
float    data     data     data     yes      yes      alters   alters   no
double   data     data     data     yes      yes      alters   alters   no
string   data     data     data     data     data     yes      yes      no
binary   no       no       no       no       no       yes      yes      no
""")
"""Columns of CSV, which has no datetime."""

ACCIDENTS = frozenset({("string", "binary"), ("binary", "string"), ("binary", "boolean")})
"""Casts that work from Python only because pandas stores both types in columns of one dtype."""

BEFORE_3_18 = frozenset({("boolean", "string")})
"""Casts of tables over REST that alter values only before MLflow 3.18, which turned null into False."""

DTYPES_OVER_REST = parse_table("""
         bool     int8     int16    int32    int64    uint8    uint16   uint32   uint64   float16  float32  float64  object   str
bool     yes      data     data     data     data     data     data     data     data     alters   alters   alters   alters   alters
int8     alters   yes      yes      yes      yes      data     data     data     data     yes      yes      yes      yes      alters
int16    alters   data     yes      yes      yes      data     data     data     data     alters   yes      yes      yes      alters
int32    alters   data     data     yes      yes      data     data     data     data     alters   yes      yes      yes      alters
int64    alters   data     data     data     yes      data     data     data     data     alters   yes      yes      yes      alters
uint8    alters   data     yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      yes      alters
uint16   alters   data     data     yes      yes      data     yes      yes      yes      alters   yes      yes      yes      alters
uint32   alters   data     data     data     yes      data     data     yes      yes      alters   yes      yes      yes      alters
uint64   alters   data     data     data     data     data     data     data     yes      alters   yes      yes      yes      alters
float16  alters   data     data     data     data     data     data     data     data     yes      yes      yes      alters   alters
float32  alters   data     data     data     data     data     data     data     data     alters   yes      yes      alters   alters
float64  alters   data     data     data     data     data     data     data     data     alters   yes      yes      alters   alters
object   alters   data     data     data     data     data     data     data     data     data     data     data     yes      alters
str      alters   data     data     data     data     data     data     data     data     data     data     data     alters   yes
""")  # noqa: E501
"""Tensors in `inputs`, nulls included. From Python only the same dtype is accepted, so there is no table.

For times, complex numbers, bytes and other dtypes only an unchanged dtype counts as accepted.
"""

IN_JSON = frozenset(old for old, _ in DTYPES_OVER_REST)
"""Dtypes whose values exist in JSON. The scoring server makes all others from texts and numbers."""

DTYPES_OF_SPARSE = frozenset(
    (
        *("bool", "float32", "float64", "float128", "complex64", "complex128", "complex256"),
        *(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)),
    )
)
"""Dtypes of sparse matrices."""

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
        "long": ("float", "double"),
        "float": ("double",),
    }.items()
    for new in news
)
"""Types of params between which MLflow converts numbers."""

PARAM_NARROWINGS = frozenset({("long", "integer"), ("double", "float")})
"""Types of params between which MLflow converts only plain Python and JSON numbers, not those of numpy."""
