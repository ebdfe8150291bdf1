/* Tables as pandas builds them: the dtype that it finds for a column, and Series.astype. Pure functions.
   A frame is {names, columns: [{dtype, values, sent}], rows}; `sent` holds what the caller wrote, cell by cell. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault, Refusal, NDArray, NumpyScalar, Timestamp, Bytes, kind } = use.python;
  const { SIZE } = use.types;
  const { RANGES, castObject, castTyped, isFloat, nested } = use.arrays;

  const missing = (value) => value === null || value === undefined || Number.isNaN(value) || (value instanceof Timestamp && value.ns === null);

  /* What of each kind is among values; numpy scalars count as what they hold. */
  function kinds(values) {
    const found = { int: 0, wide: 0, negative: 0, huge: 0, float: 0, nan: 0, none: 0, bool: 0, text: 0, date: 0, other: 0 };
    for (const value of values) {
      switch (typeof value) {
        case "bigint":
          found.int++;
          if (value < 0n) found.negative++;
          if (value > RANGES.uint64[1] || value < RANGES.int64[0]) found.huge++;
          else if (value > RANGES.int64[1]) found.wide++;
          break;
        case "number": if (Number.isNaN(value)) found.nan++; else found.float++; break;
        case "boolean": found.bool++; break;
        case "string": found.text++; break;
        default:
          if (value === null || value === undefined) found.none++;
          else if (value instanceof Timestamp) found.date++;
          else found.other++;
      }
    }
    return found;
  }

  function inferDtype(found) {
    const gaps = found.nan + found.none;
    if (found.other) return "object";
    if (found.text) return found.int || found.float || found.bool || found.date ? "object" : "str";
    if (found.date) return found.int || found.float || found.bool ? "object" : "datetime64[ns]";
    if (found.bool) return found.int || found.float || gaps ? "object" : "bool";
    if (found.huge || (found.wide && found.negative)) return "object";
    if (found.float || found.nan) return "float64";
    if (found.int) return found.none ? "float64" : found.wide ? "uint64" : "int64";
    return "object";
  }

  /* Scalars of numpy keep their size where there is nothing else in a column. */
  function narrowest(dtype, values) {
    if (!/^(int|float)/.test(dtype) || !values.length || !values.every((value) => value instanceof NumpyScalar)) return dtype;
    return dtype.replace(/\d+/, 8 * Math.max(...values.map((value) => SIZE[value.dtype])));
  }

  const sizeOf = (value) => (value instanceof Map ? value.size : value instanceof NDArray ? value.shape[0] : value.length);
  const EMPTY = (value) => typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean" && sizeOf(value) === 0;
  const NUMERAL = /^[ \t\r\n]*[-+]?(?:(\d+)|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?)[ \t\r\n]*$/i;

  /* A value as pandas.to_numeric reads it: null for nothing. */
  function numeral(value) {
    if (missing(value) || EMPTY(value)) return null;
    if (typeof value !== "string") return typeof value === "object" ? new Fault("Invalid object type") : value;
    const found = NUMERAL.exec(value);
    if (!found) return new Fault(`Unable to parse string "${value}"`);
    return found[1] ? BigInt(value.trim().replace("+", "")) : Number(value.replace(/inf(?:inity)?/i, "Infinity"));
  }

  /* pandas.to_numeric of a column of objects: the column, or a Fault. */
  function toNumeric({ values, sent }) {
    const read = values.map(numeral), fault = read.find((value) => value instanceof Fault);
    if (fault) return fault;
    const found = kinds(read);
    if (read.some((value) => typeof value === "bigint" && !Number.isFinite(Number(value)))) {
      return new Fault("int too large to convert to float");
    }
    if (found.wide && (found.none || found.negative)) return { dtype: "object", values, sent };
    if (found.float || found.nan || found.none) {
      return { dtype: "float64", values: read.map((value) => (value === null ? NaN : Number(value))), sent };
    }
    if (found.huge) return { dtype: "object", values: read.map((value) => (typeof value === "boolean" ? null : value)), sent };
    if (!found.int) return { dtype: "bool", values: read, sent };
    return { dtype: found.wide ? "uint64" : "int64", values: read.map(BigInt), sent };
  }

  const unwrap = (value) => (value instanceof NumpyScalar ? value.value : value);

  /* pandas keeps texts in UTF-8, which has no half of a surrogate pair. */
  function encodable(values) {
    if (values.some((value) => typeof value === "string" && /\p{Surrogate}/u.test(value))) {
      throw new Refusal("'utf-8' codec can't encode character: surrogates not allowed");
    }
  }

  /* A column of Python objects, as pandas reads it. */
  function infer(values, sent) {
    const plain = values.some((value) => value instanceof NumpyScalar) ? values.map(unwrap) : values;
    const found = inferDtype(kinds(plain)), dtype = narrowest(found, values);
    let held = plain;
    if (found === "float64") held = plain.map((value) => (value === null || value === undefined ? NaN : Number(value)));
    else if (dtype === "str") {
      encodable(plain);
      held = plain.map((value) => (typeof value === "string" ? value : NaN));
    } else if (dtype === "object") held = plain.map((value) => (value === undefined ? null : value));
    return { dtype, values: held, sent: sent || values };
  }

  /* A column that a one-dimensional array makes. */
  function fromArray(array, sent) {
    const dtype = array.dtype === "U" ? "str" : array.dtype === "S" ? "object" : array.dtype;
    if (dtype === "str") encodable(array.values);
    if (array.dtype !== "object") return { dtype, values: array.values, sent };
    const found = infer(array.values, sent);
    return found.dtype === "str" ? found : { dtype: "object", values: array.values, sent };
  }

  /* A column of one value, repeated. */
  const repeat = (value, rows, sent) => {
    const dtype = value instanceof NumpyScalar ? (value.dtype === "U" ? "str" : value.dtype === "S" ? "object" : value.dtype) : null;
    const values = Array(rows).fill(unwrap(value)), all = Array(rows).fill(sent);
    return { dtype: dtype || infer([value]).dtype, values, sent: all };
  };

  function frame(names, columns, rows) {
    if (names.every((name) => typeof name === "string")) encodable(names);
    return { names, columns, rows };
  }

  /* pandas.DataFrame(list of dicts); `pick` are the columns that split names. A Fault where pandas refuses. */
  function fromRecords(records, pick, raw) {
    const bad = records.find((record) => !(record instanceof Map));
    if (bad !== undefined) return new Fault("each record must be an object: column name to value");
    const names = pick || Array.from(new Set(records.flatMap((record) => Array.from(record.keys()))));
    const columns = names.map((name) => infer(
      records.map((record) => (record.has(name) ? record.get(name) : NaN)),
      raw ? raw.map((record) => record.get(name)) : records.map((record) => record.get(name)),
    ));
    return frame(names, columns, records.length);
  }

  /* pandas.DataFrame(list of lists, or of single values). */
  function fromRows(rows, names) {
    if (!rows.length) return frame(names || [], (names || []).map(() => ({ dtype: "object", values: [], sent: [] })), 0);
    if (rows[0] instanceof Map) return fromRecords(rows, names);
    if (!Array.isArray(rows[0])) {
      if (names && names.length !== 1) {
        return new Fault(`Shape of passed values is (${rows.length}, 1), indices imply (${rows.length}, ${names.length})`);
      }
      return frame(names || [0n], [infer(rows)], rows.length);
    }
    const bad = rows.find((row) => !Array.isArray(row) && typeof row !== "string" && !(row instanceof Map));
    if (bad !== undefined) return new Fault(`object of type '${kind(bad)}' has no len()`);
    const lists = rows.map((row) => (Array.isArray(row) ? row : typeof row === "string" ? Array.from(row) : Array.from(row.keys())));
    let width = 0;
    for (const list of lists) width = Math.max(width, list.length);
    if (names && names.length !== width) return new Fault(`${names.length} columns passed, passed data had ${width} columns`);
    const columns = Array.from({ length: width }, (_, place) => infer(
      lists.map((list) => list[place]),
      rows.map((row) => (Array.isArray(row) ? row[place] : row)),
    ));
    return frame(names || columns.map((_, place) => BigInt(place)), columns, rows.length);
  }

  /* pandas.DataFrame(dict): lists and arrays are columns, single values are repeated, objects are read by their keys. */
  function fromDict(dict, sentOf) {
    const entries = Array.from(dict);
    if (!entries.length) return frame([], [], 0);
    const isColumn = (value) => Array.isArray(value) || (value instanceof NDArray && value.shape.length > 0);
    const sizes = new Set(entries.filter(([, value]) => isColumn(value)).map(([, value]) => (Array.isArray(value) ? value.length : value.shape[0])));
    const maps = entries.filter(([, value]) => value instanceof Map);
    if (sizes.size > 1) return new Fault("All arrays must be of the same length");
    if (maps.length && sizes.size) return new Fault("Mixing dicts with non-Series may lead to ambiguous ordering.");
    if (!maps.length && !sizes.size) return new Fault("If using all scalar values, you must pass an index");
    const keys = maps.length ? Array.from(new Set(maps.flatMap(([, value]) => Array.from(value.keys())))) : null;
    const rows = keys ? keys.length : Array.from(sizes)[0];
    const columns = [];
    for (const [name, value] of entries) {
      const sent = sentOf ? sentOf(name) : value;
      const cells = Array.isArray(sent) ? sent : Array(rows).fill(sent);
      if (value instanceof Map && !rows) columns.push({ dtype: "float64", values: [], sent: [] });
      else if (value instanceof Map) columns.push(infer(keys.map((key) => (value.has(key) ? value.get(key) : NaN)), Array(rows).fill(sent)));
      else if (Array.isArray(value)) columns.push(value.length ? infer(value, cells) : { dtype: "float64", values: [], sent: [] });
      else if (value instanceof NDArray && value.shape.length > 1) return new Fault("Per-column arrays must each be 1-dimensional");
      else if (value instanceof NDArray && value.shape.length) columns.push(fromArray(value, cells));
      else if (value instanceof NDArray && value.values[0] instanceof Map && value.values[0].size !== rows) return new Fault("Length of values does not match length of index");
      else columns.push(repeat(value instanceof NDArray ? value.values[0] : value, rows, sent));
    }
    return frame(entries.map(([name]) => name), columns, rows);
  }

  /* pandas.DataFrame(array). */
  function fromMatrix(array, sent) {
    const depth = array.shape.length;
    if (depth > 2) return new Fault(`Must pass 2-d input. shape=(${array.shape.join(", ")})`);
    if (depth === 0) return new Fault("Must pass 2-d input");
    if (depth === 1) return frame([0n], [fromArray(array, sent)], array.shape[0]);
    const lists = nested(array), width = array.shape[1];
    const pick = (rows, place) => rows.map((row) => (Array.isArray(row) ? row[place] : undefined));
    const columns = Array.from({ length: width }, (_, place) => fromArray(new NDArray(array.dtype, [lists.length], pick(lists, place)), pick(sent || [], place)));
    return frame(columns.map((_, place) => BigInt(place)), columns, lists.length);
  }

  const NONFINITE = "Cannot convert non-finite values (NA or inf) to integer";

  /* Series.astype: the column; `faults` receives [row, Fault] of each value that cannot be cast. */
  function astype(column, dtype, faults) {
    const { dtype: from, values, sent } = column;
    if (from === dtype) return column;
    const toInteger = Object.hasOwn(RANGES, dtype), objects = from === "object" || from === "str";
    const cast = (value) => {
      if (toInteger && isFloat(from) && !Number.isFinite(value)) return new Fault(NONFINITE);
      if (dtype === "object" && value instanceof Bytes) return value;
      return objects ? castObject(value, dtype) : castTyped(value, from, dtype);
    };
    const result = values.map(cast);
    if (toInteger || isFloat(dtype)) result.forEach((value, row) => { if (value instanceof Fault) faults.push([row, value]); });
    return { dtype, values: result, sent };
  }

  use.frames = { toNumeric, infer, inferDtype, kinds, fromArray, fromRecords, fromRows, fromDict, fromMatrix, astype, missing, repeat };
})();
