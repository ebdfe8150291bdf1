/* The columns that the table can have: properties of models, and the metrics, tags and hyperparameters of latest versions. */
(function () {
  "use strict";
  const { catalog, make, numbers } = window.sitegen;
  const { data, number, marked, shownTags, flavorName, kindName, valueOf, soft, LEVELS } = catalog;
  const { latestCell, changeCell, aliasCell, metricCell, signatureCell, problemCell, time } = catalog;

  /* Each with the widths in rem, and the value to sort by; null sorts last. `descending`: the first click sorts so. */
  const NAME = { label: "Name", note: "description, or search match", sort: (row) => row.folded };
  const PROPERTIES = {
    latest: { label: "Latest version", note: "date", width: 7.2, sort: (row) => row.updated || null, descending: true, cell: latestCell },
    change: { label: "Compatibility", note: "compared with", width: 9.5, sort: (row) => (row.verdict ? LEVELS.indexOf(row.verdict[0]) : null), cell: changeCell },
    aliases: { label: "Aliases", note: "version, names", width: 11, sort: (row) => (row.aliases.length ? row.aliases[0].names[0] : null), cell: aliasCell },
    main: { label: "Main metric", note: "latest version", width: 7.6, cell: metricCell },
    signature: { label: "Signature", note: "inputs → outputs", width: 7.2, sort: (row) => (data.signatures[row.signature].arity ? data.signatures[row.signature].inputs.length : null), cell: signatureCell },
    flavor: { label: "Flavor", note: "library", width: 6, sort: (row) => row.flavors[0] || null, cell: (row, words) => marked(row.flavors.length === 1 ? flavorName(row.flavors[0]) : row.flavors.join(", "), words) },
    problems: { label: "Problems", note: "worst first", width: 7, descending: true, sort: (row) => row.errors * 1e12 + row.warnings * 1e6 + row.notes || null, cell: problemCell },
    score: { label: "Score", note: "of 100", width: 5.5, right: true, descending: true, sort: (row) => row.score, cell: (row) => [row.score === null ? soft("none") : String(row.score)] },
    updated: { label: "Updated", note: "date", width: 6, descending: true, sort: (row) => row.updated || null, cell: (row) => [time(row)] },
    versions: { label: "Versions", note: "in all", width: 5, right: true, descending: true, sort: (row) => row.versions, cell: (row) => [number(row.versions)] },
    kind: { label: "Kind", note: "registry or run", width: 7, sort: (row) => row.kind, cell: (row) => [kindName(row.kind)] },
    store: { label: "Store", note: "folder or database", width: 7, sort: (row) => row.store || null, cell: (row) => [row.store] },
    task: { label: "Task", note: "from card or tags", width: 7.5, sort: (row) => row.task, cell: (row) => [row.task] },
    licence: { label: "Licence", note: "from card or tags", width: 7, sort: (row) => row.licence, cell: (row) => [row.licence] },
    owner: { label: "Owner", note: "from card or tags", width: 7, sort: (row) => row.owner, cell: (row) => [row.owner] },
  };
  const MAIN = "The metric that sitegen.toml names, else the one that most versions have";
  const NOTES = { metrics: "metric", tags: "tag", params: "hyperparameter" };
  const BETTER = { lower: "lower is better", higher: "higher is better" };

  /* A column by its id: a property, or `metrics.rmse` and the like; null where nothing is known of it. */
  function column(id) {
    if (id === "name") return NAME;
    if (id === "main") return mainColumn();
    if (Object.hasOwn(PROPERTIES, id)) return PROPERTIES[id];
    const dot = id.indexOf("."), kind = id.slice(0, dot), key = id.slice(dot + 1);
    return dot > 0 && Object.hasOwn(NOTES, kind) ? keyColumn(kind, key) : null;
  }

  /* The main metric sorts where all models have the same one; of several the reader chooses one as a column. */
  function mainColumn() {
    const [key, ...others] = data.mainMetrics;
    if (others.length) return { ...PROPERTIES.main, title: MAIN + ". Models have different ones: add one as a column to sort by it" };
    return { ...PROPERTIES.main, title: MAIN, descending: key !== undefined && key[1] === "higher", sort: (row) => (row.metric && !Number.isNaN(Number(row.exact)) ? Number(row.exact) : null) };
  }

  function keyColumn(kind, key) {
    const direction = (data.keys[kind].get(key) || {}).direction, isMetric = kind === "metrics";
    const value = (row) => (kind === "tags" ? valueOf(row, "tags", key) ?? shownTags(row)[key] ?? valueOf(row, "model_tags", key) : valueOf(row, kind, key));
    const sort = (row) => { const found = value(row); return found === undefined || Number.isNaN(found) ? null : found; };
    return { kind, key, label: key, note: BETTER[direction] || NOTES[kind], width: 7.5, right: isMetric, descending: direction === "higher", sort, cell: (row, words) => {
      const found = value(row);
      if (found === undefined) return [soft("not logged")];
      return isMetric ? [make("data", { value: found, title: String(found) }, numbers.shownNumber(found, numbers.digitsOf([found])))] : [make("span", { title: found }, marked(found, words))];
    } };
  }

  /* The values that a column needs, each [kind, key]. */
  function keysOfColumn(id) {
    const found = column(id);
    if (!found || !found.kind) return [];
    return found.kind === "tags" ? [["tags", found.key], ["model_tags", found.key]] : [[found.kind, found.key]];
  }

  /* Models in the order of a column; those without a value come last, equal ones stay in their order. */
  function sorted(rows, by, descending) {
    const sign = descending ? -1 : 1, pairs = rows.map((row) => [row, by.sort(row)]);
    const order = ([, a], [, b]) => (a === null || b === null ? Number(a === null) - Number(b === null) : a < b ? -sign : a > b ? sign : 0);
    return pairs.sort(order).map(([row]) => row);
  }

  /* The groups of the column chooser: a title and [id, label, count] of each column. */
  function columnGroups() {
    const keys = (kind) => Array.from(data.keys[kind]).sort((a, b) => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1)).map(([key, { count }]) => [kind + "." + key, key, count ? number(count) : ""]);
    const properties = Object.entries(PROPERTIES).map(([id, { label }]) => [id, label, ""]);
    return [["Properties", properties], ["Metrics", keys("metrics"), "models"], ["Tags", keys("tags"), "models"], ["Hyperparameters", keys("params"), "models"]];
  }

  Object.assign(catalog, { column, keysOfColumn, sorted, columnGroups });
})();
