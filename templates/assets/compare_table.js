/* The table of the compare page: versions side by side. What is in view is made at once and the rest in slices, so that
   a change shows at once however much there is; in the end the whole table is there, to be searched, read and printed. */
(function () {
  "use strict";
  const { make, numeric } = window.sitegen;

  /* --- what is compared ------------------------------------------------------------------------------------------- */

  const known = new WeakMap();
  /* The values of a key over all versions of a model. */
  function valuesOf(data, kind, key) {
    if (!known.has(data)) known.set(data, {});
    const kinds = known.get(data);
    if (!kinds[kind]) kinds[kind] = new Map(data[kind].map((entry) => [entry.key, entry.values]));
    return kinds[kind].get(key);
  }

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
    if (columns.some((one) => one.data !== columns[0].data)) rows.unshift(["model", (one) => one.data.name]);
    return rows.map(([name, value]) => ({ id: "about." + name, name, values: columns.map(value), own: OWN.includes(name) }));
  }

  function keyed(columns, kind) {
    const entries = new Map();
    for (const one of columns) {
      for (const entry of one.data[kind]) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    }
    const rows = [...entries.values()].map((entry) => {
      const found = columns.map((one) => valuesOf(one.data, kind, entry.key));
      const values = columns.map((one, place) => (found[place] ? found[place][one.place] : null));
      return { id: kind + "." + entry.key, name: entry.key || "(no name)", values, kind, direction: entry.direction };
    });
    return rows.filter((row) => row.values.some((value) => value !== null)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  function signature(columns, side) {
    const maps = columns.map((one) => {
      const found = one.data.signatures[one.version.signature];
      return new Map(found && found[side] ? found[side].map(([name, type]) => [name, type]) : []);
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
      if (x === null || y === null) return (x === null) - (y === null);
      if (numeric(x) !== numeric(y)) return numeric(x) ? -1 : 1;
      if (numeric(x)) return sign * (Number(x) - Number(y));
      return sign * (String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0);
    });
  }

  function bestOf(row) {
    if (row.kind !== "metrics" || !row.direction) return new Set();
    const finite = row.values.filter(numeric).map(Number);
    if (new Set(finite).size < 2) return new Set();
    const top = row.direction === "lower" ? Math.min(...finite) : Math.max(...finite);
    return new Set(row.values.flatMap((value, place) => (numeric(value) && Number(value) === top ? [place] : [])));
  }

  /* --- cells ------------------------------------------------------------------------------------------------------- */

  /* The decimals that all numbers of a row have, so that the largest has about five digits; null: three digits each. */
  function decimalsOf(row) {
    const numbers = row.values.filter(numeric).map(Number), largest = Math.max(0, ...numbers.map(Math.abs));
    if (largest < 1e9 && numbers.every(Number.isInteger)) return 0;
    if (largest < 1e-3 || largest >= 1e9) return null;
    return Math.max(0, 4 - Math.max(0, Math.floor(Math.log10(largest))));
  }
  /* A number as Python's pages show it; what would lose its digits beside the largest of its row has three of its own. */
  function shownNumber(value, places) {
    if (!numeric(value)) return String(value) === "Infinity" ? "∞" : String(value) === "-Infinity" ? "−∞" : String(value);
    const size = Math.abs(value), small = size > 0 && size < 10 ** (1 - places);
    const text = places === null || small ? threeDigits(size) : toEven(size.toFixed(places), size.toFixed(100), places);
    return (value < 0 ? "−" : "") + text;
  }
  const shownChange = (change, places) => (change > 0 ? "+" : "−") + shownNumber(Math.abs(change), places);

  /* Three digits, as few zeros as can be, and an exponent of two digits where the number is very small or large. */
  function threeDigits(size) {
    const [digits, power] = toEven(size.toExponential(2), size.toExponential(100), 2).split("e");
    if (power >= -4 && power < 3) return String(Number(digits + "e" + power));
    return Number(digits) + "e" + power[0].replace("-", "−") + power.slice(1).padStart(2, "0");
  }

  /* Of a number that lies just between two others JavaScript shows the larger, and Python the even one. */
  function toEven(text, exact, places) {
    const end = exact.indexOf(".") + (places ? places + 1 : 0), [rest, power] = exact.slice(end).replace(".", "").split("e");
    const tie = /^50*$/.test(rest) && /[02468]$/.test(exact.slice(0, end));
    return tie ? exact.slice(0, end) + (power ? "e" + power : "") : text;
  }
  const decimals = (row) => (row.decimals === undefined ? row.decimals = decimalsOf(row) : row.decimals);

  /* Values and differences stand in parts of a fixed width, so that digits are below digits. */
  function metricCell(row, place, base) {
    const value = row.values[place], before = row.values[base];
    row.best = row.best || bestOf(row);
    const best = row.best.has(place);
    const shown = make("data", { value, title: value, class: best ? "by best" : "by" }, shownNumber(value, decimals(row)));
    const cell = make("td", { class: "n" }, shown);
    if (best) cell.append(make("span", { class: "vh" }, " best"));
    if (place !== base && value !== before && numeric(value) && numeric(before)) {
      const change = Number(value) - Number(before);
      cell.append(" ", make("span", { class: "d by" }, shownChange(change, decimals(row))));
      if (row.direction) cell.append(make("span", { class: "d" }, (change > 0) === (row.direction === "lower") ? " worse" : " better"));
    }
    return cell;
  }

  const LONG = 120; /* characters; longer texts are folded */

  function cellOf(row, place, base) {
    const value = row.values[place], changed = place !== base && !row.own && value !== row.values[base];
    if (value === null || value === undefined) {
      const text = changed ? "absent" : "–";
      return make("td", { class: "no" + (changed ? " chg" : "") }, row.kind === "metrics" ? make("span", { class: "by" }, text) : text);
    }
    if (row.kind === "metrics") return metricCell(row, place, base);
    const text = value === "" ? "empty string" : String(value);
    const looks = (changed ? "chg " : "") + (row.code || row.kind === "files" ? "type" : "");
    if (text.length <= LONG) return make("td", { class: looks }, text);
    const folded = [make("summary", {}, text.length + " characters"), make("pre", { tabindex: "0" }, text)];
    return make("td", { class: looks }, make("details", { class: "more" }, folded));
  }

  function sortButton(row, sort) {
    const current = sort.replace(/^-/, "") === row.id, down = sort.startsWith("-");
    const better = row.direction === "lower" ? " ↓ better" : row.direction === "higher" ? " ↑ better" : "";
    const attributes = { type: "button", class: "sort", "data-name": "sort " + row.id, "aria-pressed": String(current) };
    return make("button", attributes, make("code", {}, row.name), current ? (down ? " ↓" : " ↑") : better);
  }
  /* What the next press on a row's name sorts by: up, down, not at all. */
  const nextSort = (id, sort) => (sort === id ? "-" + id : sort === "-" + id ? "" : id);

  /* --- widths: stated, so that no cell needs to be measured ------------------------------------------------------- */

  const WIDEST = 26, PADDING = 3; /* in widths of a digit */

  function widthOf(text) {
    let width = 0;
    for (const letter of text) width += letter.codePointAt(0) > 0x2e7f ? 2 : 1;
    return width;
  }
  const within = (least, width) => Math.max(least, Math.min(WIDEST, width)) + PADDING;

  /* How wide the values of a row are at most. */
  function valueWidth(row) {
    if (row.width === undefined) {
      const text = (value) => (row.kind === "metrics" ? shownNumber(value, decimals(row)) : String(value));
      row.width = Math.max(0, ...row.values.map((value) => (value === null ? 0 : widthOf(text(value)))));
    }
    return row.width;
  }
  /* How wide the part of a value is in a cell, where all metrics have the same. */
  const partWidth = (rows) => Math.max(3, ...rows.filter((row) => row.kind === "metrics").map(valueWidth));
  const cellWidth = (row, part) => (row.kind === "metrics" ? 2 * part + 2 + (row.direction ? 7 : 0) : valueWidth(row));
  const nameWidth = (row) => widthOf(row.name) + (row.direction ? 9 : 2);
  const headWidth = (head) => Math.max(widthOf(head.label) + (head.baseline ? 9 : 0), ...head.aliases.map((alias) => widthOf(alias) + 1));

  /* --- a table that grows ------------------------------------------------------------------------------------------ */

  const SLICE = 500; /* cells made at a time: some 20 ms of work */
  const AT_ONCE = 1500; /* cells of a table that needs no slices */
  const HIGH = 28; /* pixels that a line is taken for before it is made */
  const idle = window.requestIdleCallback;
  const later = (action) => (idle ? idle(action, { timeout: 200 }) : setTimeout(action, 16));

  /* Lines stand in groups {head, lines}; a line {id, first(), cells(from, to)} makes its cells when they are needed.
     `widths` has the width of each column and `part` that of a value, in widths of a digit. */
  class Growing {
    constructor(attributes, head, groups, widths, part) {
      this.count = widths.length - 1;
      this.columns = make("colgroup", {}, widths.map((width) => this.column(width)));
      this.parts = groups.flatMap((group) => this.cut(group));
      this.table = make("table", attributes, this.columns, head, this.parts.map((part) => part.body));
      this.table.style.setProperty("--least", widths.reduce((sum, width) => sum + width, 0) + "ch");
      this.table.style.setProperty("--part", part + "ch");
      this.element = make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Versions side by side" }, this.table);
    }

    column(width) {
      const column = make("col");
      column.style.width = width + "ch";
      return column;
    }

    /* A group in parts that are made in one go. */
    cut(group) {
      const size = Math.max(1, Math.floor(SLICE / Math.max(1, this.count))), parts = [];
      for (let start = 0; start < group.lines.length; start += size) {
        const lines = group.lines.slice(start, start + size), going = start + size < group.lines.length;
        const body = make("tbody", { class: going ? "on" : null });
        parts.push({ head: start ? null : group.head, lines, body, rows: null, from: 0, to: 0 });
      }
      return parts;
    }

    /* Make the lines of a part, from one column to another; an empty cell keeps the room of those before. */
    fill(part, from, to) {
      if (!part.rows) {
        part.rows = part.lines.map((line) => make("tr", {}, line.first(), from ? make("td", { colspan: from }) : null));
        part.body.replaceChildren(...(part.head ? [part.head] : []), ...part.rows);
        part.from = part.to = from;
      }
      part.rows.forEach((row, number) => {
        const { cells } = part.lines[number];
        if (from < part.from) row.cells[1].replaceWith(...cells(from, part.from));
        row.append(...cells(part.to, to));
      });
      part.from = from;
      part.to = to;
    }

    /* Before it stands in the page: take the room that lines of a height need, so that nobody's place is lost. */
    reserve(high) {
      for (const part of this.parts) {
        const room = make("tr");
        room.style.height = part.lines.length * high + "px";
        part.body.append(room);
      }
    }

    /* Once it stands there: make what is in view and what has the focus; the rest follows when nothing else is to do. */
    begin(focused) {
      const [from, to] = this.columnsInView();
      const seen = this.parts.filter((part) => {
        const place = part.body.getBoundingClientRect();
        return (place.bottom > 0 && place.top < innerHeight) || part.lines.some((line) => line.id === focused);
      });
      for (const part of seen) this.fill(part, from, to);
      this.waiting = [...seen, ...this.parts.filter((part) => !seen.includes(part))];
      this.element.setAttribute("aria-busy", "true");
      if (this.count * this.parts.reduce((sum, part) => sum + part.lines.length, 0) <= AT_ONCE) this.finish();
      else this.goOnLater();
    }

    columnsInView() {
      const view = this.element.getBoundingClientRect();
      const places = [...this.table.tHead.lastElementChild.cells].slice(1).map((head) => head.getBoundingClientRect());
      const from = places.findIndex((place) => place.right > view.left);
      return from < 0 ? [0, 0] : [from, places.filter((place) => place.left < view.right).length];
    }

    goOnLater() {
      later(() => { if (this.element.isConnected) this.goOn(SLICE); });
    }
    goOn(budget) {
      for (let left = budget; left > 0 && this.waiting.length;) {
        const part = this.waiting.shift();
        left -= part.lines.length * this.count;
        this.fill(part, 0, this.count);
      }
      if (this.waiting.length) this.goOnLater();
      else this.element.removeAttribute("aria-busy");
    }

    /* Make all that is not there yet, at once. */
    finish() { this.goOn(Infinity); }

    /* The height of a line, as it came out. */
    high() {
      const made = this.parts.filter((part) => part.rows), lines = made.reduce((sum, part) => sum + part.lines.length, 0);
      const top = made.reduce((sum, part) => sum + part.body.offsetHeight, 0);
      return lines ? top / lines : HIGH;
    }
  }

  /* The table of `blocks`. `heads` tells the columns in the order of the table: {place, label, aliases, baseline, make()}. */
  function upright(blocks, heads, base, sort) {
    const rows = blocks.flatMap(([, list]) => list);
    const part = partWidth(rows);
    const column = within(6, Math.max(...rows.map((row) => cellWidth(row, part)), ...heads.map(headWidth)));
    const widths = [within(8, Math.max(...rows.map(nameWidth))), ...heads.map(() => column)];
    const line = (row) => ({
      id: "sort " + row.id,
      first: () => make("th", { scope: "row" }, sortButton(row, sort)),
      cells: (from, to) => heads.slice(from, to).map((head) => cellOf(row, head.place, base)),
    });
    const groups = blocks.map(([title, list]) => ({
      head: make("tr", { class: "group" }, make("th", { scope: "colgroup", colspan: heads.length + 1 }, title)), lines: list.map(line),
    }));
    const top = make("thead", {}, make("tr", {}, make("td"), heads.map((head) => head.make("col"))));
    return new Growing({ class: "cmp" }, top, groups, widths, part);
  }

  /* The same, turned: versions are rows. */
  function flipped(blocks, heads, base, sort) {
    const rows = blocks.flatMap(([, list]) => list);
    const part = partWidth(rows);
    const titled = blocks.flatMap(([title, list]) => list.map((row) => Math.max(nameWidth(row), Math.ceil(widthOf(title) / list.length))));
    const columns = rows.map((row, number) => within(3, Math.max(cellWidth(row, part), titled[number])));
    const widths = [within(8, Math.max(...heads.map(headWidth))), ...columns];
    const titles = blocks.map(([title, list]) => make("th", { scope: "colgroup", colspan: list.length }, title));
    const names = rows.map((row) => make("th", { scope: "col" }, sortButton(row, sort)));
    const top = make("thead", {}, make("tr", {}, make("td"), titles), make("tr", {}, make("td"), names));
    const line = (head) => ({
      id: "",
      first: () => head.make("row"),
      cells: (from, to) => rows.slice(from, to).map((row) => cellOf(row, head.place, base)),
    });
    return new Growing({ class: "cmp flip" }, top, [{ head: null, lines: heads.map(line) }], widths, part);
  }

  window.sitegen.sideBySide = { blocksOf, keyed, orderOf, nextSort, upright, flipped, HIGH };
})();
