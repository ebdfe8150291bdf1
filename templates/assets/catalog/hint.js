/* What the search box says of a query: while somebody types, an unfinished query is no error. */
(function () {
  "use strict";
  const { catalog, make } = window.sitegen;
  const { data, nearest, quoteKey, number } = catalog;
  const WHAT = { metrics: "metric", params: "hyperparameter", tags: "tag", model_tags: "tag", inputs: "input" };
  const byId = (id) => /** @type {any} */ (document.getElementById(id));

  /* Show why a query cannot be read, or nothing; `use` gets the text of the repair that somebody clicks. */
  function showFault(fault, query, listed, use) {
    const unfinished = fault && fault.at >= query.trimEnd().length;
    byId("q").setAttribute("aria-invalid", fault && !unfinished ? "true" : "false");
    if (!fault) { show(); return; }
    const before = query.slice(0, fault.at), rest = query.slice(fault.at), wrong = (rest.match(/^('[^']*'?|\S+)/) || [""])[0];
    const message = unfinished ? make("p", { class: "soft" }, fault.message) : make("p", {}, make("span", { class: "v v-error" }, "✕ "), fault.message);
    const note = listed ? " The list shows the last valid query." : " The list shows all models until the query is valid.";
    const where = make("p", {}, make("code", {}, before, make("u", {}, wrong || " "), rest.slice(wrong.length)), make("small", {}, note));
    show(message, repairs(fault.fixes, use), unfinished ? null : where);
  }

  /* Say which keys of a query no model has, with near ones. */
  function showUnknownKeys(conditions, query, use) {
    const unknown = conditions.filter(({ known }) => !known);
    show(...unknown.flatMap(({ kind, key, at }) => {
      const others = nearest(kind, key), end = at + (/^[^.]*\.(?:`[^`]*`|"[^"]*"|[^\s<>=!()'"`,]+)/.exec(query.slice(at)) || [""])[0].length;
      const fixes = others.map(([name, { count }]) => ({ text: query.slice(0, at) + kind + "." + quoteKey(name) + query.slice(end), label: kind + "." + quoteKey(name), note: count ? number(count) + " of " + number(data.rows.length) : "" }));
      return [make("p", { class: "soft" }, "No latest version has a " + WHAT[kind] + " named " + key + "." + (fixes.length ? " Did you mean:" : "")), repairs(fixes, use)];
    }));
  }

  /* Say how to write a condition whose field has no prefix: as words it finds nothing. */
  function showMeaning(text, use) {
    byId("q").setAttribute("aria-invalid", "false");
    const match = /^\s*(?:`([^`]+)`|([^\s<>=!.]+))\s*(?=[<>=!])/.exec(text), key = match && (match[1] || match[2]);
    if (!match) { show(); return; }
    const kinds = ["metrics", "params", "tags", "inputs"], of = (kind, name) => ({ text: kind + "." + quoteKey(name) + " " + text.slice(match[0].length), label: kind + "." + quoteKey(name) });
    const exact = kinds.filter((kind) => data.keys[kind].has(key)).map((kind) => of(kind, key));
    const fixes = exact.length ? exact : kinds.slice(0, 3).flatMap((kind) => nearest(kind, key).slice(0, 2).map(([name]) => of(kind, name)));
    const how = "A query names its field with a prefix: metrics., params., tags., model_tags. or inputs." + (fixes.length ? " Did you mean:" : "");
    show(make("p", { class: "soft" }, how), repairs(fixes, use));
  }

  function repairs(fixes, use) {
    const item = ({ text, label, note }) => make("li", {}, make("button", { type: "button", class: "link", onclick: () => use(text) }, make("code", {}, label)), note ? make("small", {}, " " + note) : null);
    return fixes.length ? make("ul", {}, fixes.map(item)) : null;
  }

  function show(...elements) {
    const shown = elements.filter(Boolean);
    byId("hint").hidden = !shown.length;
    byId("hint").replaceChildren(...shown);
  }

  /* Say what was searched in vain. A run that a query names may have logged an older version. */
  function showNothing({ query, words }, use) {
    const run = words.length ? null : /\brun_(?:id|name)\s*=\s*'([^']+)'/i.exec(query);
    const how = run ? [" Search for the run of any version: ", make("button", { type: "button", class: "link", onclick: () => use(run[1]) }, make("code", {}, run[1])), "."] : [];
    const texts = words.length ? [catalog.hasRuns(words) ? NOTHING : "Searching runs …"] : query ? ["No latest version matches. A query looks only at the latest version of each model.", ...how] : ["No model matches."];
    byId("why-nothing").replaceChildren(...texts);
  }
  const NOTHING = "No model matches. Searched: names, tags, aliases, flavors, columns, descriptions, the beginnings of cards, and the beginnings of the names and IDs of runs.";

  const say = (message) => {
    if (byId("status").textContent !== message) byId("status").textContent = message;
  };

  Object.assign(catalog, { showFault, showUnknownKeys, showMeaning, showNothing, say });
})();
