/* What a pasted text is: a request to MLflow's scoring server in one of its forms, or CSV. Pure functions.
   Gives the data for each of two routes: as the server reads it, and as a Python caller hands it to predict(). */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault } = use.python;
  const { Refusal } = use.enforce;
  const { splitFrame, recordsFrame, castFrame, castInputs, castInstances, orRefuse } = use.convert;

  const FORMS = ["dataframe_split", "dataframe_records", "inputs", "instances"];
  const CHAT = ["messages", "prompt", "input"];
  const WANTED = "The input must be a JSON dictionary with exactly one of the input fields {'dataframe_split', 'dataframe_records', 'inputs', 'instances'}";
  const NOTHING = { none: true, tensors: false, named: true, specs: [], byName: new Map() };

  const isTable = (form) => form === "dataframe_split" || form === "dataframe_records";

  /* {form, body, params, huge} or {form, refused: why}. */
  function recognise(text) {
    const trimmed = text.trim(), isJSON = /^[[{]/.test(trimmed);
    if (/\p{Surrogate}/u.test(text)) return { form: isJSON ? "JSON" : "CSV", refused: "Ensure that input is a valid UTF-8 encoded string." };
    if (!isJSON) return recogniseCSV(text);
    let parsed;
    try {
      parsed = use.tokens.parseJSON(text);
    } catch (error) {
      if (!(error instanceof use.tokens.SyntaxFault)) throw error;
      return { form: "JSON", refused: `Ensure that input is a valid JSON formatted string. Error: ${error.why}` };
    }
    const { value, huge } = parsed;
    if (Array.isArray(value)) {
      return { form: "JSON", refused: `${WANTED}. Received a list. Put this list under ${value[0] instanceof Map ? "dataframe_records" : "inputs"}.` };
    }
    if (CHAT.some((key) => value.has(key))) return { form: "unwrapped", body: value, huge };
    const found = FORMS.filter((form) => value.has(form));
    if (found.length !== 1) {
      return { form: "JSON", refused: `${WANTED}. Received dictionary with input fields: [${Array.from(value.keys(), (key) => `'${key}'`).join(", ")}].${hint(value)}` };
    }
    return { form: found[0], body: value.get(found[0]), params: value.has("params") ? value.get("params") : null, huge };
  }

  function hint(value) {
    if (value.has("input_data")) {
      return " input_data is the form of Azure ML: rename it to dataframe_split for MLflow's own server.";
    }
    if (value.has("columns") && value.has("data")) return " Put this object under dataframe_split.";
    return value.has("dataframe") ? " Name the form: dataframe_split or dataframe_records." : "";
  }

  function recogniseCSV(text) {
    try {
      const table = use.csv.table(use.tokens.parseCSV(text));
      return table instanceof Fault ? { form: "CSV", refused: table.why } : { form: "CSV", body: table, params: null, huge: [] };
    } catch (error) {
      if (!(error instanceof use.tokens.SyntaxFault)) throw error;
      return { form: "CSV", refused: error.why };
    }
  }

  /* The params of an unwrapped chat request are those of its keys that the signature names. */
  function unwrap(body, params) {
    const names = new Set((params || []).map((one) => one.name)), entries = Array.from(body);
    return { data: new Map(entries.filter(([name]) => !names.has(name))), params: new Map(entries.filter(([name]) => names.has(name))) };
  }

  /* --- as the scoring server reads it: {data, raw, params}. Throws a Refusal. --- */
  function overREST(found, schema, params, issues) {
    const { form, body } = found;
    if (form === "unwrapped") {
      const parts = unwrap(body, params);
      return { data: parts.data, raw: parts.data, params: parts.params };
    }
    if (form === "CSV") return { data: serverCSV(body, schema, issues), params: null };
    if (isTable(form)) {
      const table = form === "dataframe_split" ? splitFrame(body) : recordsFrame(body);
      return { data: schema ? castFrame(table, schema, issues) : table, params: found.params };
    }
    const cast = form === "inputs" ? castInputs : castInstances;
    return { ...cast(body, schema || NOTHING, issues), params: found.params };
  }

  function serverCSV(table, schema, issues) {
    if (!schema) return use.csv.toFrame(table, () => null, () => undefined);
    if (schema.tensors) {
      throw new Refusal("TensorSpec only supports numpy types, use numpy_types() instead. Send JSON with inputs or instances: MLflow's server reads CSV for columns alone.");
    }
    const nested = schema.specs.find((spec) => spec.type.kind !== "scalar");
    if (nested) {
      throw new Refusal(`Failed to get pandas types as some of the inputs types are not DataType: ${nested.text}. Send JSON.`);
    }
    const failed = new Set();
    const dtypeOf = (name, place) => {
      const spec = schema.named ? schema.byName.get(name) : schema.specs[place + table.shift]; /* pandas counts its index, too */
      return spec ? use.types.PANDAS[spec.type.name] : null;
    };
    if (!schema.named) indexFits(table, schema);
    const made = use.csv.toFrame(table, dtypeOf, (name, faults, texts, place) => {
      failed.add(name);
      issues.cells(schema.named ? name : BigInt(place + table.shift), { sent: texts }, faults);
    });
    return { ...made, columns: made.columns.map((column, place) => (failed.has(made.names[place]) ? { ...column, failed: true } : column)) };
  }

  /* The leading fields that become the index are read with the first dtypes of a signature without names. */
  function indexFits(table, schema) {
    for (const [place, spec] of schema.specs.slice(0, table.shift).entries()) {
      const faults = [];
      use.csv.typed(table.rows.map((row) => row[place]), use.types.PANDAS[spec.type.name], faults);
      if (faults.length) throw new Refusal(faults[0][1].why, `column ${place}`);
    }
  }

  /* --- as a Python caller hands it over --- */
  function fromPython(found, schema, params) {
    const { form, body } = found;
    if (form === "unwrapped") {
      const parts = unwrap(body, params);
      return { data: parts.data, raw: parts.data, params: parts.params };
    }
    if (form === "CSV") return { data: use.csv.toFrame(body, () => null, () => undefined), params: null };
    if (isTable(form)) return { data: form === "dataframe_split" ? splitFrame(body) : recordsFrame(body), params: found.params };
    if (!schema || !schema.tensors) return { data: body, raw: body, params: found.params };
    return { ...asArrays(body, form), params: found.params };
  }

  /* A caller of tensors holds numpy arrays; a list of items is turned into an array for each name. */
  function asArrays(body, form) {
    const { array } = use.arrays, arrays = (map) => new Map(Array.from(map, ([name, value]) => [name, orRefuse(array(value))]));
    if (form === "instances" && Array.isArray(body) && body.length && body.every((item) => item instanceof Map)) {
      const names = Array.from(new Set(body.flatMap((item) => Array.from(item.keys()))));
      const held = names.map((name) => [name, body.filter((item) => item.has(name)).map((item) => item.get(name))]);
      return { data: arrays(held), raw: new Map(names.map((name) => [name, body.map((item) => item.get(name))])) };
    }
    return body instanceof Map ? { data: arrays(body), raw: body } : { data: orRefuse(array(body)), raw: body };
  }

  use.payload = { recognise, overREST, fromPython };
})();
