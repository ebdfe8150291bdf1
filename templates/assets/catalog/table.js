/* The table of models. A long list scrolls in a box of its own and has only the rows in sight in the page. */
(function () {
  "use strict";
  const { all, catalog, make, steady } = window.sitegen;
  const { data, column, marked, reasons, texts, number, plural, folderOf, versionLink } = catalog;
  const LONG = 300; /* up to here all rows are in the page: the browser's own search finds them */
  const MAX_VERSIONS = 5; /* of a run */
  const table = { list: [], cursor: -1, shown: [], first: -1, last: -1, height: 48, headKey: "" };
  const byId = (id) => /** @type {any} */ (document.getElementById(id));
  const isLong = () => table.list.length > LONG;

  /* The head, the widths of the columns and the menu of orders; whether anything of them changes. */
  function showHead(state, best) {
    table.shown = state.columns.map((id) => ({ id, ...column(id) })).filter(({ label }) => label);
    const key = JSON.stringify([state.columns, state.sort, best]);
    if (key === table.headKey) return false;
    table.headKey = key;
    const element = byId("models"), id = state.sort.replace(/^-/, ""), direction = state.sort.startsWith("-") ? "descending" : "ascending";
    const cell = (one) => make("th", { scope: "col", class: cellClass(one), "data-column": one.id, title: one.title, "aria-sort": one.id === id ? direction : null },
      one.sort ? make("button", { type: "button", class: "sort", "data-sort": one.id, "data-name": "sort " + one.id, title: one.label.length > 12 ? one.label : null }, one.label) : one.label, make("small", {}, one.note));
    const select = make("td", { class: "tick" }, make("span", { class: "vh" }, "Select"));
    const columns = [{ id: "name", ...column("name") }, ...table.shown];
    steady(element.tHead, () => element.tHead.rows[0].replaceChildren(select, ...columns.map(cell)));
    element.querySelector("colgroup").replaceChildren(make("col", { class: "w-tick" }), make("col"), ...table.shown.map(({ width }) => {
      const col = make("col");
      col.style.width = width + "rem";
      return col;
    }));
    element.style.setProperty("--added", String(table.shown.filter(({ id: shown }) => !STANDARD.includes(shown)).length));
    element.style.setProperty("--least", 14.5 + table.shown.reduce((sum, { width }) => sum + width, 0) + "rem");
    const option = (value, text) => make("option", { value }, text);
    const orders = columns.filter(({ sort }) => sort).flatMap((one) => [option(one.id, one.label + " ↑"), option("-" + one.id, one.label + " ↓")]);
    byId("sortby").replaceChildren(option("", best ? "best match" : "default order"), ...orders);
    byId("sortby").value = state.sort;
    return true;
  }

  const STANDARD = ["latest", "change", "aliases", "main", "signature", "flavor", "problems", "name"]; /* with a place of their own on telephones */
  const cellClass = (one) => (STANDARD.includes(one.id) ? "c-" + one.id : "c-other") + (one.right ? " n" : "");

  function line(place, state) {
    const row = table.list[place], tick = row.slug + "@" + row.version, inStore = data.names.get(row.name) > 1 ? " in " + (row.store || "the root") : "";
    const box = row.version ? make("input", { type: "checkbox", "data-tick": tick, "data-name": "select " + row.slug, "aria-label": "Select " + row.name + inStore, checked: state.selected.has(row.slug) }) : null;
    return make("tr", { "data-place": place, class: place === table.cursor ? "cursor" : null, "aria-rowindex": isLong() ? place + 2 : null },
      make("td", { class: "tick" }, box), nameCell(row, state.words, inStore),
      table.shown.map((one) => make("td", { class: cellClass(one), "data-label": STANDARD.includes(one.id) ? null : one.label }, one.cell(row, state.words))));
  }

  function nameCell(row, words, inStore) {
    const why = words.length ? reasons(row, words).filter(([, label]) => !(inStore && label === "store")) : [];
    const said = why.map(([text, label, versions, others]) => make("span", { class: "why" }, label + " ", make("b", {}, marked(text, words)), versions ? versionsOfRun(row, versions, others) : null, " "));
    const text = why.length ? said : make("span", { class: "text" }, descriptionOf(row, inStore));
    return make("th", { scope: "row", class: "name" },
      make("a", { href: folderOf(row) + "index.html", "data-name": "open " + row.slug, title: row.name.length > 28 ? row.name : null }, marked(row.name, words)), " ",
      make("span", { class: "u" }, inStore ? [make("b", { class: "in" }, inStore.trim()), " "] : null, text));
  }

  /* Links to the versions of a run, and the number of other runs that were found. */
  function versionsOfRun(row, versions, others) {
    const links = versions.slice(0, MAX_VERSIONS).flatMap((one, place) => [place ? ", " : ": ", versionLink(row, one, Array.isArray(one) ? one[0] : one)]);
    const more = versions.length > MAX_VERSIONS ? " and " + number(versions.length - MAX_VERSIONS) + " more" : "";
    return [...links, more, others ? "; " + plural(others, "other run") : ""];
  }

  function descriptionOf(row, inStore) {
    const loaded = texts(row), text = loaded ? loaded[0] : table.descriptions.get(row.slug) || "";
    return text || (data.stores.size > 1 && row.store && !inStore ? "in " + row.store : "");
  }

  /* Draw the rows in sight, or all of a short list; nothing where they are there already, unless `force` is set. */
  function draw(state, force) {
    const body = byId("models").tBodies[0], box = byId("wrap");
    let from = 0, to = table.list.length;
    if (isLong()) {
      const top = Math.floor(box.scrollTop / table.height);
      from = Math.max(0, Math.min(top - 6, to - 20));
      from -= from % 4;
      to = Math.min(to, top + Math.ceil(box.clientHeight / table.height) + 8);
    }
    if (!force && from === table.first && to === table.last) return;
    Object.assign(table, { first: from, last: to });
    const rows = Array.from({ length: to - from }, (_, place) => line(from + place, state));
    if (from) rows.unshift(gap(from));
    if (to < table.list.length) rows.push(gap(table.list.length - to));
    box.classList.toggle("long", isLong());
    steady(body, () => body.replaceChildren(...rows));
    if (isLong()) byId("models").setAttribute("aria-rowcount", String(table.list.length + 1)); else byId("models").removeAttribute("aria-rowcount");
  }

  /* The room of rows that are not in the page. */
  function gap(count) {
    const row = make("tr", { class: "gap", "aria-hidden": "true" }, make("td", { colspan: table.shown.length + 2 }));
    row.style.height = count * table.height + "px";
    return row;
  }

  /* Read the height of a row from the page; whether it is another one than before. */
  function measure() {
    const row = byId("models").tBodies[0].querySelector("tr:not(.gap)"), before = table.height;
    if (row) table.height = row.getBoundingClientRect().height || table.height;
    return table.height !== before;
  }

  /* Move the cursor by some rows, and focus the name in its row. */
  function move(step, state) {
    if (!table.list.length) return;
    table.cursor = Math.max(0, Math.min(table.list.length - 1, table.cursor + step));
    const box = byId("wrap");
    if (isLong()) {
      const at = table.cursor * table.height, room = box.clientHeight - byId("models").tHead.offsetHeight - table.height;
      if (at < box.scrollTop) box.scrollTop = at; else if (at > box.scrollTop + room) box.scrollTop = at - room;
      draw(state, true);
    } else all("tr", byId("models").tBodies[0]).forEach((row, place) => row.classList.toggle("cursor", place === table.cursor));
    const link = document.querySelector("tr.cursor th a");
    if (!(link instanceof HTMLElement)) return;
    link.focus({ preventScroll: true });
    if (!isLong()) link.closest("tr").scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /* What the page shows before scripts draw it: its rows, with the descriptions that the first index has not. */
  function readPage() {
    const rows = all("tr", byId("models").tBodies[0]);
    table.descriptions = new Map(rows.map((row) => {
      const box = row.querySelector("[data-tick]"), tick = box ? box.dataset.tick : "";
      return [tick.slice(0, tick.lastIndexOf("@")), row.querySelector(".text").textContent];
    }));
    measure();
    return { count: rows.length, columns: all("th[data-column]", byId("models").tHead).map((head) => head.dataset.column).filter((id) => id !== "name") };
  }

  const countText = (count) => (count === data.rows.length ? number(count) : number(count) + " of " + number(data.rows.length)) + (data.rows.length === 1 ? " model" : " models");

  Object.assign(catalog, { table, showHead, draw, measure, move, readPage, countText });
})();
