"""Names of numpy dtypes, without importing numpy: the import takes longer than reading a small registry."""

import re

_NAMES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "float128",
        "complex64",
        "complex128",
        "complex256",
        "object",
        "str",
        "bytes",
        "datetime64",
        "timedelta64",
        "void",
    ]
)
_ALIASES = dict(
    pair.split(":")
    for pair in [
        "int:int64",
        "uint:uint64",
        "float:float64",
        "complex:complex128",
        "double:float64",
        "single:float32",
        "half:float16",
        "long:int64",
        "longlong:int64",
        "ulong:uint64",
        "intc:int32",
        "uintc:uint32",
        "short:int16",
        "ushort:uint16",
        "byte:int8",
        "ubyte:uint8",
        "intp:int64",
        "uintp:uint64",
        "int_:int64",
        "ulonglong:uint64",
        "longdouble:float128",
        "clongdouble:complex256",
        "cfloat:complex128",
        "complex_:complex128",
        "string_:bytes",
        "unicode_:str",
        "bool8:bool",
        "csingle:complex64",
        "cdouble:complex128",
        "bool_:bool",
        "float_:float64",
        "object_:object",
        "str_:str",
        "bytes_:bytes",
        "unicode:str",
        "?:bool",
        "O:object",
        "U:str",
        "S:bytes",
        "b1:bool",
        "f2:float16",
        "f4:float32",
        "f8:float64",
        "e:float16",
        "f:float32",
        "d:float64",
        "i1:int8",
        "i2:int16",
        "i4:int32",
        "i8:int64",
        "b:int8",
        "h:int16",
        "i:int32",
        "l:int64",
        "q:int64",
        "u1:uint8",
        "u2:uint16",
        "u4:uint32",
        "u8:uint64",
        "B:uint8",
        "H:uint16",
        "I:uint32",
        "L:uint64",
        "Q:uint64",
        "c8:complex64",
        "c16:complex128",
        "F:complex64",
        "D:complex128",
        "f16:float128",
        "c32:complex256",
        "g:float128",
        "G:complex256",
        "p:int64",
        "P:uint64",
        "a:bytes",
        "V:void",
        "M:datetime64",
        "M8:datetime64",
        "m:timedelta64",
        "m8:timedelta64",
        "datetime64[generic]:datetime64",
        "timedelta64[generic]:timedelta64",
        "n:int64",
        "N:uint64",
    ]
)


_UNIT = r"\[(?:[1-9]\d{0,8})?(?:[YMWDhms]|[munpfa]s)\]"  # no leading zero: a unit of zero length crashes numpy
_UNITS = re.compile(_UNIT)
_TIMES = re.compile(rf"(datetime64|timedelta64|[Mm]8)({_UNIT})\Z")
_SIZED_DTYPE = re.compile(r"[<>=|]?[USa](\d+)\Z")
_VOID = re.compile(r"[<>=|]?V(\d{0,10})\Z")


def dtype_name(text: str) -> str:
    """The canonical numpy name of a dtype (`float64` for `float` and `<f8`); unknown names are returned unchanged."""
    for name in (text, text.lstrip("<>=|")):
        if name in _NAMES:
            return name
        if name in _ALIASES:
            return _ALIASES[name]
        if time := _TIMES.match(name):
            return _ALIASES.get(time[1], time[1]) + time[2]
    return text


def accepts_dtype(name: str) -> bool:
    """Whether MLflow accepts a dtype: numpy knows it and it is not a fixed-size text. Accepts all structured dtypes."""
    if sized := _SIZED_DTYPE.match(name):
        return int(sized[1]) == 0
    if {",", "("} & set(name):
        return "[" not in _UNITS.sub("", name)  # `datetime64[ns, UTC]` is a pandas dtype
    return name in _NAMES or bool(_TIMES.match(name)) or _is_void(name)


def _is_void(name: str) -> bool:
    """Whether a dtype is a void of a given number of bytes, which numpy stores in 32 bits."""
    void = _VOID.match(name)
    return void is not None and int(void[1] or 0) < 2**31
