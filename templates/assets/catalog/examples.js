/* Queries to try, made of what the models have: each finds something. */
(function () {
  "use strict";
  const { catalog, make } = window.sitegen;
  const { data, quoteKey } = catalog;
  const isPlain = (text) => !/['%_`]/.test(text);

  /* Each [query, note]. */
  function examples() {
    const rows = data.rows.filter(({ version }) => version);
    return [metricExample(rows), pairExample(rows), nameExample(rows), ...tagExamples(rows), paramExample()].filter(Boolean);
  }

  /* The metric that is the main one of most models, and its middle value. */
  function metricExample(rows) {
    const values = new Map();
    for (const { metric, exact } of rows) {
      if (!metric || !Number.isFinite(Number(exact))) continue;
      if (!values.has(metric[0])) values.set(metric[0], []);
      values.get(metric[0]).push(Number(exact));
    }
    const [best] = Array.from(values).sort((a, b) => b[1].length - a[1].length);
    if (!best) return null;
    const [key, found] = best, direction = rows.find(({ metric }) => metric && metric[0] === key).metric[1];
    return ["metrics." + quoteKey(key) + (direction === "lower" ? " <= " : " >= ") + found.sort((a, b) => a - b)[Math.floor(found.length / 2)], "a metric"];
  }

  function pairExample(rows) {
    const named = (row) => data.signatures[row.signature].inputs.find(([name]) => name && isPlain(name));
    const row = rows.find((one) => one.flavors.length && named(one));
    return row ? ["inputs." + quoteKey(named(row)[0]) + " IS NOT NULL AND flavor = '" + row.flavors[0] + "'", "models that take a column"] : null;
  }

  function nameExample(rows) {
    const row = rows.find(({ name }) => name.length > 5 && isPlain(name));
    return row ? ["name ILIKE '" + row.name.slice(0, 4).toLowerCase() + "%'", "% stands for any text"] : null;
  }

  function tagExamples(rows) {
    const row = rows.find(({ tags }) => Object.entries(tags).some(([, value]) => isPlain(value) && value.length < 40));
    if (!row) return [];
    const [key, value] = Object.entries(row.tags).find(([, text]) => isPlain(text) && text.length < 40), tag = "tags." + quoteKey(key);
    return [[tag + " = '" + value + "'", "a tag"], rows.some(({ tags }) => tags[key] === undefined) ? [tag + " IS NULL", "models without this tag"] : null];
  }

  function paramExample() {
    const [key] = data.keys.params.keys();
    return key === undefined ? null : ["params." + quoteKey(key) + " IS NOT NULL", "a hyperparameter"];
  }

  /* Fill the list of examples as soon as somebody opens it; `use` gets the query that they click. */
  function showExamples(list, use) {
    const help = list.closest("details");
    const fill = () => list.replaceChildren(...examples().map((example) => make("li", {}, ...contentOf(example, (text) => {
      help.open = false;
      use(text);
    }))));
    if (help.open) fill();
    else help.addEventListener("toggle", fill, { once: true });
  }

  const contentOf = (/** @type {any} */ [text, note], onclick) => [make("button", { type: "button", class: "link", onclick: () => onclick(text) }, make("code", {}, text)), " ", make("small", {}, note)];

  Object.assign(catalog, { showExamples });
})();
