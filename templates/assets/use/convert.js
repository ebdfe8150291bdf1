/* The body of a request as MLflow's scoring server casts it to a schema, before enforcement. Pure functions, after
   mlflow.utils.proto_json_utils. Bad values go to `issues`; what stops everything throws a Refusal. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault, NDArray, NumpyScalar, utf8, decode, kind } = use.python;
  const { NUMPY, PANDAS } = use.types;
  const { array, scalar } = use.arrays;
  const { fromRows, fromDict, astype, missing, repeat } = use.frames;
  const { Refusal, enforceNested, isScalar, isNone } = use.enforce;

  const orRefuse = (found) => {
    if (found instanceof Fault) throw new Refusal(found.why);
    return found;
  };

  /* --- tables --- */

  function splitFrame(body) {
    if (!(body instanceof Map)) throw new Refusal(`Dataframe split format must be a dictionary. Got ${kind(body)}.`);
    const extra = Array.from(body.keys()).filter((key) => !["columns", "data", "index"].includes(key));
    if (!body.has("data") || extra.length) {
      throw new Refusal(`Dataframe split format must have 'data' field and optionally 'columns' and 'index' fields. Got {${Array.from(body.keys(), (key) => `'${key}'`).join(", ")}}.`);
    }
    const data = body.get("data"), index = body.get("index");
    const columns = columnNames(body.get("columns"));
    let made;
    if (Array.isArray(data)) made = orRefuse(fromRows(data, columns));
    else if (data instanceof Map) made = dictFrame(data, columns);
    else if (isNone(data)) made = orRefuse(fromRows([], columns));
    else if (columns && Array.isArray(index)) return { names: columns, columns: columns.map(() => repeat(data, index.length, data)), rows: index.length };
    else throw new Refusal("DataFrame constructor not properly called!");
    return withIndex(made, index, data);
  }

  function listOf(given) {
    const found = given instanceof Map ? Array.from(given.keys()) : given;
    if (!Array.isArray(found)) throw new Refusal("Index(...) must be called with a collection of some kind");
    return found;
  }

  /* Lists in a list are the levels of pandas' MultiIndex: as many names as each of them has. */
  function levelsOf(names) {
    if (!names.length || !names.every(Array.isArray)) return null;
    if (names.some((level) => level.length !== names[0].length)) throw new Refusal("all arrays must be same length");
    return names[0].map((_, place) => names.map((level) => level[place]));
  }

  function columnNames(given) {
    if (isNone(given)) return null;
    const names = listOf(given), levels = levelsOf(names);
    if (!levels && names.some((name) => typeof name === "object" && name !== null)) throw new Refusal("columns must be a list of names");
    return levels || names;
  }

  function dictFrame(data, columns) {
    if (!columns) return orRefuse(fromDict(data));
    const picked = new Map(columns.filter((name) => data.has(name)).map((name) => [name, data.get(name)]));
    const made = orRefuse(fromDict(picked)), absent = columns.filter((name) => !data.has(name));
    const gap = () => ({ dtype: "object", values: Array(made.rows).fill(NaN), sent: Array(made.rows).fill(undefined) });
    return { names: made.names.concat(absent), columns: made.columns.concat(absent.map(gap)), rows: made.rows };
  }

  function withIndex(made, given, data) {
    if (isNone(given)) return made;
    const { columns, rows } = made, names = listOf(given), size = (levelsOf(names) || names).length;
    if (size === rows || !columns.length) return made;
    const nested = Array.isArray(data) && typeof data[0] === "object" && data[0] !== null;
    if (rows && !(rows === 1 && nested)) {
      throw new Refusal(`Shape of passed values is (${rows}, ${columns.length}), indices imply (${size}, ${columns.length})`);
    }
    const repeated = (column) => ({ dtype: column.dtype, values: Array(size).fill(column.values[0]), sent: column.sent });
    const empty = () => ({ dtype: "object", values: Array(size).fill(NaN), sent: Array(size).fill(undefined) });
    const fill = rows ? repeated : empty;
    return { ...made, columns: columns.map(fill), rows: size };
  }

  function recordsFrame(body) {
    if (!Array.isArray(body)) {
      throw new Refusal(`Dataframe records format must be a list of records. Got ${body instanceof Map ? "dictionary" : `type ${kind(body)}`}.`);
    }
    return orRefuse(fromRows(body, null));
  }

  /* cast_df_types_according_to_schema: the table with each column of the schema cast. */
  function castFrame(table, schema, issues) {
    const columns = table.columns.slice();
    table.names.forEach((name, place) => {
      const spec = single(schema) ? schema.specs[0] : schema.named ? schema.byName.get(name) : schema.specs[place];
      if (spec && !isNaNName(table.names, name)) columns[place] = castColumn(table.columns[place], spec, schema, issues, name);
    });
    return { ...table, columns };
  }

  /* A name that becomes NaN among numbers: MLflow does not find it again, and casts nothing. */
  function isNaNName(names, name) {
    const isNumber = (one) => typeof one === "number" || typeof one === "bigint";
    return Number.isNaN(name) || (isNone(name) && names.some(isNumber) && names.every((one) => isNone(one) || isNumber(one)));
  }

  const single = (schema) => schema.tensors && !schema.named && schema.specs.length === 1;

  function castColumn(column, spec, schema, issues, name) {
    const faults = [], { type } = spec;
    let found = column;
    if (schema.tensors) found = castTensorColumn(column, spec, faults);
    else if (type.kind === "scalar") found = CASTS[type.name] ? CASTS[type.name](column, faults) : plainCast(column, PANDAS[type.name], faults);
    else if (type.kind !== "any") {
      const required = schema.named ? spec.required : typeof name === "bigint";
      found = { ...column, dtype: "object", values: column.values.map((value, row) => nestedCell(value, type, required, row, faults)) };
    }
    if (!faults.length) return found;
    issues.cells(spec.name, column, faults);
    return { ...found, failed: true };
  }

  function nestedCell(value, type, required, row, faults) {
    try {
      return enforceNested(value, type, required);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      faults.push([row, new Fault(error.why), error.path]);
      return null;
    }
  }

  function plainCast(column, dtype, faults) {
    if ((dtype === "object" || dtype === "U") && column.dtype === "str") return column;
    return astype(column, dtype, faults);
  }

  function castTensorColumn(column, spec, faults) {
    if (!column.values.length) {
      faults.push([0, new Fault("single positional indexer is out-of-bounds")]);
      return column;
    }
    if (spec.dtype === "S") {
      return mapCells(column, faults, (value) => (typeof value === "string" ? utf8(value) : new Fault("encoding without a string argument")));
    }
    return Array.isArray(column.values[0]) ? column : plainCast(column, spec.dtype, faults);
  }

  function mapCells(column, faults, convert) {
    const values = column.values.map((value, row) => {
      const found = convert(value);
      if (found instanceof Fault) faults.push([row, found]);
      return found;
    });
    return { ...column, dtype: "object", values };
  }

  const CASTS = {
    binary: (column, faults) => mapCells(column, faults, (value) => (typeof value === "string" ? decode(value)
      : new Fault("base64 text expected: encoding without a string argument"))),
    boolean: (column, faults) => {
      if (!column.values.some(missing)) return plainCast(column, "bool", faults);
      if (column.values.every(missing)) return column;
      return { ...column, dtype: "object", values: column.values.map((value) => (missing(value) ? value : use.python.toBool(value))) };
    },
    datetime: (column, faults) => {
      const values = use.dates.column(column.values, column.dtype);
      values.forEach((value, row) => { if (value instanceof Fault) faults.push([row, value]); });
      return { ...column, dtype: values.some((value) => value.zone) ? "datetime64[ns, tz]" : "datetime64[ns]", values };
    },
  };

  /* --- inputs and instances --- */

  /* convert_data_type: one value, list or array as its spec wants it. Throws a Refusal. */
  function convertValue(value, spec, report) {
    if (!spec) return orRefuse(array(value));
    if (spec.dtype) return typedArray(value, spec.dtype, report);
    const { type } = spec;
    if (type.kind === "any") return value;
    if (type.kind === "array") return orRefuse(array(enforceNested(value, type, spec.required)));
    if (type.kind !== "scalar") return enforceNested(value, type, spec.required);
    const dtype = NUMPY[type.name];
    if (["boolean", "string", "binary"].includes(type.name)) {
      if (isNone(value)) return null;
      if (Array.isArray(value) && value.some(isNone) && value.every((item) => isNone(item) || isScalar(item))) {
        return new NDArray("object", [value.length], value.map((item) => (isNone(item) ? null : orRefuse(scalar(item, dtype)))));
      }
    }
    return Array.isArray(value) ? typedArray(value, dtype, report) : oneValue(value, dtype);
  }

  /* numpy.array(value, dtype); `report` hears of each bad value. */
  function typedArray(value, dtype, report) {
    const faults = [], made = array(value, dtype, report && faults);
    if (made instanceof Fault && faults.length) report(faults);
    return orRefuse(made);
  }

  /* numpy.array([value], dtype)[0] */
  function oneValue(value, dtype) {
    const made = orRefuse(array([value], dtype));
    return made.shape.length > 1 ? new NDArray(made.dtype, made.shape.slice(1), made.values) : new NumpyScalar(made.dtype, made.values[0]);
  }

  const isRecords = (value) => Array.isArray(value) && value.every((item) => item instanceof Map);

  /* Each value of an object, all faults told. */
  function convertMap(map, schema, issues, row) {
    const found = new Map();
    for (const [name, value] of map) {
      const spec = schema.named ? schema.byName.get(name) : undefined;
      try {
        found.set(name, convertValue(value, spec, (faults) => issues.values(name, value, faults)));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        issues.refuse({ column: name, row, sent: value, why: error.why, path: error.path });
      }
    }
    return found;
  }

  /* _cast_schema_type: data, and what was sent for it. */
  function castInputs(given, schema, issues) {
    let value = given;
    const [only] = schema.specs;
    if (schema.named && schema.specs.length === 1 && Array.isArray(value) && !value.some((item) => item instanceof Map)) value = new Map([[only.name, value]]);
    else if (!schema.named && !Array.isArray(value) && (isNone(value) || !isScalar(value))) {
      throw new Refusal(`Failed to parse input data. This model contains an un-named model signature which expects a single n-dimensional array or a single value as input, however, an input of type <class '${kind(value)}'> was found.`);
    }
    if (value instanceof Map) return { data: convertMap(value, schema, issues), raw: value };
    if (isRecords(value)) return { data: value.map((item, row) => convertMap(item, schema, issues, row)), raw: value };
    return { data: convertValue(value, only, (faults) => issues.values(only.name, value, faults)), raw: value };
  }

  /* parse_instances_data. */
  function castInstances(given, schema, issues) {
    let found;
    if (Array.isArray(given) && given[0] instanceof Map) found = columnsOf(given, schema, issues);
    else found = castInputs(given, schema, issues);
    if (found.data instanceof Map) sameLengths(found.data, schema);
    return found;
  }

  function columnsOf(records, schema, issues) {
    const lists = new Map(), raw = new Map();
    records.forEach((record, row) => {
      if (!(record instanceof Map)) throw new Refusal(`'${kind(record)}' object has no attribute 'items'`);
      for (const [name, value] of convertMap(record, schema, issues, row)) {
        if (!lists.has(name)) { lists.set(name, []); raw.set(name, records.map((one) => (one instanceof Map ? one.get(name) : undefined))); }
        lists.get(name).push(value);
      }
    });
    if (issues.found.length) return { data: null, raw };
    return { data: new Map(Array.from(lists, ([name, values]) => [name, orRefuse(stackValues(values))])), raw };
  }

  /* numpy.array of converted values. */
  function stackValues(values) {
    const scalars = values.filter((value) => value instanceof NumpyScalar);
    if (scalars.length && scalars.length === values.length) {
      return new NDArray(scalars[0].dtype, [values.length], values.map((value) => value.value));
    }
    return array(values.map((value) => (value instanceof NumpyScalar ? value.value : value)));
  }

  function sameLengths(data, schema) {
    const lists = Array.from(data).filter(([, value]) => Array.isArray(value) || value instanceof NDArray);
    const lengths = new Map(lists.map(([name, value]) => [name, Array.isArray(value) ? value.length : value.shape[0]]));
    const counts = (spec) => spec.required && (schema.tensors || spec.type.kind !== "array") && lengths.has(spec.name);
    const names = schema.named
      ? schema.specs.filter(counts).map((spec) => spec.name)
      : Array.from(lengths.keys());
    const sizes = new Set(names.map((name) => lengths.get(name)));
    if (sizes.size > 1) throw new Refusal("The length of values for each input/column name are not the same");
    if (names.length && sizes.has(undefined)) throw new Refusal("len() of unsized object");
  }

  use.convert = { splitFrame, recordsFrame, castFrame, castInputs, castInstances, orRefuse };
})();
