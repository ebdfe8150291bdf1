"""Names of numpy's dtypes: numpy itself takes longer to import than a small registry takes to read."""

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
        "longdouble",
        "complex64",
        "complex128",
        "object",
        "str",
        "bytes",
        "datetime64",
        "timedelta64",
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
    ]
)


def dtype_name(text: str) -> str:
    """numpy's own name of a dtype (`float` and `<f8` are `float64`); a name it does not know stays as it is."""
    for name in (text, text.lstrip("<>=|")):
        if name in _NAMES:
            return name
        if name in _ALIASES:
            return _ALIASES[name]
    return text
