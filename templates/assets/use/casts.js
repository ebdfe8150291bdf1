/* The line of code that makes Python accept data which MLflow casts for REST callers alone. Pure functions. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault, NDArray } = use.python;
  const { Refusal } = use.enforce;

  function castOf(name, column, spec) {
    const target = spec.dtype || use.types.NUMPY[spec.type.name], faults = [];
    if (["U", "S", "bool", "object"].includes(target)) return null;
    const first = column.values.find((value) => typeof value === "string");
    if (first !== undefined && !target.startsWith("datetime") && use.python.toFloat(first) instanceof Fault) return null;
    const values = target.startsWith("datetime") ? use.enforce.toDates(column) : use.frames.astype(column, target, faults);
    if (values instanceof Fault || faults.length) return null;
    return target;
  }

  function castsFor(found, schema, python) {
    if (python.verdict !== "refused" || !schema) return null;
    try {
      return schema.tensors ? tensorCasts(python.data, schema) : frameCasts(found, python.data, schema);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return null;
    }
  }

  function frameCasts(found, data, schema) {
    let table = data;
    const wrapped = data !== null && !use.schema.isFrame(data);
    if (wrapped && data instanceof Map && Array.from(data.values()).every(Array.isArray)) table = use.convert.orRefuse(use.frames.fromDict(data));
    else if (wrapped && Array.isArray(data) && data[0] instanceof Map) table = use.convert.orRefuse(use.frames.fromRecords(data));
    if (!table || !use.schema.isFrame(table)) return null;
    const columns = [];
    const cast = { ...table, columns: table.columns.map((column, place) => {
      const name = table.names[place], spec = schema.named ? schema.byName.get(name) : schema.specs[place];
      if (typeof name !== "string" && typeof name !== "bigint") return column; /* null, true, 1.5: no key that a reader would write */
      if (!spec || spec.type.kind !== "scalar" || !(use.enforce.enforceSeries(column, spec.type.name) instanceof Fault)) {
        return column;
      }
      const target = castOf(name, column, spec);
      if (target) columns.push([name, target, column.dtype, spec.name]);
      return target ? (target.startsWith("datetime") ? use.enforce.toDates(column) : use.frames.astype(column, target, [])) : column;
    }) };
    if (!columns.length) return null;
    const keys = columns.map(([name, target]) => `${typeof name === "bigint" ? name : JSON.stringify(name)}: "${target}"`);
    return { code: `data = ${wrapped ? "pd.DataFrame(data)" : "data"}.astype({${keys.join(", ")}})`, columns, data: cast };
  }

  function tensorCasts(data, schema) {
    const columns = [];
    const cast = (value, spec) => {
      if (!(value instanceof NDArray) || value.dtype === spec.dtype || value.dtype === "object") return value;
      const target = castOf(spec.name, { dtype: value.dtype, values: value.values, sent: value.values }, spec);
      if (!target) return value;
      columns.push([spec.name, target, value.dtype, spec.name]);
      return new NDArray(target, value.shape, value.values.map((item) => use.arrays.castTyped(item, value.dtype, target)));
    };
    if (data instanceof NDArray) {
      const found = cast(data, schema.specs[0]);
      return columns.length ? { code: `data = data.astype("${columns[0][1]}")`, columns, data: found } : null;
    }
    if (!(data instanceof Map)) return null;
    const found = new Map(Array.from(data, ([name, value]) => [name, schema.byName.has(name) ? cast(value, schema.byName.get(name)) : value]));
    const keys = columns.map(([name, target]) => `${JSON.stringify(name)}: data[${JSON.stringify(name)}].astype("${target}")`);
    return columns.length ? { code: `data = {**data, ${keys.join(", ")}}`, columns, data: found } : null;
  }

  /* Whether a cast changes more than null to NaN. */
  function losesValues(after, casts) {
    const names = new Set(casts.columns.map(([, , , input]) => input));
    return Array.from(after.issues.groups.values()).some((one) => names.has(one.column) && !one.why.startsWith("missing"));
  }

  use.casts = { castsFor, losesValues };
})();
