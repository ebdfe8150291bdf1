/* What MLflow 3.18 does with data before a model sees it: columns, nested types and tensors. Pure functions, after
   mlflow.models.utils; messages are MLflow's. A value that MLflow refuses gives a Fault; nested ones throw a Refusal. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault, Refusal, NDArray, NumpyScalar, Timestamp, Bytes, kind, toText } = use.python;
  const { NUMPY, PANDAS, SIZE, dtypeKind, typeText } = use.types;
  const { array, nested, castObject, castTyped, isFloat } = use.arrays;
  const { infer, fromArray, missing, toNumeric } = use.frames;

  const shown = (dtype) => ({ U: "<U0", S: "|S0" }[dtype] || dtype);

  /* --- one column of a scalar type --- */

  function isUpcast(from, to) {
    const [a, b] = [dtypeKind(from), dtypeKind(to)];
    if (a === b) return SIZE[from] <= SIZE[to];
    if (a === "u" && b === "i") return SIZE[from] < SIZE[to];
    return (a === "i" || a === "u") && to === "float64" && SIZE[from] <= 6;
  }

  /* _enforce_mlflow_datatype: the column as the model gets it, or a Fault. */
  function enforceSeries(given, type) {
    const numpy = NUMPY[type];
    let column = given;
    if (column.dtype === "object" && type !== "binary" && type !== "string") column = infer(column.values, column.sent);
    const { dtype, values, sent } = column;
    if ((type === "string" || type === "binary") && (dtype === "object" || dtype === "str")) return column;
    if (PANDAS[type] === dtype || numpy === dtype) return column;
    if (type === "datetime" && dtypeKind(dtype) === "M") {
      return new Fault("Please ensure that the input data of datetime column only contains timezone-naive datetime objects.");
    }
    if (type === "datetime" && dtype === "object") return toDates(column);
    if (type === "boolean" && dtype === "object") return column;
    if (type === "double" && dtype === "object") { /* meant for decimals; numpy takes any object for one */
      const numbers = toNumeric(column);
      return numbers instanceof Fault ? new Fault(`Failed to convert from type object to double. ${numbers.why}`) : numbers;
    }
    const few = dtype === "int64" && isFloat(numpy) && values.every((value) => value === 0n || value === 1n);
    if (few || isUpcast(dtype, numpy)) {
      return { dtype: numpy, values: values.map((value) => castTyped(value, dtype, numpy)), sent };
    }
    return new Fault(`Can not safely convert ${dtype} to ${shown(numpy)}.`);
  }

  function toDates({ values, sent }) {
    const dates = values.map((value) => {
      if (missing(value)) return use.dates.NAT;
      if (typeof value === "string") {
        const found = use.dates.alone(value);
        return found instanceof Timestamp && found.zone ? new Fault("cannot supply both a tz and a timezone-naive dtype") : found;
      }
      return typeof value === "boolean" ? new Fault("<class 'bool'> is not convertible to datetime") : use.dates.column([value], "object")[0];
    });
    return dates.find((date) => date instanceof Fault) || { dtype: "datetime64[ns]", values: dates, sent };
  }

  /* --- nested types --- */

  const isNone = (value) => value === null || value === undefined;
  const isNaNFloat = (value) => Number.isNaN(value) || (value instanceof NumpyScalar && value.dtype === "float64" && Number.isNaN(value.value));
  const isScalar = (value) => typeof value !== "object" || value instanceof NumpyScalar || value instanceof Bytes;
  const isEmpty = (value) => (Array.isArray(value) ? value.length === 0 : value instanceof NDArray && value.shape[0] === 0);

  function enforceScalar(value, type, required, path) {
    if (!required && (isNone(value) || isNaNFloat(value) || (value instanceof Timestamp && value.ns === null))) return null;
    if (isNone(value) || !isScalar(value)) throw new Refusal(`Expected data to be scalar, got ${kind(value)}`, path);
    const held = value instanceof NumpyScalar ? { U: "str", S: "object" }[value.dtype] || value.dtype : null;
    const column = held ? { dtype: held, values: [value.value] } : infer([value]);
    const found = enforceSeries(column, type.name);
    if (found instanceof Fault) {
      throw new Refusal(`Failed to enforce schema of data \`${toText(value)}\` with dtype \`${type.name}\`. ${found.why}`, path);
    }
    return found.dtype === "object" || found.dtype === "str" ? found.values[0] : new NumpyScalar(found.dtype, found.values[0]);
  }

  /* Series.to_numpy(dtype) of enforced items. */
  function toNumpy({ dtype, values }, numpy) {
    if (dtype === numpy) return values;
    return values.map((value) => {
      const cast = dtype === "str" || dtype === "object" ? castObject(value, numpy) : castTyped(value, dtype, numpy);
      if (cast instanceof Fault) throw new Refusal(cast.why);
      return cast;
    });
  }

  function enforceArray(value, type, required, path) {
    if ((!required || type.items.kind === "any") && (isNone(value) || isEmpty(value))) return value;
    const isArray = value instanceof NDArray;
    if (!Array.isArray(value) && !(isArray && value.shape.length)) {
      throw new Refusal(`Expected data to be list or numpy array, got ${kind(value)}`, path);
    }
    if (type.items.kind === "scalar") {
      if (isEmpty(value)) return value;
      if (isArray && value.shape.length > 1) throw new Refusal("Data must be 1-dimensional", path);
      const found = enforceSeries(isArray ? fromArray(value) : infer(value), type.items.name);
      if (found instanceof Fault) {
        throw new Refusal(`Incompatible input types for the items of array<${type.items.name}>. ${found.why}`, path);
      }
      const numpy = NUMPY[type.items.name], items = toNumpy(found, numpy);
      return isArray ? new NDArray(numpy, [items.length], items) : items;
    }
    const items = (isArray ? rowsOf(value) : value).map((item, place) => enforceNested(item, type.items, required, `${path}[${place}]`));
    if (!isArray) return items;
    const made = array(items);
    if (made instanceof Fault) throw new Refusal(made.why, path);
    return made;
  }

  function rowsOf(value) {
    const lists = nested(value), inner = value.shape.slice(1);
    return inner.length ? lists.map((list) => array(list, value.dtype === "object" ? "object" : value.dtype)) : lists;
  }

  function enforceObject(value, type, required, path) {
    if (!required && (isNone(value) || (value instanceof Map && value.size === 0))) return value;
    if (!(value instanceof Map)) throw new Refusal(`Expected data to be dictionary, got ${kind(value)}`, path);
    const members = new Map(type.properties.map((one) => [one.name, one]));
    const absent = type.properties.filter((one) => one.required && !value.has(one.name)).map((one) => one.name);
    if (absent.length) throw new Refusal(`Missing required properties: {${absent.map((name) => `'${name}'`).join(", ")}}`, path);
    const unknown = Array.from(value.keys()).filter((name) => !members.has(name));
    if (unknown.length) {
      throw new Refusal(`Invalid properties not defined in the schema found: {${unknown.map((name) => `'${name}'`).join(", ")}}`, path);
    }
    return new Map(Array.from(value, ([name, item]) => {
      const member = members.get(name), inner = path ? `${path}.${name}` : name;
      try {
        return [name, enforceNested(item, member.type, member.required, inner)];
      } catch (error) {
        if (!(error instanceof Refusal) || error.path !== inner) throw error;
        throw new Refusal(`Failed to enforce schema for key \`${name}\`. Expected type ${typeText(member.type)}, received type ${kind(item)}`, inner);
      }
    }));
  }

  function enforceMap(value, type, required, path) {
    if ((!required || type.items.kind === "any") && (isNone(value) || (value instanceof Map && value.size === 0))) return value;
    if (!(value instanceof Map)) throw new Refusal(`Expected data to be a dict, got ${kind(value)}`, path);
    return new Map(Array.from(value, ([name, item]) => [name, enforceNested(item, type.items, required, path ? `${path}.${name}` : name)]));
  }

  const NESTED = { scalar: enforceScalar, array: enforceArray, object: enforceObject, map: enforceMap, any: (value) => value };
  /* _enforce_type: the value as the model gets it. Throws a Refusal. */
  const enforceNested = (value, type, required, path) => NESTED[type.kind](value, type, required, path || "");

  /* --- tensors --- */

  /* _enforce_tensor_spec: the array, or a Fault. */
  function enforceTensor(values, spec) {
    const { shape, dtype } = spec, { shapeText } = use.arrays;
    if (shape.length === 1 && shape[0] === -1 && dtype === "object") return values;
    if (shape.length > 1 && shape.slice(1).includes(-1) && values.shape.length === 1 && values.dtype === "object") return values;
    if (shape.length !== values.shape.length || shape.some((size, axis) => size !== -1 && size !== values.shape[axis])) {
      return new Fault(`Shape of input ${shapeText(values.shape)} does not match expected shape ${shapeText(shape)}.`);
    }
    if (values.dtype !== dtype) return new Fault(`dtype of input ${values.dtype} does not match expected dtype ${dtype}`);
    return values;
  }

  /* _reshape_and_cast_pandas_column_values: a column of a table as a tensor, or a Fault. */
  function columnToTensor(column, spec) {
    const { shape, dtype } = spec, label = use.arrays.shapeText(shape);
    if (shape[0] !== -1 || shape.slice(1).includes(-1)) {
      return new Fault(`For pandas dataframe input, the first dimension of shape must be a variable dimension and other dimensions must be fixed, but the shape is ${label}.`);
    }
    if (!column.values.length) return new Fault("single positional indexer is out-of-bounds");
    const first = column.values[0];
    if (isScalar(first) || first instanceof Timestamp) {
      if (!(shape.length === 1 || (shape.length === 2 && shape[1] === 1))) {
        return new Fault(`The column contains scalar values, which requires the shape to be (-1,) or (-1, 1), but got tensor spec shape of ${label}.`);
      }
      const typed = column.dtype !== "object" && column.dtype !== "str";
      const cast = () => new NDArray(dtype, [column.values.length], column.values.map((value) => castTyped(value, column.dtype, dtype)));
      const made = typed ? cast() : array(column.values, dtype);
      if (made instanceof Fault) return made;
      if (made.shape.length !== 1) return new Fault("the values are no scalars");
      return enforceTensor(new NDArray(dtype, shape.length === 1 ? made.shape : [made.shape[0], 1], made.values), spec);
    }
    if (!Array.isArray(first) || !first.length || isNone(first[0]) || !isScalar(first[0])) {
      return new Fault("Because the model signature requires tensor spec input, the input pandas dataframe values should be either scalar value, python list containing scalar values or numpy array containing scalar values, other types are not supported.");
    }
    const stacked = stack(column.values), width = shape.slice(1).reduce((all, size) => all * size, 1);
    const bad = new Fault(`The value could not be converted to the expected shape of: '${label}'. Ensure that each of the input list elements are of uniform length and that the data can be coerced to the tensor type '${shown(dtype)}'`);
    if (stacked instanceof Fault || width === 0 || stacked.values.length !== width * column.values.length) return bad;
    const cast = stacked.values.map((value) => castTyped(value, stacked.dtype, dtype));
    return cast.some((value) => value instanceof Fault) ? bad : new NDArray(dtype, [column.values.length, ...shape.slice(1)], cast);
  }

  /* numpy.vstack: lists one below the other, all as wide as the first. */
  function stack(lists) {
    const rows = lists.map((list) => array(list));
    const tail = ({ shape }) => (shape.length > 1 ? shape.slice(1) : [shape.length ? shape[0] : 1]).join(",");
    const fault = rows.find((row) => row instanceof Fault);
    if (fault) return fault;
    if (rows.some((row) => tail(row) !== tail(rows[0]))) {
      return new Fault("all the input array dimensions except for the concatenation axis must match exactly");
    }
    const dtype = commonOf(rows);
    return { dtype, values: rows.flatMap((row) => row.values.map((value) => castTyped(value, row.dtype, dtype))) };
  }

  const ORDER = ["bool", "int64", "uint64", "float64", "U", "object"];
  const commonOf = (rows) => ORDER[Math.max(...rows.map((row) => ORDER.indexOf(row.dtype)))];

  use.enforce = { Refusal, enforceSeries, enforceNested, enforceTensor, columnToTensor, isScalar, isNone, toDates };
})();
