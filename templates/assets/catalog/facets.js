/* Filters: the values of a few properties with the number of models that have each. Counts follow all other choices. */
(function () {
  "use strict";
  const { catalog, make, pause, levelWord } = window.sitegen;
  const { data, number, flavorName } = catalog;
  const MAX_VALUES = 30, FIRST = 7, LONGEST = 40;
  const LEVELS = ["breaking", "unknown", "lossy", "behaviour", "safe", "not judged"];
  const kindName = (kind) => (kind === "registered" ? "in the registry" : "only in a run");
  const levelName = (level) => (level === "not judged" ? "no comparison" : levelWord(level));
  const LEVEL_NOTES = { breaking: "some calls fail", unknown: "cannot be judged", lossy: "an input is dropped", behaviour: "same calls, other result", safe: "every call works", "not judged": "first version, or logged" };

  const FACETS = [
    { key: "kind", title: "Kind", of: (row) => [row.kind], name: kindName },
    { key: "change", title: "Compatibility", of: (row) => [row.verdict ? row.verdict[0] : "not judged"], order: LEVELS, name: levelName, notes: LEVEL_NOTES },
    { key: "alias", title: "Alias", of: (row) => row.aliases.flatMap(({ names }) => names) },
    { key: "flavor", title: "Flavor", of: (row) => row.flavors, name: flavorName },
    { key: "signature", title: "Signature", of: (row) => (row.version ? [data.signatures[row.signature].kind] : []), name: (kind) => (kind === "columns" ? "table" : kind) },
    { key: "task", title: "Task", of: (row) => (row.task ? [row.task] : []) },
    { key: "licence", title: "Licence", of: (row) => (row.licence ? [row.licence] : []) },
    { key: "owner", title: "Owner", of: (row) => (row.owner ? [row.owner] : []) },
    { key: "problems", title: "Worst problem", of: (row) => [row.errors ? "error" : row.warnings ? "warning" : row.notes ? "note" : "none"], order: ["error", "warning", "note", "none"] },
    { key: "store", title: "Store", of: (row) => [row.store || "the root"] },
  ];
  const FACTS = ["task", "licence", "license", "owner"];
  let facets = [];

  /* Make the filters that tell models apart. Tags that state a fact are among the facts. */
  async function showFacets(place, onchange) {
    const tags = Array.from(data.tagKeys).filter((key) => !FACTS.includes(key)).sort(), found = [];
    for (const facet of [...FACETS, ...tags.map(tagFacet)]) found.push(await withValues(facet));
    const made = [];
    for (const facet of found.filter(isUseful)) {
      await pause();
      made.push(withElements(facet, onchange));
    }
    facets = made;
    place.replaceChildren(...facets.map((facet) => facet.element));
  }

  function tagFacet(key) {
    const of = ({ tags, modelTags }) => {
      const tag = tags[key] === undefined ? modelTags[key] : tags[key];
      return tag === undefined ? [] : [tag];
    };
    return { key: "tag:" + key, title: "Tag: " + key, of };
  }

  async function withValues(facet) {
    const counts = new Map(), rows = [];
    for (const row of data.rows) {
      if (rows.length % 500 === 0) await pause();
      const values = facet.of(row);
      for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
      rows.push(values);
    }
    const order = facet.order ? (a, b) => facet.order.indexOf(a[0]) - facet.order.indexOf(b[0]) : (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
    if (counts.size > MAX_VALUES) return { ...facet, entries: Array.from(counts) };
    const entries = Array.from(counts).sort(order), places = new Map(entries.map(([value], place) => [value, place]));
    await pause();
    return { ...facet, entries, places, rows: rows.map((values) => values.map((value) => places.get(value))) };
  }

  /* Not a value that all models have, and not values that nearly all models have to themselves. */
  function isUseful({ key, entries }) {
    const total = entries.reduce((sum, [, count]) => sum + count, 0);
    if (!entries.length || entries.length > MAX_VALUES || (entries.length === 1 && entries[0][1] === data.rows.length)) return false;
    return !key.startsWith("tag:") || (entries.length <= total / 2 && entries.every(([value]) => value.length < LONGEST));
  }

  function withElements(facet, onchange) {
    const labels = facet.entries.map(([value], place) => {
      const text = facet.name ? facet.name(value) : value, note = facet.notes && facet.notes[value];
      const box = make("input", { type: "checkbox", "data-name": facet.key + "=" + value, onchange: () => onchange(facet.key, value, box.checked) });
      const count = make("span", { class: "n soft" });
      return { box, count, value, place, text: "", element: make("label", {}, box, " ", make("span", { title: text.length > 18 ? text : null }, text, note ? make("small", {}, note) : null), count) };
    });
    const first = labels.slice(0, FIRST).map(({ element }) => element), more = labels.slice(FIRST).map(({ element }) => element);
    const rest = more.length ? make("details", { class: "more" }, make("summary", {}, number(more.length) + " more"), more) : null;
    return { ...facet, labels, element: make("fieldset", {}, make("legend", {}, facet.title), first, rest) };
  }

  /* The models that match the scores and the choices {key: [value]}; counts are shown in passing. */
  function filter(scores, choices) {
    const chosen = facets.map((facet) => new Set((choices[facet.key] || []).map((value) => facet.places.get(value))));
    const active = facets.map((_, place) => place).filter((place) => chosen[place].size);
    const counts = facets.map((facet) => new Int32Array(facet.entries.length)), found = [];
    for (const row of data.rows) {
      if (scores && scores[row.number] < 0) continue;
      let failures = 0, failure = -1;
      for (const place of active) {
        if (facets[place].rows[row.number].some((value) => chosen[place].has(value))) continue;
        failures++;
        failure = place;
        if (failures > 1) break;
      }
      if (failures > 1) continue;
      if (!failures) found.push(row);
      for (let place = failures ? failure : 0; place < (failures ? failure + 1 : facets.length); place++) {
        for (const value of facets[place].rows[row.number]) counts[place][value]++;
      }
    }
    facets.forEach((facet, place) => facet.labels.forEach((label) => showCount(label, counts[place][label.place], chosen[place].has(label.place))));
    return found;
  }

  function showCount(label, count, checked) {
    const text = number(count);
    if (label.text !== text) {
      label.text = label.count.textContent = text;
      label.element.classList.toggle("zero", !count);
    }
    if (label.box.checked !== checked) label.box.checked = checked;
  }

  Object.assign(catalog, { showFacets, filter, LEVELS, kindName });
})();
