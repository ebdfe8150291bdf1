/* The compare page: versions side by side, of one model or of several. The address holds the whole state:
   v=<version> (or m=<model>@<version> on the page for several models), base, only, flip, sort, chart. */
(function () {
  "use strict";
  const { make, state, script, steady, own, sideBySide, severalModels } = window.sitegen;
  const GLYPHS = { breaking: "✕ ", lossy: "◐ ", behaviour: "≈ ", safe: "✓ ", unknown: "? " };
  const verdict = (level) => make("span", { class: "v v-" + level }, GLYPHS[level] + level);

  document.addEventListener("DOMContentLoaded", async () => {
    const main = document.getElementById("compare");
    if (!main) return;
    const page = new Page(main);
    /* A plain #name is a place on this page; the state comes back into the address. */
    window.addEventListener("hashchange", () => (location.hash.includes("=") || !location.hash ? page.open() : page.keep()));
    window.addEventListener("beforeprint", () => { if (page.grown) page.grown.finish(); });
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
      const turn = this.turn = {};
      const parameters = state.read();
      const wanted = this.own ? parameters.getAll("v").map((name) => [this.own, name]) : parameters.getAll("m").map(modelAndVersion);
      const found = new Map(), lost = [];
      for (const slug of new Set(this.own ? [this.own] : wanted.map(([slug]) => slug))) {
        found.set(slug, await this.load(slug));
        if (!found.get(slug)) lost.push(slug || "a model without a name");
      }
      if (this.turn !== turn) return; /* the address has changed meanwhile */
      this.columns = [];
      for (const [slug, name] of wanted) {
        const data = found.get(slug);
        if (!data) continue;
        const place = data.versions.findIndex((version) => version.name === name);
        if (place < 0) lost.push(this.own ? name || "a version without a name" : slug + " " + name);
        else if (!this.columns.some((one) => one.data === data && one.place === place)) {
          this.columns.push({ data, place, version: data.versions[place] });
        }
      }
      if (this.own && found.get(this.own) && !this.columns.length) this.columns = latest(found.get(this.own));
      const asked = parameters.get("base"), base = asked || this.standardBase();
      this.base = Math.max(0, this.columns.findIndex((one) => this.key(one) === base));
      const told = wanted.some((pair) => pair.join("@") === base || pair[1] === base);
      if (asked && this.columns.length && this.key(this.columns[this.base]) !== base && !told) lost.push("the baseline " + base);
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
    label(one) { return this.sameModel() ? one.version.label : this.model(one.data) + " " + one.version.label; }
    /* A model's name; models of one name are told apart by their addresses. */
    model(data) { return this.columns.some((one) => one.data !== data && one.data.name === data.name) ? data.slug : data.name; }
    sameModel() { return this.columns.every((one) => one.data === this.columns[0].data); }
    standardBase() {
      const data = this.columns[0] && this.columns[0].data;
      if (!data || !this.columns.some((one) => one.version.name === data.baseline)) return "";
      return this.own ? data.baseline : data.slug + "@" + data.baseline;
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

    /* Everything anew: other versions are compared. */
    show() {
      this.blocks = sideBySide.blocksOf(this.columns);
      steady(this.element, () => {
        this.parts = this.columns.length ? [this.picker(), this.verdicts(), this.table()] : [this.picker(), null, this.advice()];
        this.replace(() => this.element.replaceChildren(...this.parts.filter(Boolean)));
      });
      if (this.columns.length) document.getElementById("compare-title").textContent = this.titleText();
      this.keep();
      this.openStudio();
    }

    /* The table anew, and the verdicts where the baseline is another. */
    showTable(rebased) {
      steady(this.element, () => {
        const [, verdicts, table] = this.parts, made = [rebased ? this.verdicts() : verdicts, this.table()];
        this.parts.splice(1, 2, ...made);
        this.replace(() => {
          if (rebased && verdicts) verdicts.replaceWith(made[0]);
          table.replaceWith(made[1]);
        });
      });
      this.keep();
    }

    /* Put the new table into the page, scrolled as the old one was, and let it grow. */
    replace(action) {
      const before = this.grown, next = this.growing;
      if (next) next.reserve(before && before.flip === next.flip ? before.high() : sideBySide.HIGH);
      const left = before ? before.element.scrollLeft : 0, focused = document.activeElement.dataset.name;
      this.grown = next;
      action();
      if (!next) return;
      next.element.scrollLeft = left;
      next.begin(focused);
    }

    advice() {
      const text = this.own ? "Choose the versions to compare." : "Tick models in the catalog, then follow the link to compare them.";
      this.growing = null;
      return make("p", { class: "lede" }, text);
    }

    titleText() {
      const names = this.columns.map((one) => this.label(one));
      return (names.length > 6 ? names.length + " versions" : listed(names)) + " compared";
    }

    section(id, title, help, ...content) {
      const header = make("header", {}, make("h2", { id: "h-" + id }, title), help ? make("p", {}, help) : null);
      return make("section", { class: "s", id, "aria-labelledby": "h-" + id }, header, make("div", {}, ...content.filter(Boolean)));
    }

    /* Which versions: of one model, check boxes for all; the chosen ones can be taken away. */
    picker() {
      if (!this.own) return null;
      const data = own(window.sitegenModels, this.own);
      if (!data) return null;
      const boxes = data.versions.map((version, place) => this.pick(data, version, place)).reverse();
      const summary = make("summary", { "data-name": "choose" }, "Choose versions: " + this.columns.length + " of " + data.versions.length);
      const picks = make("div", { class: "picks", role: "group", "aria-label": "Versions" }, boxes);
      const details = make("details", { class: "more" }, summary, picks);
      details.open = Boolean(this.picking) || this.columns.length < 2;
      details.addEventListener("toggle", () => { this.picking = details.open; });
      const older = "The newest " + data.versions.length + "; " + data.left_out + " older ones are in the API.";
      return make("div", { class: "choose" }, details, data.left_out ? make("p", { class: "soft" }, older) : null);
    }

    pick(data, version, place) {
      const chosen = this.columns.some((one) => one.place === place);
      const box = make("input", { type: "checkbox", "data-name": "v " + version.name, checked: chosen });
      box.addEventListener("change", () => {
        const base = this.columns[this.base] && this.columns[this.base].version;
        if (box.checked) this.columns.push({ data, place, version });
        else this.columns = this.columns.filter((one) => one.place !== place);
        this.columns.sort((a, b) => a.place - b.place);
        this.base = Math.max(0, this.columns.findIndex((one) => one.version === base));
        this.show();
      });
      return make("label", { class: "pick" }, box, " " + version.label, aliases(version));
    }

    /* --- verdicts ------------------------------------------------------------------------------------------------ */

    /* What callers of the baseline meet at each of the others. */
    verdicts() {
      if (this.columns.length < 2) return null;
      const base = this.columns[this.base], others = this.columns.filter((one) => one !== base);
      if (!this.sameModel()) return this.commands(base, others);
      const judged = others.map((one) => [one, own(base.data.verdicts, base.version.signature + " " + one.version.signature)]);
      const rows = judged.map(([one, found]) => {
        const step = make("th", { scope: "row", class: "one" }, base.version.label + " → " + one.version.label);
        return make("tr", {}, step, found ? this.judgement(found) : make("td", { colspan: "4", class: "soft" }, NOT_JUDGED));
      });
      const heads = ["Step", "Python callers", "REST callers", "Readers of outputs", "Changes"];
      const head = make("thead", {}, make("tr", {}, heads.map((text) => make("th", { scope: "col" }, text))));
      const table = make("table", { class: "loud" }, head, make("tbody", {}, rows));
      const help = "Can a caller written for " + base.version.label + " keep calling? Inputs and params are judged by the rules that "
        + "MLflow enforces, outputs by what their readers need.";
      return this.section("verdict", "Verdict", help, make("p", { class: "say" }, said(base, judged)),
        make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Verdicts" }, table));
    }

    judgement(found) {
      return [...[found.python, found.rest, found.outputs].map((level) => make("td", {}, verdict(level))), make("td", {}, changes(found))];
    }

    /* Versions of different models are not judged; a command can do it. */
    commands(base, others) {
      const known = others.filter((one) => one.version.path !== null && base.version.path !== null);
      const commands = known.map((one) => "sitegen compare " + quoted(base.version.path) + " " + quoted(one.version.path));
      const text = "These are versions of different models: what differs is shown below, without a verdict.";
      const how = " To judge two model folders as if one replaced the other, in the registry's folder:";
      const code = make("pre", { tabindex: "0", "aria-label": "Commands" }, make("code", {}, commands.join("\n")));
      return this.section("verdict", "Verdict", null, make("p", {}, text, commands.length ? how : null), commands.length ? code : null);
    }

    /* --- side by side -------------------------------------------------------------------------------------------- */

    table() {
      const blocks = this.blocks;
      const order = sideBySide.orderOf(blocks, this.columns, this.sort);
      const controls = make("p", { class: "bar" },
        make("label", {}, this.box("only", this.only, (on) => { this.only = on; }), " Only differences"),
        make("label", {}, this.box("flip", this.flip, (on) => { this.flip = on; }), " Versions as rows"),
        make("label", {}, "Baseline ", this.baseSelect()));
      const differs = (row) => row.values.some((value) => value !== row.values[this.base]);
      const kept = (rows) => (this.only && this.columns.length > 1 ? rows.filter(differs) : rows);
      const shown = blocks.map(([title, rows]) => [title, kept(rows)]).filter(([, rows]) => rows.length);
      const count = (list) => list.reduce((sum, [, rows]) => sum + rows.length, 0);
      const hidden = count(blocks) - count(shown);
      this.growing = shown.length ? this.side(shown, order.map((place) => this.head(this.columns[place], place))) : null;
      const help = "Underlined: differs from the baseline. • best value. – absent. A row's name sorts the versions by it.";
      return this.section("side", "Side by side", help, controls,
        this.growing ? this.growing.element : make("p", { class: "soft" }, "Nothing differs."),
        hidden ? make("p", { class: "soft" }, hidden + (hidden === 1 ? " row is" : " rows are") + " the same everywhere.") : null);
    }

    side(blocks, heads) {
      const made = (this.flip ? sideBySide.flipped : sideBySide.upright)(blocks, heads, this.base, this.sort);
      made.flip = this.flip;
      made.element.addEventListener("click", (event) => {
        const button = event.target.closest(".sort");
        if (!button) return;
        this.sort = sideBySide.nextSort(button.dataset.name.slice("sort ".length), this.sort);
        this.showTable();
      });
      return made;
    }

    head(one, place) {
      const label = this.label(one), baseline = place === this.base && this.columns.length > 1;
      const href = this.up + "models/" + encodeURIComponent(one.data.slug) + "/" + one.version.url;
      const element = (scope) => make("th", { scope }, make("a", { href }, label), aliases(one.version),
        baseline ? make("span", { class: "soft" }, " baseline") : null);
      return { place, label, aliases: one.version.aliases, baseline, make: element };
    }

    box(name, on, change) {
      const box = make("input", { type: "checkbox", "data-name": name, checked: on });
      box.addEventListener("change", () => { change(box.checked); this.showTable(); });
      return box;
    }
    baseSelect() {
      const options = this.columns.map((one, place) => make("option", { value: place, selected: place === this.base }, this.label(one)));
      const select = make("select", { "data-name": "base" }, options);
      select.addEventListener("change", () => { this.base = Number(select.value); this.showTable(true); });
      return select;
    }

    /* --- charts -------------------------------------------------------------------------------------------------- */

    openStudio() {
      const place = document.getElementById("studio"), section = place.closest("section");
      section.hidden = !this.columns.length;
      if (section.hidden) return;
      if (this.opened) { this.studio.draw(); return; }
      this.opened = true;
      this.context = this.context || this.chartContext(place);
      this.context.data = this.chartData();
      this.studio = this.studio || window.sitegen.studio(place, this.context);
      window.sitegen.openStudio = this.studio;
      const open = () => this.studio.open(this.charts);
      if (this.charts.length || this.seen) open();
      else window.sitegen.whenSeen(place, () => { this.seen = true; open(); });
    }

    chartData() {
      return this.own ? this.columns[0].data : severalModels.joined(this.columns, (one) => this.key(one), (one) => this.label(one));
    }
    chartContext(place) {
      const changed = (texts) => { this.charts = texts; this.keep(); };
      const context = window.sitegen.chartContext(place, this.chartData(), () => this.drawn(), changed);
      return this.own ? context : { ...context, steps: () => severalModels.histories(this.columns, this.up) };
    }
    /* The places of the versions to draw: those that are compared; all of the model where only one is chosen. */
    drawn() {
      if (!this.own) return this.columns.map((_, place) => place);
      return this.columns.length > 1 ? this.columns.map((one) => one.place) : this.columns[0].data.versions.map((_, place) => place);
    }
  }

  function modelAndVersion(text) {
    const at = text.indexOf("@");
    return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  }
  /* The newest two versions: what is compared when the address names none. */
  const latest = (data) => data.versions.slice(-2).map((version) => ({ data, version, place: data.versions.indexOf(version) }));
  const quoted = (text) => (/^[\w.\/@%+=:,-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\\''") + "'");
  const listed = (names) => names.slice(0, -1).join(", ") + (names.length > 1 ? " and " : "") + names.slice(-1);
  const aliases = (version) => version.aliases.flatMap((alias) => [" ", make("span", { class: "al" }, alias)]);
  const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.?]$/.test(text) ? "" : ".");

  /* Names stand between backticks. */
  const marked = (text) => text.split(/`([^`]*)`/).map((part, number) => (number % 2 ? make("code", {}, part) : part));

  const NOT_JUDGED = "Not judged beforehand; run sitegen compare on the two folders.";

  /* The verdicts in one sentence. */
  function said(base, judged) {
    const callers = (found) => [found.python, found.rest];
    const names = (test) => judged.filter(([, found]) => found && test(found)).map(([one]) => one.version.label);
    const meets = (found, ...levels) => callers(found).some((level) => levels.includes(level));
    const broken = names((found) => meets(found, "breaking"));
    const unknown = names((found) => meets(found, "unknown") && !meets(found, "breaking"));
    const lossy = names((found) => meets(found, "lossy") && !meets(found, "breaking", "unknown"));
    const fine = names((found) => callers(found).every((level) => level === "safe" || level === "behaviour"));
    const readers = names((found) => found.outputs === "breaking" && !meets(found, "breaking"));
    const parts = [];
    const say = (labels, one, many) => { if (labels.length) parts.push(listed(labels) + " " + (labels.length === 1 ? one : many)); };
    say(broken, "breaks callers of " + base.version.label, "break callers of " + base.version.label);
    say(lossy, "drops something that they send", "drop something that they send");
    say(fine, "takes every call of " + base.version.label, "take every call of " + base.version.label);
    if (unknown.length) parts.push("nobody can say for " + listed(unknown));
    if (readers.length) parts.push("the output of " + listed(readers) + " breaks its readers");
    return parts.length ? parts.join("; ") + "." : "Nothing was judged.";
  }

  function changes(found) {
    if (!found.changes.length) return make("span", { class: "soft" }, "none");
    const list = found.changes.map((change) => {
      const step = " " + (change.old ?? "absent") + " → " + (change.new ?? "absent");
      const why = sentence(change.reason) + (change.fix ? " " + sentence(change.fix) : "");
      const where = change.where ? make("code", {}, change.where) : change.area;
      return make("li", {}, where, step, make("br"), make("span", { class: "soft" }, marked(why)));
    });
    const count = found.changes.length + (found.changes.length === 1 ? " change" : " changes");
    return make("details", { class: "more" }, make("summary", {}, count), make("ul", {}, list));
  }
})();
