/* What of a model's versions can be drawn: the fields that they have and their values. */
(function () {
  "use strict";
  const { numeric } = window.sitegen.numbers;

  /* --- values ------------------------------------------------------------------------------------------------------ */

  const number = (value) => (numeric(value) ? Number(value) : null);

  const column = (data, field) => data[field.kind].find((one) => one.key === field.key).values;

  function valueOf(data, field, place) {
    if (field.id === "version") return data.versions[place].label;
    if (field.id === "model") return data.models[place];
    if (field.id === "time") return data.versions[place].created || null;
    const value = column(data, field)[place];
    return measured(field) ? number(value) : value;
  }

  /* --- fields: {id, title, type}, and {key, kind, direction} where the values are those of a key -------------------------------- */

  /* What stands where a version has no value. */
  const missing = () => "not logged";

  const KINDS = ["metrics", "params", "tags"];
  const measured = (field) => field.type === "quantitative";
  /* The name of a field without its kind. */
  const bare = (id) => id.replace(/^(metrics|params|tags)\./, "");

  /* Whether a choice can be a field. A step is nothing that a whole version has. */
  const ofVersion = (field) => field.id !== "step";
  const offered = {
    x: () => true,
    y: (field) => field.kind === "metrics" || (field.kind === "params" && measured(field)),
    color: ofVersion,
    size: (field) => measured(field) && ofVersion(field),
    facet: (field) => field.type === "nominal",
  };

  const known = new WeakMap();
  function fieldsOf(data) {
    if (!known.has(data)) known.set(data, [...commonFields(data), ...keyedFields(data)]);
    return known.get(data);
  }

  function commonFields(data) {
    const found = [{ id: "version", title: "version", type: "ordinal" }];
    if (data.models) found.push({ id: "model", title: "model", type: "nominal" });
    found.push({ id: "time", title: "time", type: "temporal" });
    if (data.steps) found.push({ id: "step", title: "step", type: "quantitative" });
    return found;
  }

  function keyedFields(data) {
    const entries = KINDS.flatMap((kind) => data[kind].map((entry) => ({ kind, entry })));
    const times = new Map();
    for (const { entry } of entries) times.set(entry.key, (times.get(entry.key) || 0) + 1);
    return entries.map(({ kind, entry }) => keyedField(kind, entry, times.get(entry.key) > 1));
  }

  /* The field of a key; its title says the kind where kinds `share` the key. */
  function keyedField(kind, { key, values, direction }, share) {
    const told = values.filter((value) => value !== null);
    const numbers = kind === "metrics" || (told.length > 0 && told.every(numeric));
    const title = share ? key + " (" + kind.slice(0, -1) + ")" : key || "(no name)";
    return { id: kind + "." + key, key, title, type: numbers ? "quantitative" : "nominal", kind, direction };
  }

  /* How many versions have a value of a field. */
  const given = (data, field) => data.versions.filter((_, place) => valueOf(data, field, place) !== null).length;

  window.sitegen.chartFields = { missing, bare, measured, offered, fieldsOf, given, column, number, valueOf };
})();
