/* The versions of the model, from its scripts: sitegen/site/version_scripts.py says what they hold. */
(function () {
  "use strict";
  const { script, letters, columns, numbers } = window.sitegen;
  const { reader, fileOf } = columns, { numeric, digitsOf } = numbers;
  const data = { rows: [], steps: [], baseline: null, judged: false, folder: "", files: 0, keys: { metrics: new Map(), params: new Map(), tags: new Map() } };
  const values = new Map(), arrived = new Set(), metrics = new Map();

  window.sitegenVersionTable = {
    index: readIndex,
    values: (list) => list.forEach(([kind, key, column]) => values.set(kind + "." + key, reader(column))),
  };

  function readIndex(index) {
    const column = {};
    for (const [name, found] of Object.entries(index.columns)) column[name] = reader(found);
    Object.assign(data, { steps: index.steps, baseline: index.baseline, judged: index.judged, files: index.files });
    for (const kind of ["metrics", "params", "tags"]) {
      for (const [key, count, direction] of index[kind]) data.keys[kind].set(key, { count, direction: direction || "" });
    }
    data.rows = Array.from({ length: index.versions }, (_, place) => readRow(column, place));
    window.sitegenVersionTable.values(index.values);
  }

  function readRow(column, place) {
    const get = (name) => column[name](place) || "", name = get("name");
    const row = {
      place, name, label: get("label") || "v" + name, folder: get("folder") || name, aliases: get("aliases") || [], stage: get("stage"), run: get("run"),
      created: get("created"), problems: get("problems") || 0, step: data.steps[column.step(place)] || null, beside: column.beside(place) || null, rail: get("rail"), text: "",
    };
    row.text = letters.fold([row.label, name, row.stage, row.run, row.created.slice(0, 10), ...row.aliases.map((alias) => "@" + alias)].join("\n"));
    return row;
  }

  /* Load the index, once. */
  function load(folder) {
    data.folder = folder;
    return script(folder + "versions/index.js");
  }

  /* The values of keys, each [kind, key], of all versions: whether they are here, and how they come. */
  const names = (keys) => (data.files ? new Set(keys.map(([kind, key]) => "versions/values-" + fileOf(kind, key, data.files) + ".js")) : new Set());
  const has = (keys) => [...names(keys)].every((name) => arrived.has(name));
  const loadValues = (keys) => Promise.all([...names(keys)].map((name) => script(data.folder + name).then(() => arrived.add(name))));

  /* The value of a key in a version; undefined where it has none. Numbers that JSON has not come as texts. */
  function valueOf(row, kind, key) {
    const read = values.get(kind + "." + key), value = read ? read(row.place) : null;
    if (value === null || value === undefined) return undefined;
    return kind === "metrics" ? Number(value) : value;
  }

  /* A metric in all versions: its direction, the digits of its values, and the places of the best ones. Its values must be here. */
  function metric(key) {
    if (!metrics.has(key)) metrics.set(key, readMetric(key));
    return metrics.get(key);
  }

  function readMetric(key) {
    const { direction } = data.keys.metrics.get(key) || { direction: "" }, rows = data.rows.filter((row) => valueOf(row, "metrics", key) !== undefined);
    const finite = rows.map((row) => [row.place, valueOf(row, "metrics", key)]).filter(([, value]) => numeric(value));
    const datasets = new Set(rows.map((row) => valueOf(row, "datasets", key))), distinct = new Set(finite.map(([, value]) => value));
    const top = finite.reduce((best, [, value]) => (best === null || (direction === "lower" ? value < best : value > best) ? value : best), null);
    const ranked = direction && distinct.size > 1 && datasets.size === 1;
    return { direction, digits: digitsOf([...distinct]), best: new Set(ranked ? finite.filter(([, value]) => value === top).map(([place]) => place) : []) };
  }

  /* The version that the changes of another are from: `from` is "baseline", "previous", or empty for what it is judged against. */
  function referenceOf(row, from) {
    const { baseline, rows } = data;
    const useBaseline = from === "baseline" || (from === "" && baseline && row.place > baseline.place);
    if (!useBaseline || !baseline) return rows[row.place - 1];
    return row.place === baseline.place ? undefined : rows[baseline.place];
  }

  window.sitegen.versions = { data, load, has, loadValues, valueOf, metric, referenceOf };
})();
