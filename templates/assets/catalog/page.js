/* The catalog's page: search, filters, columns, order and selection, all kept behind the # of the address. */
(function () {
  "use strict";
  const { all, catalog, pause, showChooser, state: hash } = window.sitegen;
  const { data, table, say, column } = catalog;
  const byId = (id) => /** @type {any} */ (document.getElementById(id));
  const state = { query: "", sort: "", choices: {}, columns: [], selected: new Map(), words: [] };
  let standard = [], loaded = false, lastScores = null, saving = 0;

  /* ---- state ---- */
  function readHash() {
    const parameters = hash.read(), choices = {};
    for (const [key, value] of parameters) if (key.startsWith("f.")) (choices[key.slice(2)] = choices[key.slice(2)] || []).push(value);
    const columns = parameters.getAll("column");
    Object.assign(state, { query: parameters.get("q") || "", sort: parameters.get("sort") || "", choices, columns: columns.length ? columns : standard.slice() });
    state.selected = new Map(parameters.getAll("select").map((tick) => [catalog.slugOf(tick), tick]));
    byId("q").value = state.query;
  }
  function writeHash() {
    clearTimeout(saving);
    saving = setTimeout(() => {
      const parameters = new URLSearchParams();
      if (state.query) parameters.set("q", state.query);
      if (state.sort) parameters.set("sort", state.sort);
      if (state.columns.join("\n") !== standard.join("\n")) state.columns.forEach((id) => parameters.append("column", id));
      for (const [key, values] of Object.entries(state.choices)) values.forEach((value) => parameters.append("f." + key, value));
      state.selected.forEach((tick) => parameters.append("select", tick));
      hash.write(parameters);
    }, 250);
  }
  const use = (text) => {
    byId("q").value = state.query = text;
    byId("q").focus();
    update();
  };

  /* ---- what the list shows ---- */
  function update() {
    table.cursor = -1;
    byId("wrap").scrollTop = 0; /* before anything changes: no second layout */
    refresh();
  }

  function refresh() {
    if (!loaded) return;
    const isQuery = catalog.looksLikeQuery(state.query), scores = isQuery ? queryScores() : wordScores();
    if (scores === undefined) return;
    const found = catalog.filter(scores, state.choices), by = column(state.sort.replace(/^-/, ""));
    const needs = [...state.columns, state.sort.replace(/^-/, "")].flatMap(catalog.keysOfColumn);
    if (needs.length && !catalog.has(needs)) fetchValues(needs);
    if (by && by.sort) table.list = catalog.sorted(found, by, state.sort.startsWith("-"));
    else table.list = state.words.length ? ranked(found, scores) : found;
    const changed = catalog.showHead(state, state.words.length > 0);
    show();
    if (changed && catalog.measure()) catalog.draw(state, true);
  }

  function show() {
    const count = catalog.countText(table.list.length);
    if (byId("count").textContent !== count) byId("count").textContent = count;
    byId("nothing").hidden = table.list.length > 0;
    if (!table.list.length) catalog.showNothing(state, use);
    byId("pager").hidden = true;
    byId("clear").hidden = !state.query && !Object.keys(state.choices).length;
    catalog.draw(state, true);
    catalog.showSelection(state.selected);
    writeHash();
  }

  function ranked(found, scores) {
    const buckets = new Map();
    for (const row of found) {
      const score = scores[row.number], bucket = buckets.get(score);
      if (bucket) bucket.push(row); else buckets.set(score, [row]);
    }
    return Array.from(buckets.keys()).sort((a, b) => a - b).flatMap((score) => buckets.get(score));
  }

  function wordScores() {
    state.words = catalog.wordsOf(state.query);
    lastScores = null;
    catalog.showMeaning(state.query, use);
    say(state.words.length && !data.texts ? "Descriptions, cards and outputs are not searched yet: loading." : "");
    if (state.words.length && !data.texts) loadTexts();
    if (!catalog.hasRuns(state.words)) loadRuns();
    return state.words.length ? catalog.search(state.words) : null;
  }

  /* The scores of a query; those of the last one while it cannot be read; undefined while its values are loaded. */
  function queryScores() {
    state.words = [];
    say("");
    try {
      const conditions = catalog.parse(state.query), keys = catalog.keysIn(conditions);
      if (catalog.needsTexts(conditions) && !data.texts) {
        say("Loading inputs …");
        loadTexts();
        return undefined;
      }
      if (!catalog.has(keys)) {
        catalog.showFault(null, state.query, false, use);
        fetchValues(keys);
        return undefined;
      }
      catalog.showFault(null, state.query, false, use);
      catalog.showUnknownKeys(conditions, state.query, use);
      return (lastScores = catalog.evaluate(conditions));
    } catch (error) {
      if (!(error instanceof catalog.Fault)) throw error;
      catalog.showFault(error, state.query, lastScores !== null, use);
      return lastScores;
    }
  }

  /* ---- data ---- */
  function fetchValues(keys) {
    say("Loading " + Array.from(new Set(keys.map(([, key]) => key))).join(", ") + " …");
    catalog.loadValues(keys).then(() => { say(""); refresh(); }, () => say("Could not load the values."));
  }
  function loadTexts() {
    catalog.loadTexts().then(() => refresh(), () => say("Descriptions are not searched: they could not be loaded."));
  }
  /* Mostly they are there at once: a note would only make the list move. */
  function loadRuns() {
    const slow = setTimeout(() => say("Runs are not searched yet: loading."), 300);
    catalog.loadRuns(state.words).then(() => refresh(), () => say("Runs are not searched: they could not be loaded.")).finally(() => clearTimeout(slow));
  }

  async function start() {
    const element = byId("models"), page = catalog.readPage();
    standard = page.columns;
    data.up = element.dataset.up;
    readHash();
    try {
      await catalog.load(data.up + "catalog/", Number(element.dataset.scripts));
    } catch {
      say("The search data could not be loaded: only the first " + page.count + " models are listed.");
      return;
    }
    await catalog.showFacets(byId("facets"), choose);
    await pause();
    showChooser(byId("chooser"), catalog.columnGroups(), state.columns, chooseColumn);
    catalog.showExamples(byId("examples"), use);
    await pause();
    loaded = true;
    table.list = data.rows;
    refresh();
    document.documentElement.dataset.catalog = "ready";
  }

  /* ---- what people do ---- */
  function choose(key, value, chosen) {
    const values = new Set(state.choices[key]);
    if (chosen) values.add(value); else values.delete(value);
    if (values.size) state.choices[key] = Array.from(values); else delete state.choices[key];
    update();
  }
  function chooseColumn(id, chosen) {
    state.columns = chosen ? state.columns.concat(id) : state.columns.filter((one) => one !== id);
    refresh();
  }
  function clear() {
    state.choices = {};
    use("");
  }
  function sortBy(id) {
    const [one, two] = column(id).descending ? ["-" + id, id] : [id, "-" + id];
    state.sort = state.sort === one ? two : state.sort === two ? "" : one;
    update();
  }

  function onKey(event) {
    const box = byId("q"), { target } = event, typing = target.matches("input:not([type=checkbox]), select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") escape(target === box || !typing);
    else if (typing) {
      if (target !== box || !["ArrowDown", "Enter"].includes(event.key)) return;
      event.preventDefault();
      table.cursor = -1;
      catalog.move(1, state);
    } else press(event);
  }
  /* Close what is open, else clear; not while somebody fills in a field that has nothing to do with it. */
  function escape(mayClear) {
    const open = all("details.pop[open]");
    open.forEach((pop) => { pop.open = false; pop.querySelector("summary").focus(); });
    if (!open.length && mayClear && (state.query || Object.keys(state.choices).length)) clear();
  }
  function press(event) {
    const inTable = event.target === document.body || byId("wrap").contains(event.target);
    const step = { j: 1, k: -1, ...(inTable ? { ArrowDown: 1, ArrowUp: -1 } : {}) }[event.key];
    const tick = document.querySelector("tr.cursor [data-tick]");
    if (step) catalog.move(step, state);
    else if (event.key === "x" && tick instanceof HTMLElement) tick.click();
    else return;
    event.preventDefault();
  }

  function listen() {
    const on = (id, type, action) => byId(id).addEventListener(type, action), box = byId("q"), element = byId("models");
    on("q", "input", () => { state.query = box.value; update(); });
    box.addEventListener("focus", () => { if (loaded) loadTexts(); });
    on("clear", "click", clear);
    on("clear-all", "click", clear);
    on("sortby", "change", () => { state.sort = byId("sortby").value; update(); });
    on("reset", "click", () => {
      state.columns = standard.slice();
      showChooser(byId("chooser"), catalog.columnGroups(), state.columns, chooseColumn);
      refresh();
    });
    on("unselect", "click", () => { catalog.clearSelection(state.selected); writeHash(); });
    element.tHead.addEventListener("click", (event) => {
      const button = event.target instanceof Element && event.target.closest("[data-sort]");
      if (button instanceof HTMLElement) sortBy(button.dataset.sort);
    });
    element.tBodies[0].addEventListener("change", (event) => { catalog.toggle(state.selected, event.target); writeHash(); });
    byId("wrap").addEventListener("scroll", () => {
      if (!loaded || table.list.length <= 300) return;
      if (!data.texts) loadTexts();
      catalog.draw(state, false);
    }, { passive: true });
    addEventListener("resize", () => { if (loaded) { catalog.measure(); catalog.draw(state, true); } });
    addEventListener("hashchange", () => { if (location.hash.includes("=") || !location.hash) { readHash(); update(); } });
    document.addEventListener("keydown", onKey);
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!matchMedia("(max-width: 84rem)").matches) all("[data-open-wide]").forEach((details) => { details.open = true; });
    listen();
    requestAnimationFrame(() => setTimeout(start, 0)); /* after the first paint */
  });
})();
