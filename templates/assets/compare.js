/* The compare page: versions side by side, of one model or of several. The address holds the whole state:
   v=<version> (or m=<model>@<version> on the page for several models), base, only, flip, sort, chart. */
(function () {
  "use strict";
  const { make, state, script, steady, own } = window.sitegen;
  const GLYPHS = { breaking: "✕ ", lossy: "◐ ", behaviour: "≈ ", safe: "✓ ", unknown: "? " };
  const verdict = (level) => make("span", { class: "v v-" + level }, GLYPHS[level] + level);
  const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;
  const numeric = (value) => (typeof value === "number" ? isFinite(value) : typeof value === "string" && NUMBER.test(value) && isFinite(Number(value)));

  document.addEventListener("DOMContentLoaded", async () => {
    const main = document.getElementById("compare");
    if (!main) return;
    const page = new Page(main);
    /* A plain #name is a place on this page; the state comes back into the address. */
    window.addEventListener("hashchange", () => (location.hash.includes("=") || !location.hash ? page.open() : page.keep()));
    await page.open();
  });

  class Page {
    constructor(element) {
      this.element = element;
      this.up = element.dataset.up;
      this.own = element.dataset.model || "";
      this.status = document.getElementById("compare-status");
    }

    /* Read the address, load the models it names, and show what is there. */
    async open() {
      const parameters = state.read();
      const wanted = this.own ? parameters.getAll("v").map((name) => [this.own, name])
        : parameters.getAll("m").map((text) => { const at = text.indexOf("@"); return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)]; });
      const found = new Map(), lost = [];
      for (const slug of new Set(this.own ? [this.own] : wanted.map(([slug]) => slug))) {
        found.set(slug, await this.load(slug));
        if (!found.get(slug)) lost.push(slug || "a model without a name");
      }
      this.columns = [];
      for (const [slug, name] of wanted) {
        const data = found.get(slug);
        if (!data) continue;
        const place = data.versions.findIndex((version) => version.name === name);
        if (place < 0) lost.push(this.own ? name || "a version without a name" : slug + " " + name);
        else if (!this.columns.some((one) => one.data === data && one.place === place)) this.columns.push({ data, place, version: data.versions[place] });
      }
      if (this.own && this.columns.length < 2 && !wanted.some(([, name]) => this.columns.some((one) => one.version.name === name)) && found.get(this.own)) this.columns = latest(found.get(this.own));
      const base = parameters.get("base") || this.standardBase();
      this.base = Math.max(0, this.columns.findIndex((one) => this.key(one) === base));
      if (parameters.get("base") && this.columns.length && this.key(this.columns[this.base]) !== base && !wanted.some((pair) => pair.join("@") === base || pair[1] === base)) lost.push("the baseline " + base);
      this.only = parameters.get("only") !== "0";
      this.flip = parameters.get("flip") === "1";
      this.sort = parameters.get("sort") || "";
      this.charts = parameters.getAll("chart");
      this.status.textContent = lost.length ? "Not here any more, so left out: " + lost.join(", ") + "." : "";
      this.opened = false;
      this.show();
    }

    /* What the scripts know of a model; null where there is no such model. */
    async load(slug) {
      if (!/^[a-z0-9][a-z0-9._-]*$/.test(slug)) return null;
      try { await script(this.up + "models/" + slug + "/data.js"); } catch (error) { return null; }
      return own(window.sitegenModels, slug) || null;
    }

    key(one) { return this.own ? one.version.name : one.data.slug + "@" + one.version.name; }
    label(one) { return this.sameModel() ? one.version.label : one.data.name + " " + one.version.label; }
    sameModel() { return this.columns.every((one) => one.data === this.columns[0].data); }
    standardBase() {
      const data = this.columns[0] && this.columns[0].data;
      return data && this.columns.some((one) => one.version.name === data.baseline) ? (this.own ? data.baseline : data.slug + "@" + data.baseline) : "";
    }

    /* Put the state into the address: a link opens exactly this comparison. */
    keep() {
      const parameters = new URLSearchParams();
      for (const one of this.columns) parameters.append(this.own ? "v" : "m", this.key(one));
      if (this.columns[this.base]) parameters.set("base", this.key(this.columns[this.base]));
      if (!this.only) parameters.set("only", "0");
      if (this.flip) parameters.set("flip", "1");
      if (this.sort) parameters.set("sort", this.sort);
      for (const chart of this.charts) parameters.append("chart", chart);
      state.write(parameters);
    }

    show() {
      const parts = [this.picker()];
      if (this.columns.length) {
        parts.push(this.verdicts(), this.table());
        document.getElementById("compare-title").textContent = this.titleText();
      } else parts.push(make("p", { class: "lede" }, this.own ? "Choose the versions to compare." : "Tick models in the catalog, then follow the link to compare them."));
      steady(this.element, () => this.element.replaceChildren(...parts.filter(Boolean)));
      this.keep();
      this.openStudio();
    }

    titleText() {
      const names = this.columns.map((one) => this.label(one));
      return names.length > 6 ? names.length + " versions compared" : names.slice(0, -1).join(", ") + (names.length > 1 ? " and " : "") + names.slice(-1) + " compared";
    }

    section(id, title, help, ...content) {
      return make("section", { class: "s", id, "aria-labelledby": "h-" + id }, make("header", {}, make("h2", { id: "h-" + id }, title), help ? make("p", {}, help) : null), make("div", {}, ...content.filter(Boolean)));
    }

    /* Which versions: of one model, check boxes for all; the chosen ones can be taken away. */
    picker() {
      if (!this.own) return null;
      const data = own(window.sitegenModels, this.own);
      if (!data) return null;
      const boxes = data.versions.map((version, place) => [version, place]).reverse().map(([version, place]) => {
        const box = make("input", { type: "checkbox", "data-name": "v " + version.name, checked: this.columns.some((one) => one.place === place) });
        box.addEventListener("change", () => {
          const base = this.columns[this.base] && this.columns[this.base].version;
          if (box.checked) this.columns.push({ data, place, version }); else this.columns = this.columns.filter((one) => one.place !== place);
          this.columns.sort((a, b) => a.place - b.place);
          this.base = Math.max(0, this.columns.findIndex((one) => one.version === base));
          this.show();
        });
        return make("label", { class: "pick" }, box, " " + version.label, ...version.aliases.map((alias) => [" ", make("span", { class: "al" }, alias)]));
      });
      const details = make("details", { class: "more" }, make("summary", { "data-name": "choose" }, "Choose versions: " + this.columns.length + " of " + data.versions.length), make("div", { class: "picks", role: "group", "aria-label": "Versions" }, boxes));
      details.open = Boolean(this.picking) || this.columns.length < 2;
      details.addEventListener("toggle", () => { this.picking = details.open; });
      return make("div", { class: "choose" }, details, data.left_out ? make("p", { class: "soft" }, "The newest " + data.versions.length + "; " + data.left_out + " older ones are in the API.") : null);
    }

    /* What callers of the baseline meet at each of the others. */
    verdicts() {
      if (this.columns.length < 2) return null;
      const base = this.columns[this.base], others = this.columns.filter((one) => one !== base);
      if (!this.sameModel()) {
        const commands = others.filter((one) => one.version.path !== null && base.version.path !== null).map((one) => "sitegen compare " + quoted(base.version.path) + " " + quoted(one.version.path));
        const how = commands.length ? [" To judge two model folders as if one replaced the other, in the registry's folder:"] : [];
        return this.section("verdict", "Verdict", null, make("p", {}, "These are versions of different models: what differs is shown below, without a verdict.", how), commands.length ? make("pre", { tabindex: "0", "aria-label": "Commands" }, make("code", {}, commands.join("\n"))) : null);
      }
      const judged = others.map((one) => [one, own(base.data.verdicts, base.version.signature + " " + one.version.signature)]);
      const rows = judged.map(([one, found]) => make("tr", {}, make("th", { scope: "row", class: "one" }, base.version.label + " → " + one.version.label),
        ...(found ? [make("td", {}, verdict(found.python)), make("td", {}, verdict(found.rest)), make("td", {}, verdict(found.outputs)), make("td", {}, this.changes(found))] : [make("td", { colspan: "4", class: "soft" }, "Not judged beforehand; run sitegen compare on the two folders.")])));
      const heads = ["Step", "Python callers", "REST callers", "Readers of outputs", "Changes"].map((text) => make("th", { scope: "col" }, text));
      const table = make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Verdicts" }, make("table", { class: "loud" }, make("thead", {}, make("tr", {}, heads)), make("tbody", {}, rows)));
      return this.section("verdict", "Verdict", "Can a caller written for " + base.version.label + " keep calling? Inputs and params are judged by the rules that MLflow enforces, outputs by what their readers need.", make("p", { class: "say" }, this.sentence(base, judged)), table);
    }

    sentence(base, judged) {
      const callers = (found) => [found.python, found.rest];
      const names = (test) => judged.filter(([, found]) => found && test(found)).map(([one]) => one.version.label);
      const list = (labels) => labels.slice(0, -1).join(", ") + (labels.length > 1 ? " and " : "") + labels.slice(-1);
      const broken = names((found) => callers(found).includes("breaking"));
      const unknown = names((found) => !callers(found).includes("breaking") && callers(found).includes("unknown"));
      const lossy = names((found) => !callers(found).some((level) => level === "breaking" || level === "unknown") && callers(found).includes("lossy"));
      const fine = names((found) => callers(found).every((level) => level === "safe" || level === "behaviour"));
      const readers = names((found) => found.outputs === "breaking" && !callers(found).includes("breaking"));
      const parts = [];
      const say = (labels, one, many) => { if (labels.length) parts.push(list(labels) + " " + (labels.length === 1 ? one : many)); };
      say(broken, "breaks callers of " + base.version.label, "break callers of " + base.version.label);
      say(lossy, "drops something that they send", "drop something that they send");
      say(fine, "takes every call of " + base.version.label, "take every call of " + base.version.label);
      if (unknown.length) parts.push("nobody can say for " + list(unknown));
      if (readers.length) parts.push("the output of " + list(readers) + " breaks its readers");
      return parts.length ? parts.join("; ") + "." : "Nothing was judged.";
    }

    changes(found) {
      if (!found.changes.length) return make("span", { class: "soft" }, "none");
      const text = (change) => [change.where ? make("code", {}, change.where) : change.area, " " + (change.old ?? "absent") + " → " + (change.new ?? "absent")];
      const list = found.changes.map((change) => make("li", {}, ...text(change), make("br"), make("span", { class: "soft" }, sentence(change.reason) + (change.fix ? " " + sentence(change.fix) : ""))));
      return make("details", { class: "more" }, make("summary", {}, found.changes.length + (found.changes.length === 1 ? " change" : " changes")), make("ul", {}, list));
    }

    /* --- side by side ---------------------------------------------------------------------------------------- */

    rows() {
      const blocks = [];
      const about = [["aliases", (one) => one.version.aliases.map((alias) => "@" + alias).join(" ") || null], ["stage", (one) => one.version.stage], ["created", (one) => one.version.created || null], ["run", (one) => one.version.run], ["run id", (one) => one.version.run_id], ["experiment", (one) => one.version.experiment], ["MLflow", (one) => one.version.mlflow], ["description", (one) => one.version.description]];
      if (this.columns.some((one) => ![one.version.name, "v" + one.version.name].includes(one.version.label))) about.unshift(["version", (one) => one.version.name]);
      if (!this.sameModel()) about.unshift(["model", (one) => one.data.name]);
      blocks.push(["Metadata", about.map(([name, value]) => ({ id: "about." + name, name, values: this.columns.map(value) }))]);
      blocks.push(["Metrics", this.keyed("metrics")], ["Params", this.keyed("params")], ["Tags", this.keyed("tags")]);
      for (const side of ["inputs", "outputs", "params"]) blocks.push([side === "params" ? "Signature params" : "Signature " + side, this.signature(side)]);
      blocks.push(["Environment", this.keyed("packages")], ["Flavors", this.keyed("flavors")], ["Files", this.keyed("files")]);
      return blocks.filter(([, rows]) => rows.length);
    }

    keyed(kind) {
      const keys = new Map();
      for (const one of this.columns) for (const entry of one.data[kind]) if (!keys.has(entry.key)) keys.set(entry.key, entry);
      return [...keys.values()].map((entry) => {
        const row = this.columns.map((one) => { const found = values(one.data, kind, entry.key); return found ? found[one.place] : null; });
        return { id: kind + "." + entry.key, name: entry.key || "(no name)", values: row, kind, direction: entry.direction };
      }).filter((row) => row.values.some((value) => value !== null)).sort((a, b) => (a.name < b.name ? -1 : 1));
    }

    signature(side) {
      const names = new Map();
      const columns = this.columns.map((one) => { const found = one.data.signatures[one.version.signature]; return new Map(found && found[side] ? found[side].map(([name, type]) => [name, type]) : []); });
      for (const map of columns) for (const name of map.keys()) names.set(name, true);
      return [...names.keys()].map((name) => ({ id: side + "." + name, name, values: columns.map((map) => map.get(name) ?? null), code: true }));
    }

    differs(row) { return row.values.some((value) => value !== row.values[this.base]); }

    order(blocks) {
      const row = blocks.flatMap(([, rows]) => rows).find((one) => this.sort.replace(/^-/, "") === one.id);
      const places = this.columns.map((_, place) => place);
      if (!row) return places;
      const sign = this.sort.startsWith("-") ? -1 : 1;
      return places.sort((a, b) => {
        const x = row.values[a], y = row.values[b];
        if (x === null || y === null) return (x === null) - (y === null);
        if (numeric(x) !== numeric(y)) return numeric(x) ? -1 : 1;
        return sign * (numeric(x) ? Number(x) - Number(y) : String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0);
      });
    }

    table() {
      const blocks = this.rows();
      const order = this.order(blocks);
      const controls = make("p", { class: "bar" },
        make("label", {}, this.box("only", this.only, (on) => { this.only = on; }), " Only differences"),
        make("label", {}, this.box("flip", this.flip, (on) => { this.flip = on; }), " Versions as rows"),
        make("label", {}, "Baseline ", this.baseSelect()));
      const shown = blocks.map(([title, rows]) => [title, this.only && this.columns.length > 1 ? rows.filter((row) => this.differs(row)) : rows, rows.length]).filter(([, rows]) => rows.length);
      const hidden = blocks.reduce((sum, [, rows]) => sum + rows.length, 0) - shown.reduce((sum, [, rows]) => sum + rows.length, 0);
      const body = shown.length ? (this.flip ? this.flipped(shown, order) : this.upright(shown, order)) : make("p", { class: "soft" }, "Nothing differs.");
      return this.section("side", "Side by side", "Underlined: differs from the baseline. • best value. – absent. A row's name sorts the versions by it.", controls, body, hidden ? make("p", { class: "soft" }, hidden + (hidden === 1 ? " row is" : " rows are") + " the same everywhere.") : null);
    }

    box(name, on, change) {
      const box = make("input", { type: "checkbox", "data-name": name, checked: on });
      box.addEventListener("change", () => { change(box.checked); this.show(); });
      return box;
    }
    baseSelect() {
      const select = make("select", { "data-name": "base" }, this.columns.map((one, place) => make("option", { value: place, selected: place === this.base }, this.label(one))));
      select.addEventListener("change", () => { this.base = Number(select.value); this.show(); });
      return select;
    }

    best(row) {
      if (row.kind !== "metrics" || !row.direction) return new Set();
      const finite = row.values.filter(numeric).map(Number);
      if (new Set(finite).size < 2) return new Set();
      const top = row.direction === "lower" ? Math.min(...finite) : Math.max(...finite);
      return new Set(row.values.flatMap((value, place) => (numeric(value) && Number(value) === top ? [place] : [])));
    }

    cell(row, place, best) {
      const value = row.values[place], base = row.values[this.base];
      const changed = place !== this.base && value !== base;
      if (value === null || value === undefined) return make("td", { class: "no" + (changed ? " chg" : "") }, changed ? "absent" : "–");
      if (row.kind === "metrics") {
        const content = [make("data", { value, title: value, class: best.has(place) ? "best" : null }, shownNumber(value))];
        if (best.has(place)) content.push(make("span", { class: "vh" }, " best"));
        if (changed && numeric(value) && numeric(base)) content.push(" ", make("span", { class: "d" }, difference(Number(value) - Number(base), row.direction)));
        return make("td", { class: "n" }, content);
      }
      const text = value === "" ? "empty string" : String(value);
      const long = text.length > 120;
      return make("td", { class: (changed ? "chg " : "") + (row.code || row.kind === "files" ? "type" : "") }, long ? make("details", { class: "more" }, make("summary", {}, text.length + " characters"), make("pre", { tabindex: "0" }, text)) : text);
    }

    sortButton(row) {
      const current = this.sort.replace(/^-/, "") === row.id;
      return make("button", { type: "button", class: "sort", "data-name": "sort " + row.id, "aria-pressed": String(current), onclick: () => { this.sort = current ? (this.sort.startsWith("-") ? "" : "-" + row.id) : row.id; this.show(); } }, make("code", {}, row.name), current ? (this.sort.startsWith("-") ? " ↓" : " ↑") : row.direction === "lower" ? " ↓ better" : row.direction === "higher" ? " ↑ better" : "");
    }
    head(one, place) {
      const link = make("a", { href: this.up + "models/" + encodeURIComponent(one.data.slug) + "/" + one.version.url }, this.label(one));
      return make("th", { scope: this.flip ? "row" : "col" }, link, ...one.version.aliases.map((alias) => [" ", make("span", { class: "al" }, alias)]), place === this.base && this.columns.length > 1 ? make("span", { class: "soft" }, " baseline") : null);
    }

    upright(blocks, order) {
      const head = make("thead", {}, make("tr", {}, make("td", {}), order.map((place) => this.head(this.columns[place], place))));
      const bodies = blocks.map(([title, rows]) => make("tbody", {}, make("tr", { class: "group" }, make("th", { scope: "colgroup", colspan: order.length + 1 }, title)),
        rows.map((row) => { const best = this.best(row); return make("tr", {}, make("th", { scope: "row" }, this.sortButton(row)), order.map((place) => this.cell(row, place, best))); })));
      return make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Versions side by side" }, make("table", { class: "cmp" }, head, bodies));
    }
    flipped(blocks, order) {
      const rows = blocks.flatMap(([, list]) => list), bests = rows.map((row) => this.best(row));
      const groups = make("tr", {}, make("td", {}), blocks.map(([title, list]) => make("th", { scope: "colgroup", colspan: list.length }, title)));
      const head = make("thead", {}, groups, make("tr", {}, make("td", {}), rows.map((row) => make("th", { scope: "col" }, this.sortButton(row)))));
      const body = make("tbody", {}, order.map((place) => make("tr", {}, this.head(this.columns[place], place), rows.map((row, number) => this.cell(row, place, bests[number])))));
      return make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Versions side by side" }, make("table", { class: "cmp flip" }, head, body));
    }

    /* --- charts ---------------------------------------------------------------------------------------------- */

    openStudio() {
      const place = document.getElementById("studio");
      if (!place || !this.own || !this.columns.length) { if (place) place.closest("section").hidden = true; return; }
      place.closest("section").hidden = false;
      if (this.opened) { this.studio.draw(); return; }
      this.opened = true;
      const drawn = () => (this.columns.length > 1 ? this.columns.map((one) => one.place) : this.columns[0].data.versions.map((_, number) => number));
      this.studio = this.studio || window.sitegen.studio(place, window.sitegen.chartContext(place, this.columns[0].data, drawn, (texts) => { this.charts = texts; this.keep(); }));
      window.sitegen.openStudio = this.studio;
      const open = () => this.studio.open(this.charts);
      if (this.charts.length || this.seen) open(); else window.sitegen.whenSeen(place, () => { this.seen = true; open(); });
    }
  }

  /* The newest two versions: what is compared when the address names none. */
  const latest = (data) => data.versions.slice(-2).map((version) => ({ data, version, place: data.versions.indexOf(version) }));
  const quoted = (text) => (/^[\w.\/@%+=:,-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\\''") + "'");
  const known = new WeakMap();
  /* The values of a key over all versions of a model. */
  function values(data, kind, key) {
    if (!known.has(data)) known.set(data, {});
    const kinds = known.get(data);
    if (!kinds[kind]) kinds[kind] = new Map(data[kind].map((entry) => [entry.key, entry.values]));
    return kinds[kind].get(key);
  }
  const sentence = (text) => { const marked = text.charAt(0).toUpperCase() + text.slice(1); return /[.?]$/.test(marked) ? marked : marked + "."; };
  const minus = (text) => text.replace("-", "−");
  function shownNumber(value) {
    if (!numeric(value)) return String(value) === "Infinity" ? "∞" : String(value) === "-Infinity" ? "−∞" : String(value);
    const number = Number(value), size = Math.abs(number);
    if (Number.isInteger(number) && size < 1e9) return minus(String(number));
    if (size < 1e-3 || size >= 1e9) return minus(number.toPrecision(3));
    return minus(number.toFixed(Math.max(0, 4 - Math.max(0, Math.floor(Math.log10(size))))));
  }
  function difference(value, direction) {
    const text = (value > 0 ? "+" : "") + shownNumber(value);
    if (!direction || value === 0) return text;
    return text + ((value > 0) === (direction === "lower") ? " worse" : " better");
  }
})();
