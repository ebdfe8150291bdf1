/* The table of versions: filter, columns, order, pages and selection, all kept behind the # of the address. The page has
   its rows already; scripts draw them anew when somebody asks for another order, or for other rows or columns. */
(function () {
  "use strict";
  const { all, make, linkButton, letters, showChooser, steady, versions, state: hash } = window.sitegen;
  const { data, column } = versions;
  const NAMES = ["filter", "sort", "column", "page", "from", "select"];
  const byId = (id) => /** @type {any} */ (document.getElementById(id));
  const state = { filter: "", sort: "", columns: [], page: 1, from: "", selected: new Set() };
  let table = null, standard = [], total = 0, perPage = 200, loading = null, saving = 0, choosing = false;

  /* ---- state ---- */
  function readHash() {
    const parameters = hash.read(), columns = parameters.getAll("column");
    const page = Number(parameters.get("page")) || Number(table.dataset.page);
    Object.assign(state, { filter: parameters.get("filter") || "", sort: parameters.get("sort") || "", columns: columns.length ? columns : standard.slice(), page, from: parameters.get("from") || "" });
    state.selected = new Set(parameters.getAll("select"));
    byId("filter").value = state.filter;
    if (byId("change-from")) byId("change-from").value = state.from;
    return NAMES.some((name) => parameters.has(name));
  }
  function writeHash() {
    clearTimeout(saving);
    saving = setTimeout(() => {
      const parameters = new URLSearchParams();
      for (const name of ["filter", "sort", "from"]) if (state[name]) parameters.set(name, state[name]);
      if (state.page !== Number(table.dataset.page)) parameters.set("page", String(state.page));
      if (state.columns.join("\n") !== standard.join("\n")) state.columns.forEach((id) => parameters.append("column", id));
      state.selected.forEach((name) => parameters.append("select", name));
      hash.replace((name) => NAMES.includes(name), parameters);
    }, 250);
  }

  /* ---- data ---- */
  const say = (message) => { if (byId("table-status").textContent !== message) byId("table-status").textContent = message; };

  /* Do something once the index is here. */
  async function whenLoaded(action) {
    if (!data.rows.length) say("Loading versions …");
    loading = loading || versions.load(table.dataset.folder).then(() => say(""));
    try {
      await loading;
    } catch {
      loading = null;
      say("The versions could not be loaded: only this page of them is shown.");
      return;
    }
    action();
  }

  /* Whether values are here; else they are loaded, and the table is drawn again. */
  function ready(keys) {
    if (versions.has(keys)) return true;
    say("Loading values …");
    versions.loadValues(keys).then(() => { say(""); refresh(); }, () => say("Could not load the values."));
    return false;
  }

  /* ---- what the table shows ---- */
  function refresh() {
    const filter = versions.parse(state.filter), shown = state.columns.map(column).filter(Boolean), by = column(state.sort.replace(/^-/, ""));
    const keys = versions.keysOfColumns(by ? [...shown, by] : shown);
    if (!ready([...keys, ...versions.keysOf(filter)])) return;
    say(filter.hint);
    const searched = shown.filter(({ kind }) => kind === "params" || kind === "tags").map(({ kind, key }) => [kind, key]);
    const found = data.rows.filter((row) => versions.matches(row, filter, searched)).reverse();
    const list = by && by.sort ? versions.sorted(found, by, state.sort.startsWith("-")) : found, pages = Math.max(1, Math.ceil(list.length / perPage));
    state.page = Math.min(Math.max(1, state.page), pages);
    table.classList.toggle("apart", Boolean(by) || list.length < total); /* the line joins neighbours only */
    const text = letters.number(total) + (total === 1 ? " version" : " versions"), part = list.length === total ? text : letters.number(list.length) + " of " + text;
    if (byId("count").textContent !== part) byId("count").textContent = part;
    showHead(shown);
    steady(table, () => table.tBodies[0].replaceChildren(...list.slice((state.page - 1) * perPage, state.page * perPage).map((row) => line(row, shown))));
    showPager(pages);
    showSelection();
    if (byId("change-note")) byId("change-note").textContent = noteOf(state.from);
    writeHash();
    table.dataset.drawn = "yes";
  }

  /* What the small numbers are, as the page says it for what a version is judged against. */
  function noteOf(from) {
    const baseline = data.baseline ? data.baseline.name : "", text = "Small numbers: change from ";
    if (from === "baseline" && baseline) return text + baseline + ".";
    return text + (from === "" && baseline ? baseline + " for newer versions, else from " : "") + "the previous version.";
  }

  function showHead(shown) {
    const cell = (one) => make("th", { scope: "col", class: one.right ? "n" : null, "data-column": one.id, "aria-sort": state.sort.replace(/^-/, "") === one.id ? (state.sort.startsWith("-") ? "descending" : "ascending") : null }, versions.headOf(one));
    const columns = [column("version"), ...shown], option = (value, text) => make("option", { value }, text);
    const first = [make("td", { class: "tick" }, make("span", { class: "vh" }, "Select")), data.judged ? make("td", { class: "rail" }) : null];
    steady(table.tHead, () => table.tHead.rows[0].replaceChildren(...first.filter(Boolean), ...columns.map(cell)));
    byId("sortby").replaceChildren(option("", "newest first"), ...columns.flatMap((one) => [option(one.id, one.label + " ↑"), option("-" + one.id, one.label + " ↓")]));
    byId("sortby").value = state.sort;
  }

  function line(row, shown) {
    const box = make("input", { type: "checkbox", "data-select": true, value: row.name, checked: state.selected.has(row.name), "aria-label": "Select " + row.label });
    const rail = data.judged ? make("td", { class: "rail" + (row.rail ? " r-" + row.rail : "") + (row.aliases.length ? " on" : "") }, make("b")) : null;
    return make("tr", { id: row.folder === row.name ? "v-" + row.name : null }, make("td", { class: "tick" }, box), rail, versions.versionCell(row),
      shown.map((one) => make("td", { class: cellClass(one, row), "data-l": labelOf(one, row), title: one.kind && one.kind !== "metrics" ? versions.valueOf(row, one.kind, one.key) : null }, one.cell(row, state.from))));
  }

  /* The name in front of a value where rows are stacked; the verdict and missing problems need none. */
  const labelOf = (one, row) => (one.id === "effect" || (one.id === "problems" && !row.problems) ? null : versions.shortLabel(one.label));

  function cellClass(one, row) {
    if (one.id === "effect") return "effect";
    if (one.right) return one.kind && versions.valueOf(row, one.kind, one.key) === undefined ? "n soft" : "n";
    return one.id === "description" ? null : "clip";
  }

  /* Links to pages, as the page has them without scripts, which here only show other rows. */
  function showPager(pages) {
    const near = (number) => number < 3 || number > pages - 2 || Math.abs(number - state.page) < 3;
    const go = (number, text) => linkButton(text, () => { state.page = number; refresh(); table.scrollIntoView({ block: "start" }); }, { "aria-label": text === String(number) ? "Page " + number : null });
    const numbers = Array.from({ length: pages }, (_, place) => place + 1).flatMap((number) => {
      if (number === state.page) return [make("b", { "aria-current": "page" }, String(number))];
      return near(number) ? [go(number, String(number))] : Math.abs(number - state.page) === 3 ? [make("span", { class: "soft" }, "…")] : [];
    });
    const links = [state.page > 1 ? go(state.page - 1, "← Previous") : null, ...numbers, state.page < pages ? go(state.page + 1, "Next →") : null];
    byId("pager").replaceChildren(...(pages > 1 ? [make("nav", { class: "pager", "aria-label": "Pages of versions" }, links)] : []));
  }

  /* ---- selection ---- */
  function showSelection() {
    const rows = data.rows.filter((row) => state.selected.has(row.name)), link = byId("compare-selected");
    byId("tray").hidden = !rows.length;
    byId("selected").textContent = letters.number(rows.length) + " selected: " + rows.map((row) => row.label).join(", ");
    link.hidden = rows.length < 2;
    link.textContent = "Compare " + letters.number(rows.length) + " versions";
    link.href = table.dataset.folder + "compare/index.html#" + new URLSearchParams(rows.map((row) => ["v", row.name])).toString();
  }
  function tick(box) {
    if (box.checked) state.selected.add(box.value); else state.selected.delete(box.value);
    whenLoaded(() => { showSelection(); writeHash(); });
  }
  function clearSelection() {
    state.selected.clear();
    all("[data-select]", table).forEach((box) => { box.checked = false; });
    showSelection();
    writeHash();
  }

  /* ---- what people do ---- */
  function update(change) {
    Object.assign(state, { page: 1 }, change);
    whenLoaded(refresh);
  }
  function sortBy(id) {
    const [one, two] = column(id).descending ? ["-" + id, id] : [id, "-" + id];
    update({ sort: state.sort === one ? two : state.sort === two ? "" : one });
  }
  function choose() {
    showChooser(byId("chooser"), versions.columnGroups(), state.columns, (id, chosen) => {
      update({ columns: chosen ? state.columns.concat(id) : state.columns.filter((one) => one !== id) });
    });
    choosing = true;
  }

  /* Heads as buttons, before anything is loaded. */
  function addSortButtons() {
    for (const head of all("th[data-column]", table.tHead)) {
      const { column: id } = head.dataset, note = head.querySelector(".u"), name = Array.from(head.childNodes).filter((node) => node !== note);
      head.replaceChildren(make("button", { type: "button", class: "sort", "data-sort": id, "data-name": "sort " + id }, name), note);
    }
  }

  function listen() {
    const on = (id, type, action) => { if (byId(id)) byId(id).addEventListener(type, action); };
    on("filter", "input", () => update({ filter: byId("filter").value }));
    on("change-from", "change", () => update({ from: byId("change-from").value, page: state.page }));
    on("sortby", "change", () => update({ sort: byId("sortby").value }));
    on("sortby", "focus", () => whenLoaded(refresh));
    on("unselect", "click", clearSelection);
    on("reset", "click", () => update({ columns: standard.slice() }));
    on("reset", "click", () => whenLoaded(choose));
    byId("chooser").closest("details").addEventListener("toggle", () => { if (!choosing) whenLoaded(choose); });
    table.tBodies[0].addEventListener("change", (event) => tick(event.target));
    table.tHead.addEventListener("click", (event) => {
      const button = event.target instanceof Element && event.target.closest("[data-sort]");
      if (button instanceof HTMLElement) whenLoaded(() => sortBy(button.dataset.sort));
    });
    byId("pager").addEventListener("click", turnPage);
    document.addEventListener("keydown", ({ key }) => {
      const open = key === "Escape" ? all("details.pop[open]") : [];
      open.forEach((pop) => { pop.open = false; pop.querySelector("summary").focus(); });
    });
    addEventListener("hashchange", () => { if (readHash()) whenLoaded(refresh); });
  }

  /* A link of the pager that the page came with: its rows are shown here, so that ticks stay. */
  function turnPage(event) {
    const link = event.target instanceof Element && event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const number = Number(link.textContent), step = link.rel === "next" ? 1 : -1;
    update({ page: number || state.page + step });
    table.scrollIntoView({ block: "start" });
  }

  document.addEventListener("DOMContentLoaded", () => {
    table = byId("versions-table");
    if (!table || !table.dataset.versions) return;
    total = Number(table.dataset.versions);
    perPage = Number(table.dataset.perPage);
    standard = all("th[data-column]", table.tHead).map((head) => head.dataset.column).filter((id) => id !== "version");
    addSortButtons();
    listen();
    if (readHash()) whenLoaded(refresh);
  });
})();
