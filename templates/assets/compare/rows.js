/* What the table of the compare page has in its rows, in which order its versions stand, and which values are best. */
(function () {
  "use strict";
  const { numeric } = window.sitegen.numbers;

  const known = new WeakMap();
  /* What a model has of a key: its values over all versions. */
  function entryOf(data, kind, key) {
    if (!known.has(data)) known.set(data, {});
    const kinds = known.get(data);
    if (!kinds[kind]) kinds[kind] = new Map(data[kind].map((entry) => [entry.key, entry]));
    return kinds[kind].get(key);
  }

  /* What the value of an entry was measured on in a version; null for no dataset. */
  const datasetOf = (entry, place) => (entry.datasets ? entry.datasets[place] : entry.dataset || null);

  /** What is known of a version beside its keys: names, and the values of a column.
   * @type {[string, (one: any) => any][]} */
  const ABOUT = [
    ["aliases", (one) => one.version.aliases.map((alias) => "@" + alias).join(" ") || null],
    ["stage", (one) => one.version.stage],
    ["created", (one) => one.version.created || null],
    ["run", (one) => one.version.run],
    ["run id", (one) => one.version.run_id],
    ["experiment", (one) => one.version.experiment],
    ["MLflow", (one) => one.version.mlflow],
    ["description", (one) => one.version.description],
  ];

  const OWN = ["created", "run", "run id"]; /* each version has its own: no change to be marked */

  function about(columns) {
    if (!columns.length) return [];
    const rows = [...ABOUT];
    const named = (one) => [one.version.name, "v" + one.version.name].includes(one.version.label);
    if (!columns.every(named)) rows.unshift(["version", (one) => one.version.name]);
    if (columns.some((one) => one.data.slug !== columns[0].data.slug)) rows.unshift(["model", (one) => one.data.name]);
    return rows.map(([name, value]) => ({ id: "about." + name, name, values: columns.map(value), own: OWN.includes(name) }));
  }

  function keyed(columns, kind) {
    const entries = new Map();
    for (const one of columns) {
      for (const entry of one.data[kind]) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    }
    const rows = [...entries.values()].map((entry) => {
      const found = columns.map((one) => entryOf(one.data, kind, entry.key));
      const values = columns.map((one, place) => (found[place] ? found[place].values[one.place] : null));
      const datasets = columns.map((one, place) => (found[place] ? datasetOf(found[place], one.place) : null));
      const key = entry.dataset ? entry.key.slice(0, -(" on " + entry.dataset).length) : entry.key;
      const row = { id: kind + "." + entry.key, name: entry.key || "(no name)", key, values, kind, direction: entry.direction };
      return datasets.some((dataset) => dataset !== null) ? { ...row, datasets } : row;
    });
    return rows.filter((row) => row.values.some((value) => value !== null)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  function signature(columns, side) {
    const maps = columns.map((one) => {
      const found = one.data.signatures[one.version.signature];
      return new Map(found.rows[side]);
    });
    const names = new Set(maps.flatMap((map) => [...map.keys()]));
    return [...names].map((name) => ({ id: side + "." + name, name, values: maps.map((map) => map.get(name) ?? null), code: true }));
  }

  /* All rows, in blocks with a title, what callers meet first; those of metrics, params and tags have a kind. */
  function blocksOf(columns) {
    const blocks = [
      ["Signature inputs", signature(columns, "inputs")],
      ["Signature outputs", signature(columns, "outputs")],
      ["Signature params", signature(columns, "params")],
      ["Metrics", keyed(columns, "metrics")],
      ["Params", keyed(columns, "params")],
      ["Tags", keyed(columns, "tags")],
      ["Environment", keyed(columns, "packages")],
      ["Flavors", keyed(columns, "flavors")],
      ["Files", keyed(columns, "files")],
      ["Metadata", about(columns)],
    ];
    return blocks.filter(([, rows]) => rows.length);
  }

  /* The places of the columns in the order of a row's values: numbers first, then texts, what is absent last. */
  function orderOf(blocks, columns, sort) {
    const row = blocks.flatMap(([, rows]) => rows).find((one) => sort.replace(/^-/, "") === one.id);
    const places = columns.map((_, place) => place);
    if (!row) return places;
    const sign = sort.startsWith("-") ? -1 : 1;
    return places.sort((a, b) => {
      const x = row.values[a], y = row.values[b];
      if (x === null || y === null) return Number(x === null) - Number(y === null);
      if (numeric(x) !== numeric(y)) return numeric(x) ? -1 : 1;
      if (numeric(x)) return sign * (Number(x) - Number(y));
      return sign * (String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0);
    });
  }

  /* What the next press on a row's name sorts by: up, down, not at all. */
  const nextSort = (id, sort) => (sort === id ? "-" + id : sort === "-" + id ? "" : id);

  /* The places of the best values of a metric; values of several datasets say nothing about each other. */
  function bestOf(row) {
    if (row.kind !== "metrics" || !row.direction || !sameDataset(row)) return new Set();
    const finite = row.values.filter(numeric).map(Number);
    if (new Set(finite).size < 2) return new Set();
    const top = row.direction === "lower" ? Math.min(...finite) : Math.max(...finite);
    return new Set(row.values.flatMap((value, place) => (numeric(value) && Number(value) === top ? [place] : [])));
  }

  /* Whether all numbers of a metric were measured on one dataset, or all on none. */
  function sameDataset(row) {
    return !row.datasets || new Set(row.datasets.filter((_, place) => numeric(row.values[place]))).size < 2;
  }

  window.sitegen.compareRows = { blocksOf, keyed, orderOf, nextSort, bestOf };
})();
