/* The columns that the table of versions can have: properties, metrics, tags and hyperparameters. */
(function () {
  "use strict";
  const { make, letters, numbers, versions } = window.sitegen;
  const { data, valueOf, effectCell, metricCell, textCell, loggedCell, problemCell, time } = versions;
  const LEVELS = ["breaking", "unknown", "lossy", "behaviour", "safe"];
  const NOTES = { metrics: "metric", params: "hyperparameter", tags: "tag" };
  const LONG = 40, CUT = 24;

  const worst = (levels) => Math.min(...levels.map((level) => LEVELS.indexOf(level)));
  const ofRun = { note: "of the run" }, ofModel = { note: "of the model" };
  const attribute = (key, label, note) => ({ label, ...note, kind: "attributes", key, cell: (row) => textCell(valueOf(row, "attributes", key)), sort: (row) => valueOf(row, "attributes", key) ?? null });

  /* Each with the value to sort by; null sorts last. `descending`: the first click sorts so. */
  const PROPERTIES = {
    effect: { label: "", note: "", cell: effectCell, sort: (row) => (row.step && row.step[0] ? worst(row.step[0]) : null) },
    created: { label: "Created", note: "UTC", cell: (row) => [time(row)], sort: (row) => row.created || null, descending: true },
    run: { label: "Run", note: "name", cell: (row) => textCell(row.run), sort: (row) => row.run || null },
    aliases: { label: "Aliases", note: "of the version", cell: (row) => textCell(row.aliases.join(", ")), sort: (row) => row.aliases[0] || null },
    stage: { label: "Stage", note: "of the version", cell: (row) => textCell(row.stage), sort: (row) => row.stage || null },
    run_id: attribute("run_id", "Run ID", ofRun),
    experiment: attribute("experiment", "Experiment", ofRun),
    description: attribute("description", "Description", { note: "of the version" }),
    flavors: attribute("flavors", "Flavors", ofModel),
    mlflow: attribute("mlflow", "MLflow", { note: "version" }),
    problems: { label: "Problems", note: "in its files", right: true, cell: problemCell, sort: (row) => row.problems || null, descending: true },
  };
  const VERSION = { id: "version", label: "Version", note: "run · date", sort: (row) => row.place, descending: true };

  /* A column by its id: a property, or `metrics.rmse` and the like; null where there is none. */
  function column(id) {
    if (id === "version") return VERSION;
    if (id === "effect") return { id, ...PROPERTIES.effect, label: data.judged ? "Compatibility" : "Signature change", note: data.judged ? "compared with" : "from the previous version" };
    if (Object.hasOwn(PROPERTIES, id)) return { id, ...PROPERTIES[id] };
    const dot = id.indexOf("."), kind = id.slice(0, dot), key = id.slice(dot + 1);
    return Object.hasOwn(data.keys, kind) ? { id, ...keyColumn(kind, key) } : null;
  }

  function keyColumn(kind, key) {
    const value = (row) => valueOf(row, kind, key), note = NOTES[kind];
    if (kind !== "metrics") return { kind, key, label: key, note, cell: (row) => loggedCell(value(row)), sort: (row) => value(row) ?? null };
    const { direction } = data.keys.metrics.get(key) || { direction: "" };
    const sort = (row) => { const found = value(row); return found === undefined || Number.isNaN(found) ? null : found; };
    return { kind, key, label: key, note: direction ? direction + " is better" : note, right: true, cell: (row, from) => metricCell(row, key, from), sort, descending: direction !== "lower" };
  }

  const shortLabel = (label) => (label.length > LONG ? label.slice(0, CUT) + "…" : label);

  /* The head of a column; a long key is cut, and says how long it is. */
  function headOf(one) {
    const long = one.label.length > LONG;
    const text = long ? make("span", { title: one.label }, one.label.slice(0, CUT) + "… ", make("small", {}, one.label.length + " characters")) : one.label;
    const button = make("button", { type: "button", class: "sort", "data-sort": one.id, "data-name": "sort " + one.id }, text);
    return [button, make("small", { class: "u" }, one.note)];
  }

  /* The values that columns need, each [kind, key]; those of a metric with the datasets that they were measured on. */
  function keysOfColumns(columns) {
    return columns.filter(({ kind }) => kind).flatMap(({ kind, key }) => (kind === "metrics" ? [[kind, key], ["datasets", key]] : [[kind, key]]));
  }

  /* Versions in the order of a column; those without a value come last, equal ones newest first. */
  function sorted(rows, one, descending) {
    const sign = descending ? -1 : 1, pairs = rows.map((row) => [row, one.sort(row)]), texts = pairs.map(([, value]) => value).filter((value) => value !== null);
    const numeric = texts.every((value) => typeof value === "number" || numbers.numeric(value)), read = (value) => (numeric ? Number(value) : value);
    const order = ([, a], [, b]) => (a === null || b === null ? Number(a === null) - Number(b === null) : read(a) < read(b) ? -sign : read(a) > read(b) ? sign : 0);
    return pairs.sort(order).map(([row]) => row);
  }

  /* The groups of the column chooser: a title and [id, label, count] of each column. */
  function columnGroups() {
    const keys = (kind) => Array.from(data.keys[kind], ([key, { count }]) => [kind + "." + key, key, letters.number(count)]);
    const properties = Object.keys(PROPERTIES).map((id) => [id, column(id).label, ""]);
    return [["Properties", properties], ["Metrics", keys("metrics"), "versions"], ["Tags", keys("tags"), "versions"], ["Hyperparameters", keys("params"), "versions"]];
  }

  Object.assign(versions, { column, shortLabel, headOf, keysOfColumns, sorted, columnGroups });
})();
