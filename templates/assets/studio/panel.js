/* One chart in the studio: its sentence, its drawing, its data as a table, and the files to save. */
(function () {
  "use strict";
  const { make, linkButton, rowsOf, specification, Sentence } = window.sitegen;
  const { numeric } = window.sitegen.numbers;
  const { missing, bare } = window.sitegen.chartFields;
  const { inUse } = window.sitegen.chartState;

  class Panel {
    /* `context` is that of the studio; `changed` is called after each change of a choice, `removed` to remove the chart. */
    constructor(chart, context, changed, removed) {
      this.chart = chart;
      this.context = context;
      this.data = context.data;
      this.rows = [];
      this.spec = null;
      this.drawn = null;
      this.sentence = new Sentence(chart, this.data, () => changed(this));
      this.figure = make("div", { class: "drawing", tabindex: "0", role: "group", "aria-label": "Drawing" });
      this.below = make("p", { class: "soft" });
      this.table = make("details", { class: "more" }, make("summary", {}, "Data as a table"));
      const files = this.files(() => removed(this));
      this.element = make("div", { class: "chart" }, this.sentence.element, this.figure, this.below, this.table, files);
    }

    /* One drawing at a time: changes that come meanwhile are drawn together afterwards. */
    async draw() {
      this.again = true;
      this.element.dataset.drawn = "no";
      if (this.drawing) return;
      this.drawing = true;
      try {
        while (this.again) {
          this.again = false;
          await this.drawOnce();
        }
      } finally {
        this.drawing = false;
      }
      this.element.dataset.drawn = "yes";
    }

    async drawOnce() {
      const began = performance.now();
      const shown = inUse(this.chart);
      const histories = shown.x === "step" ? await this.context.steps().catch(() => null) : null;
      const made = rowsOf(shown, this.data, this.context.places(), histories, this.width());
      this.rows = made.rows;
      this.spec = made.rows.length ? specification(shown, made, this.width()) : null;
      this.clear();
      if (this.spec) await this.embed();
      else this.figure.replaceChildren(make("p", { class: "soft" }, nothing(shown)));
      this.element.dataset.milliseconds = String(Math.round(performance.now() - began));
      this.below.textContent = leftOut(made.left, shown.logx || shown.logy);
      this.tabulate(shown);
    }

    width() { return Math.max(260, Math.min(1200, this.figure.clientWidth || 700)); }

    async embed() {
      const options = {
        ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true }, logLevel: 1,
      };
      try {
        this.drawn = await window.sitegenVega.embed(this.figure, this.spec, options);
      } catch (error) {
        this.figure.replaceChildren(make("p", { role: "alert" }, "This chart cannot be drawn: " + error.message));
      }
      const picture = this.figure.querySelector("svg");
      if (picture) describe(picture, this.spec.title);
    }

    /* End what Vega keeps running for the drawing. */
    clear() {
      if (this.drawn) this.drawn.finalize();
      this.drawn = null;
    }

    /* The table is made once it is opened. */
    tabulate(shown) {
      const { table, rows } = this;
      const fill = () => {
        if (table.open && !table.querySelector("table")) table.append(...dataTable(rows, shown));
      };
      table.replaceChildren(table.firstElementChild);
      table.ontoggle = fill;
      fill();
    }

    files(remove) {
      const svg = async () => { if (this.drawn) saveText("chart.svg", "image/svg+xml", await this.drawn.view.toSVG()); };
      const png = async () => { if (this.drawn) save("chart.png", await this.drawn.view.toImageURL("png", 2)); };
      const csv = () => saveText("chart.csv", "text/csv", csvOf(this.rows));
      const vega = () => { if (this.spec) saveText("chart.vl.json", "application/json", JSON.stringify(this.spec, null, 2)); };
      const buttons = [["SVG", svg], ["PNG", png], ["CSV", csv], ["Vega-Lite", vega], ["Remove", remove]];
      return make("p", { class: "links" }, buttons.map(([text, action]) => linkButton(text, action)));
    }
  }

  /* --- words ------------------------------------------------------------------------------------------------------- */

  const nothing = (chart) => (chart.y.length ? "No version has a value to draw here." : "There are no metrics to draw.");

  function leftOut(points, log) {
    if (!points) return "";
    const are = points === 1 ? " point is" : " points are";
    return points + are + " left out: no finite value" + (log ? ", or not above zero on a log scale." : ".");
  }

  /* A drawing is one picture to those who do not see it; the table has its data. */
  function describe(picture, title) {
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", title + ". The data is in the table below.");
    picture.removeAttribute("aria-roledescription");
    for (const part of picture.children) part.setAttribute("aria-hidden", "true");
  }

  /* --- data as a table --------------------------------------------------------------------------------------------- */

  const MAX_ROWS = 500;

  function dataTable(rows, shown) {
    const others = ["color", "size", "facet"].filter((name) => shown[name]);
    const names = ["version", "metric", bare(shown.x), "value", ...others.map((name) => bare(shown[name]))];
    const head = make("tr", {}, names.map((name) => make("th", { scope: "col" }, name)));
    const body = rows.slice(0, MAX_ROWS).map((row) => {
      const values = [row.label, row.series, row.x, row.y, ...others.map((name) => row[name])];
      return make("tr", {}, values.map((value) => make("td", {}, String(value ?? missing()))));
    });
    const table = make("table", { class: "fit" }, make("thead", {}, head), make("tbody", {}, body));
    const wrap = make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Data of the chart" }, table);
    const left = rows.length - MAX_ROWS;
    return left > 0 ? [wrap, make("p", { class: "soft" }, left + " more in the CSV")] : [wrap];
  }

  /* --- files ------------------------------------------------------------------------------------------------------- */

  function save(name, address) { make("a", { download: name, href: address }).click(); }
  function saveText(name, type, content) {
    const address = URL.createObjectURL(new Blob([content], { type }));
    save(name, address);
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  const COLUMNS = ["label", "series", "x", "y", "color", "size", "facet"];
  function csvOf(rows) {
    const lines = rows.map((row) => COLUMNS.map((name) => guarded(row[name])));
    return [COLUMNS, ...lines].map((cells) => cells.join(",") + "\r\n").join("");
  }

  /* A value in a CSV file. Spreadsheets run texts that begin so, in full-width signs too (OWASP, "CSV injection"). */
  const RUNS = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  function guarded(value) {
    const text = value === null || value === undefined ? "" : String(value);
    const safe = RUNS.test(text) && !numeric(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }

  window.sitegen.Panel = Panel;
})();
