/* MLflow's _enforce_schema: data of any form against the inputs of a signature. Pure functions.
   Gives the columns as a model gets them, [{name, spec, got, sent}]; what is refused goes to `issues`. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault, NDArray, kind } = use.python;
  const { array, nested } = use.arrays;
  const { infer, fromRows, fromRecords, fromDict, fromMatrix } = use.frames;
  const { Refusal, enforceSeries, enforceNested, enforceTensor, columnToTensor, isScalar, isNone } = use.enforce;

  const isFrame = (data) => data !== null && typeof data === "object" && Array.isArray(data.columns) && Array.isArray(data.names);
  const orRefuse = use.convert.orRefuse;

  /* Data of a signature of columns as a table. */
  function toFrame(data, raw, schema) {
    if (isFrame(data)) return data;
    if (!isNone(data) && isScalar(data)) return { names: [0n], columns: [infer([data], [raw])], rows: 1 };
    if (data instanceof Map) return mapFrame(data, raw, schema);
    if (Array.isArray(data)) {
      if (data[0] instanceof Map) return orRefuse(fromRecords(data, null, raw));
      return orRefuse(fromRows(data, null));
    }
    if (data instanceof NDArray) return orRefuse(fromMatrix(data, Array.isArray(raw) ? raw : [raw]));
    throw new Refusal(`Expected input to be DataFrame. Found: ${kind(data)}`);
  }

  function mapFrame(data, raw, schema) {
    const values = Array.from(data.values());
    const oneRow = schema.specs.some((spec) => spec.type.kind === "array" || spec.type.kind === "object")
      || values.every((value) => isNone(value) || isScalar(value) || (Array.isArray(value) && value.every((item) => typeof item === "string")));
    if (oneRow) return orRefuse(fromRecords([data], null, [raw]));
    const deep = values.some((value) => value instanceof NDArray && value.shape.length > 1);
    const listed = (value) => (value instanceof NDArray && value.shape.length > 1 ? nested(value) : value);
    const lists = deep ? new Map(Array.from(data, ([name, value]) => [name, listed(value)])) : data;
    const made = fromDict(lists, (name) => raw.get(name));
    if (made instanceof Fault) {
      throw new Refusal(`This model contains a column-based signature, which suggests a DataFrame input. There was an error casting the input data to a DataFrame: ${made.why}`);
    }
    return made;
  }

  /* "Model is missing inputs": true where nothing is missing. */
  function checkNames(names, schema, issues) {
    const there = new Set(names), absent = schema.specs.filter((spec) => spec.required && !there.has(spec.name)).map((spec) => spec.name);
    issues.ignore(Array.from(there).filter((name) => !schema.byName.has(name)));
    for (const name of absent) issues.absent(name, Array.from(there).filter((other) => !schema.byName.has(other)));
    return !absent.length;
  }

  function enforceColumn(column, spec, name, required, issues) {
    if (column.failed) return null;
    if (spec.type.kind === "scalar") {
      const found = enforceSeries(column, spec.type.name);
      if (!(found instanceof Fault)) return { name, spec, got: found.values, sent: column.sent };
      issues.column(name, column, `Incompatible input types for column ${name}. ${found.why}`);
      return null;
    }
    const faults = [];
    const got = column.values.map((value, row) => {
      try {
        return enforceNested(value, spec.type, required);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        faults.push([row, new Fault(error.why), error.path]);
        return null;
      }
    });
    if (faults.length) issues.cells(name, column, faults);
    return faults.length ? null : { name, spec, got, sent: column.sent };
  }

  function enforceColumns(data, raw, schema, issues) {
    const table = toFrame(data, raw, schema), { names, columns } = table;
    if (!schema.named) {
      if (names.length < schema.specs.length) {
        throw new Refusal(`Model inference is missing inputs. The model signature declares ${schema.specs.length} inputs but the provided value only has ${names.length} inputs.`);
      }
      issues.ignore(names.slice(schema.specs.length).map(String));
      return schema.specs.map((spec, place) => {
        if (twice(names, names[place], issues)) return null;
        return enforceColumn(columns[place], spec, spec.name, true, issues);
      });
    }
    checkNames(names, schema, issues);
    return schema.specs.filter((spec) => names.includes(spec.name)).map((spec) => {
      if (twice(names, spec.name, issues)) return null;
      return enforceColumn(columns[names.indexOf(spec.name)], spec, spec.name, spec.required, issues);
    });
  }

  function twice(names, name, issues) {
    const same = (each) => (typeof each === "boolean" ? BigInt(each) : Number.isInteger(each) ? BigInt(each) : each); /* False == 0 */
    const keys = names.map(same), more = keys.indexOf(same(name)) !== keys.lastIndexOf(same(name));
    if (more) {
      issues.refuse({ column: name, why: "'DataFrame' object has no attribute 'dtype': a column of this name is sent twice" });
    }
    return more;
  }

  /* --- tensors --- */

  function enforceTensors(data, raw, schema, issues) {
    if (!schema.named) {
      return [one(unnamedTensor(data, schema.specs[0]), schema.specs[0], isFrame(data) ? framedCells(data) : raw, issues)];
    }
    let given = data, sent = raw;
    if (given instanceof NDArray && schema.specs.length === 1) {
      given = new Map([[schema.specs[0].name, data]]);
      sent = new Map([[schema.specs[0].name, raw]]);
    }
    const names = isFrame(given) ? given.names : given instanceof Map ? Array.from(given.keys()) : [];
    if (!checkNames(names, schema, issues)) return [];
    return schema.specs.map((spec) => {
      const place = isFrame(given) ? given.names.indexOf(spec.name) : -1;
      if (isFrame(given) && twice(names, spec.name, issues)) return null;
      if (isFrame(given) && given.columns[place].failed) return null;
      const found = isFrame(given) ? columnToTensor(given.columns[place], spec) : namedTensor(given.get(spec.name), spec);
      return one(found, spec, isFrame(given) ? given.columns[place].sent : sent.get(spec.name), issues);
    });
  }

  function namedTensor(value, spec) {
    if (value instanceof NDArray) return enforceTensor(value, spec);
    return new Fault(`This model contains a tensor-based model signature with input names, which suggests a dictionary input mapping input name to a numpy array, but a dict with value type <class '${kind(value)}'> was found.`);
  }

  function one(found, spec, sent, issues) {
    if (!(found instanceof Fault)) return found === null ? null : { name: spec.name, spec, got: found, sent };
    issues.refuse({ column: spec.name, sent, why: found.why });
    return null;
  }

  const framedCells = (table) => Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => column.sent[row]));

  function unnamedTensor(data, spec) {
    if (data instanceof NDArray) return enforceTensor(data, spec);
    if (!isFrame(data)) {
      return new Fault(`This model contains a tensor-based model signature with no input names, which suggests a numpy array input or a pandas dataframe input with proper column values, but an input of type <class '${kind(data)}'> was found.`);
    }
    const { columns, rows } = data, width = columns.length;
    if (columns.some((column) => column.failed)) return null;
    if (!rows || !width) return new Fault("Input DataFrame is empty.");
    if (width === 1) return columnToTensor(columns[0], spec);
    if (spec.shape.length !== 2 || spec.shape[0] !== -1 || spec.shape[1] !== width) {
      return new Fault(`This model contains a model signature with an unnamed input. The input DataFrame passed had ${width} columns and an input shape of ${use.arrays.shapeText(spec.shape)}: it must be (-1, ${width}).`);
    }
    return enforceTensor(matrixOf(columns, rows), spec);
  }

  /* DataFrame.to_numpy of columns of one or several dtypes. */
  function matrixOf(columns, rows) {
    const dtypes = new Set(columns.map((column) => column.dtype)), numbers = columns.every((column) => /^u?int|^float/.test(column.dtype));
    let dtype = "object";
    if (dtypes.size === 1) dtype = columns[0].dtype === "str" ? "object" : columns[0].dtype;
    else if (numbers) dtype = "float64";
    const cast = columns.map((column) => (dtype === "float64" ? column.values.map(Number) : column.values));
    return new NDArray(dtype, [rows, columns.length], Array.from({ length: rows }, (_, row) => cast.map((values) => values[row])).flat(1));
  }

  /* The columns or tensors as a model gets them; null for each that is refused. Throws a Refusal for what stops everything. */
  function enforceSchema(data, raw, schema, issues) {
    return schema.tensors ? enforceTensors(data, raw, schema, issues) : enforceColumns(data, raw, schema, issues);
  }

  use.schema = { enforceSchema, isFrame, array };
})();
