/* The models of the catalog, from the parts of its data: sitegen/site/catalog_scripts.py says what they hold. */
(function () {
  "use strict";
  const { script, letters, pause } = window.sitegen;
  const { fold } = letters, { reader, fileOf } = window.sitegen.columns;

  const parts = []; /* of each part: its first index, its second one and its columns of values */
  const data = { rows: [], signatures: [], keys: { metrics: new Map(), params: new Map(), tags: new Map(), inputs: new Map() }, names: new Map(), tagKeys: new Set(), stores: new Set(), mainMetrics: new Map(), texts: false };
  const signaturePlaces = new Map();
  const part = (number) => (parts[number] = parts[number] || { start: 0, values: new Map() });

  window.sitegenCatalog = {
    index: (number, index) => { part(number).index = index; },
    text: (number, columns) => { part(number).text = columns.map(reader); },
    values: (number, { columns }) => {
      for (const [kind, key, column] of columns) part(number).values.set(kind + "." + key, reader(column));
    },
  };

  const all = (base, count, name) => Promise.all(Array.from({ length: count }, (_, number) => script(base + name + "-" + (number + 1) + ".js")));

  /* Load the first index of all parts. */
  async function load(base, count) {
    data.base = base;
    data.count = count;
    await all(base, count, "index");
    for (let number = 0; number < count; number++) await readPart(parts[number], number);
  }

  async function readPart(one, number) {
    const { index } = one, column = {};
    for (const [name, values] of Object.entries(index.columns)) column[name] = reader(values);
    const signature = reader(index.signature), places = index.signatures.map(placeOf);
    const readers = (kind) => Object.entries(index.tags[kind]).filter(([, values]) => values).map(([key, values]) => [key, reader(values)]);
    const tags = readers("tags"), modelTags = readers("model_tags");
    for (const [key] of [...tags, ...modelTags]) data.tagKeys.add(key);
    one.start = data.rows.length;
    for (let place = 0; place < index.models; place++) {
      if (place % 100 === 0) await pause();
      const row = readRow(column, place, number, tags, modelTags);
      row.signature = places[signature(place)];
      data.signatures[row.signature].count += 1;
      row.number = data.rows.length;
      data.rows.push(row);
      data.names.set(row.name, (data.names.get(row.name) || 0) + 1);
      data.stores.add(row.store);
      if (row.metric) data.mainMetrics.set(row.metric[0], row.metric[1]);
    }
    data.keys.inputs.clear();
    for (const { inputs, count } of data.signatures) {
      for (const [key] of inputs) if (key) data.keys.inputs.set(key, { count: count + (data.keys.inputs.has(key) ? data.keys.inputs.get(key).count : 0) });
    }
    for (const kind of ["metrics", "params"]) {
      for (const [key, count, direction] of index[kind]) {
        const known = data.keys[kind].get(key);
        data.keys[kind].set(key, { count: count + (known ? known.count : 0), direction });
      }
    }
    for (const kind of ["tags", "model_tags"]) for (const key of Object.keys(index.tags[kind])) if (!data.keys.tags.has(key)) data.keys.tags.set(key, { count: 0 });
  }

  function placeOf(signature) {
    const text = JSON.stringify(signature), known = signaturePlaces.get(text);
    if (known !== undefined) return known;
    const [kind, arity, inputs] = signature;
    signaturePlaces.set(text, data.signatures.length);
    return data.signatures.push({ kind, arity, inputs, count: 0, names: inputs.map(([name]) => fold(name)), text: fold(inputs.map(([name]) => name).join("\n")) }) - 1;
  }

  function readRow(column, place, number, tags, modelTags) {
    const get = (name) => column[name](place), name = get("name"), version = get("version");
    const aliases = get("aliases"), flavors = get("flavors");
    const row = {
      part: number, place, name, slug: get("slug") || name, store: get("store"), kind: get("kind"),
      version, label: get("label") === null ? "v" + version : get("label"), folder: get("folder") || version, versions: get("versions"),
      aliases: aliases.map(([link, names]) => ({ link, label: Array.isArray(link) ? link[0] : link, names })), flavors,
      verdict: get("verdict"), metric: get("metric"), value: get("value"), exact: get("exact") || get("value"),
      errors: get("errors"), warnings: get("warnings"), notes: get("notes"), score: get("score"), updated: get("updated"), licence: get("licence"), owner: get("owner"), task: get("task"),
      tags: pairs(tags, place), modelTags: pairs(modelTags, place), signature: 0, number: 0, folded: "", own: "",
    };
    row.folded = fold(name);
    const others = [row.store, ...flavors, ...flavors.map(flavorName), row.licence, row.owner, row.task].filter(Boolean);
    const tagTexts = Object.entries(shownTags(row)).map((pair) => pair.join(": "));
    row.own = row.folded + "\n" + fold([...others, ...aliases.flatMap(([, names]) => names), ...tagTexts].join("\n"));
    return row;
  }

  const NONE = Object.freeze(Object.create(null));
  function pairs(columns, place) {
    if (!columns.length) return NONE;
    const found = Object.create(null);
    for (const [key, read] of columns) {
      const value = read(place);
      if (value !== null && value !== undefined) found[key] = value;
    }
    return found;
  }

  /* People write pyfunc for the flavor that all models have. */
  const flavorName = (flavor) => (flavor === "python_function" ? "pyfunc" : flavor);

  /* The tags that a row shows: those of the version count before those of the model. */
  const shownTags = (row) => (row.modelTags === NONE ? row.tags : Object.assign(Object.create(null), row.modelTags, row.tags));

  /* Description, card, outputs and further inputs of a model; null until the second index is loaded. */
  function texts(row) {
    const { text } = parts[row.part];
    return text ? text.map((read) => read(row.place) || "") : null;
  }

  /* Load the second index: `folded` texts of all models are made at once, so that no keystroke waits for it. */
  let loadingTexts = null;
  function loadTexts() {
    loadingTexts = loadingTexts || all(data.base, data.count, "text").then(() => {
      for (const row of data.rows) row.more = fold(texts(row).join("\n"));
      data.texts = true;
    });
    loadingTexts.catch(() => { loadingTexts = null; });
    return loadingTexts;
  }

  /* Load the values of keys, each [kind, key], of all models. */
  const needed = (number, kind, key) => !(kind.endsWith("tags") && parts[number].index.tags[kind][key] !== null);
  const names = (keys) => new Set(parts.flatMap(({ index }, number) => keys.filter(([kind, key]) => needed(number, kind, key))
    .map(([kind, key]) => "values-" + fileOf(kind, key, index.files) + "-" + (number + 1))));
  const arrived = new Set();
  const has = (keys) => [...names(keys)].every((name) => arrived.has(name));
  const loadValues = (keys) => Promise.all([...names(keys)].map((name) => script(data.base + name + ".js").then(() => arrived.add(name))));

  /* The value of a key as a query sees it; undefined where the model has none. Texts of numbers that JSON has not become numbers. */
  function valueOf(row, kind, key) {
    const loaded = parts[row.part].values.get(kind + "." + key);
    let value = loaded ? loaded(row.place) : undefined;
    if (kind === "tags" && value === undefined) value = row.tags[key];
    if (kind === "model_tags" && value === undefined) value = row.modelTags[key];
    if (value === null) value = undefined;
    return kind === "metrics" && typeof value === "string" ? Number(value) : value;
  }

  window.sitegen.catalog = { ...letters, data, parts, load, texts, loadTexts, has, loadValues, valueOf, shownTags, flavorName };
})();
