/* The params of a call against those of a signature, after mlflow.types.schema.ParamSpec. Pure functions. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { toFloat, Fault, kind, toText, Timestamp } = use.python;
  const { Refusal, enforceNested } = use.enforce;

  const KINDS = { boolean: "bool", integer: "int", long: "int", float: "float", double: "float", string: "str" };
  const PYTHON = { bool: "bool", int: "int", float: "float", str: "str", list: "list", dict: "dict", NoneType: "NoneType" };

  /* One value of a scalar type: as a model gets it, or a Fault. */
  function enforceValue(value, type) {
    if (value === null) return null;
    if (type === "datetime") return toDate(value);
    if (typeof value === "object") return new Fault(`Value must be a scalar for type \`${type}\`, got \`${toText(value)}\``);
    const found = kind(value);
    if (KINDS[type] === found) return value;
    if ((type === "float" || type === "double") && found === "int") {
      const number = toFloat(value);
      return number;
    }
    return new Fault(`Can not safely convert \`<class '${PYTHON[found]}'>\` to \`${type}\` for value \`${toText(value)}\``);
  }

  function toDate(value) {
    const failed = new Fault(`Failed to convert value \`${toText(value)}\` from type \`<class '${PYTHON[kind(value)]}'>\` to \`datetime\``);
    if (typeof value !== "string") return failed;
    const found = use.dates.numpyText(value), digits = (/\.(\d*)/.exec(value) || [])[1] || "", year = /^\s*([-+]?\d+)/.exec(value);
    if (!(found instanceof Timestamp)) return failed;
    const representable = !year || (Number(year[1]) >= 1 && Number(year[1]) <= 9999);
    return representable && digits.length <= 6 ? found : new Fault(`Failed to convert value to \`datetime\`. It must be convertible to datetime.date/datetime, got \`${value}\``);
  }

  function enforceParam(value, spec) {
    if (spec.list) {
      const flat = Array.isArray(value) && (!value.some((item) => Array.isArray(item)));
      if (!flat) return new Fault(`Value must be a 1D array with shape (-1,) for param '${spec.name}', received ${kind(value)}`);
      const items = value.map((item) => enforceValue(item, spec.type.name));
      return items.find((item) => item instanceof Fault) || items;
    }
    if (spec.type.kind === "scalar") return enforceValue(value, spec.type.name);
    try {
      enforceNested(value, spec.type, true);
      return value;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return new Fault(error.why);
    }
  }

  /* The params of a signature; null where it has none. */
  function parseParams(params) {
    if (!params || !params.length) return null;
    return params.map((one) => ({ name: one.name, text: one.type, type: use.types.parseType(one.type), list: Array.isArray(one.shape), default: one.default }));
  }

  /* [{name, spec, got, sent}] of the params that were sent. */
  function enforceParams(given, specs, issues) {
    if (specs === null) {
      if (given instanceof Map && given.size) issues.ignore(Array.from(given.keys(), (name) => `params.${name}`));
      else if (given !== null && given !== undefined && !(given instanceof Map)) issues.ignore(["params"]);
      return [];
    }
    if (given === null || given === undefined) return [];
    if (!(given instanceof Map)) {
      issues.refuse({ column: "params", sent: given, why: `Parameters must be a dictionary. Got type '${PYTHON[kind(given)]}'.` });
      return [];
    }
    const known = new Map(specs.map((spec) => [spec.name, spec])), found = [];
    issues.ignore(Array.from(given.keys()).filter((name) => !known.has(name)).map((name) => `params.${name}`));
    for (const [name, sent] of given) {
      const spec = known.get(name);
      if (!spec) continue;
      const got = enforceParam(sent, spec);
      if (got instanceof Fault) issues.refuse({ column: `params.${name}`, sent, why: `Invalid parameters found: ${got.why}` });
      else found.push({ name: `params.${name}`, spec, got: [got], sent: [sent] });
    }
    return found;
  }

  use.params = { parseParams, enforceParams };
})();
