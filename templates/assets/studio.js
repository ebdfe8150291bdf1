/* The chart studio: a sentence with blanks. Every choice is kept in the address; charts are altair's templates with
   the rows, titles and scales of this page put in. Vega is loaded when the first chart is drawn. */
(function () {
  "use strict";
  const { make, state, script } = window.sitegen;

  /* --- what can be drawn: fields of versions ----------------------------------------------------------------- */

  const column = (data, kind, key) => (data[kind] || []).find((one) => one.key === key);
  const numeric = (value) => value !== null && value !== "" && typeof value !== "object" && isFinite(Number(value));

  function fields(data) {
    const found = [{ id: "version", title: "version", type: "ordinal" }, { id: "time", title: "time", type: "temporal" }];
    if (data.steps) found.push({ id: "step", title: "step", type: "quantitative" });
    for (const kind of ["metrics", "params", "tags"]) {
      for (const one of data[kind] || []) {
        const values = one.values.filter((value) => value !== null);
        const number = kind === "metrics" || (values.length > 0 && values.every(numeric));
        found.push({ id: kind + "." + one.key, title: one.key, type: number ? "quantitative" : "nominal", kind });
      }
    }
    return found;
  }

  function valueOf(data, field, place) {
    if (field.id === "version") return data.versions[place].label;
    if (field.id === "time") return data.versions[place].created || null;
    const value = column(data, field.kind, field.title).values[place];
    if (value === null || value === undefined) return null;
    if (field.type !== "quantitative") return value;
    return numeric(value) ? Number(value) : null;
  }

  /* The rows of a chart, and how many points had to be left out because they are no numbers or not above zero. */
  function rowsOf(chart, data, places, histories) {
    const known = fields(data);
    const field = (id) => known.find((one) => one.id === id) || null;
    const x = field(chart.x), color = field(chart.color), size = field(chart.size), facet = field(chart.facet);
    const base = data.versions.findIndex((version) => version.name === chart.baseline);
    const rows = [];
    let left = 0;
    const put = (place, y, xValue, yValue) => {
      const fits = (value, log) => value !== null && (!log || value > 0);
      if (!fits(yValue, chart.logy) || (x.type === "quantitative" && !fits(xValue, chart.logx))) { left += 1; return; }
      const row = { label: data.versions[place].label, order: rows.length, series: y.title, x: xValue, y: yValue };
      if (color) row.color = valueOf(data, color, place);
      if (size) row.size = valueOf(data, size, place);
      if (facet) row.facet = String(valueOf(data, facet, place) ?? "none");
      if (base >= 0) row.baseline = valueOf(data, y, base);
      if (row.baseline === null) delete row.baseline;
      rows.push(row);
    };
    for (const id of chart.y) {
      const y = field(id);
      if (!y) continue;
      for (const place of places) {
        if (chart.x === "step") {
          const points = ((histories || {})[y.title] || {})[String(place)] || [];
          for (const [step, value] of points) put(place, places.length > 1 ? { ...y, title: seriesTitle(data, y, place, chart) } : y, step, numeric(value) ? Number(value) : null);
        } else {
          const value = valueOf(data, y, place);
          if (value === null && column(data, y.kind, y.title).values[place] === null) continue;
          put(place, y, valueOf(data, x, place), value);
        }
      }
    }
    if (chart.type === "line" && chart.y.length + (chart.x === "step" ? places.length : 1) > 2) labelEnds(rows, "series", rows.map((row) => row.series));
    if (chart.type === "parallel") labelEnds(rows, "label", rows.map((row) => row.label));
    return { rows, left, x, color, size, facet };
  }
  /* The last point of each line carries the line's name: lines are never told apart by colour alone. */
  function labelEnds(rows, by, names) {
    const last = new Map();
    rows.forEach((row, number) => last.set(row[by], number));
    last.forEach((number) => { rows[number].end = names[number]; });
  }
  const seriesTitle = (data, y, place, chart) => (chart.y.length > 1 ? y.title + " " : "") + data.versions[place].label;

  /* --- from a chart's choices to a Vega-Lite specification ---------------------------------------------------- */

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function look() {
    const ink = token("--ink"), soft = token("--soft"), rule = token("--rule"), accent = token("--accent");
    const font = getComputedStyle(document.body).fontFamily;
    const text = { labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12, labelColor: soft, titleColor: soft, titleFontWeight: 400 };
    return {
      background: null, font, view: { stroke: null }, padding: 4,
      title: { color: ink, font, fontSize: 14, fontWeight: 600, anchor: "start", offset: 12 },
      axis: { ...text, grid: false, domainColor: soft, tickColor: soft, labelLimit: 140 },
      legend: { ...text, orient: "bottom", labelColor: ink, symbolStrokeWidth: 2, columns: 4, labelLimit: 180 },
      header: text,
      range: { category: [accent, token("--alarm"), token("--mark"), ink, "#b5832a", "#3f8f6b", "#8a63b8", "#c2698a"], heatmap: [rule, accent], ramp: [rule, accent] },
      line: { color: accent, strokeWidth: 1.6 }, point: { color: accent }, bar: { color: accent }, rule: { color: soft }, rect: { color: accent },
      boxplot: { box: { color: accent }, median: { color: token("--paper") } },
    };
  }

  function title(chart, data) {
    if (chart.title) return chart.title;
    const of = chart.y.map((id) => id.replace(/^\w+\./, "")).join(", ");
    if (chart.type === "histogram") return of;
    if (chart.type === "parallel") return of + " of the versions";
    return of + " by " + chart.x.replace(/^(metrics|params|tags)\./, "");
  }

  function specification(chart, data, made, width) {
    const spec = JSON.parse(JSON.stringify(window.sitegenCharts.templates[chart.type]));
    const yTitle = chart.y.length > 2 ? "value" : chart.y.map((id) => id.replace(/^\w+\./, "")).join(", ");
    const series = new Set(made.rows.map((row) => row.series));
    const drawn = (layer) => !(layer.encoding.y && layer.encoding.y.field === "baseline" && !made.rows.some((row) => "baseline" in row))
      && !(layer.mark.type === "text" && !made.rows.some((row) => "end" in row));
    spec.layer = spec.layer.filter(drawn);
    const height = chart.type === "parallel" ? 260 : 240;
    for (const layer of spec.layer) {
      const { x, y, color, shape, strokeDash } = layer.encoding;
      if (x && x.field === "x") {
        x.title = made.x.title;
        if (chart.type !== "heat" || made.x.type === "quantitative") x.type = chart.type === "box" || (chart.type === "bar" && made.x.type === "quantitative") ? "nominal" : made.x.type;
        if (x.type === "quantitative") { x.scale = { zero: false, ...(chart.logx ? { type: "log" } : {}) }; if (chart.type === "heat") x.bin = { maxbins: 12 }; }
        if (x.type === "temporal") delete x.sort;
        if (chart.type === "bar" && chart.sort) x.sort = { field: "y", op: "mean", order: chart.sort === "down" ? "descending" : "ascending" };
      }
      if (x && x.field === "y") x.title = yTitle;
      if (y && y.title === "y") {
        y.title = yTitle;
        if (chart.logy && !y.bin) y.scale = { ...(y.scale || {}), type: "log", zero: false };
      }
      if (color && color.field === "series") {
        if (made.color) { color.field = "color"; color.type = made.color.type === "quantitative" ? "quantitative" : "nominal"; color.title = made.color.title; delete color.sort; }
        else if (series.size < 2) { layer.encoding.color = { value: token("--accent") }; }
      }
      if (color && color.aggregate) color.title = made.color ? "mean " + made.color.title : "versions";
      if (color && color.aggregate && !made.color) { color.aggregate = "count"; delete color.field; }
      if (shape && series.size < 2) delete layer.encoding.shape;
      if (strokeDash && series.size < 2 && strokeDash.field === "series") delete layer.encoding.strokeDash;
      if (made.size && layer.mark.type === "point") layer.encoding.size = { field: "size", type: made.size.type === "quantitative" ? "quantitative" : "ordinal", title: made.size.title };
      for (const tip of layer.encoding.tooltip || []) {
        if (tip.field === "x") tip.title = made.x.title;
        if (tip.field === "y") tip.title = "value";
      }
    }
    spec.title = title(chart, data);
    spec.datasets = { rows: made.rows };
    spec.config = look();
    spec.autosize = { type: "fit-x", contains: "padding" };
    if (made.facet) {
      const inner = { layer: spec.layer, width: Math.max(160, Math.floor(width / 3) - 60), height: 180 };
      delete spec.layer; delete spec.autosize;
      spec.data = { name: "rows" };
      inner.layer.forEach((layer) => delete layer.data);
      Object.assign(spec, { facet: { field: "facet", type: "nominal", title: made.facet.title }, columns: 3, spec: inner });
    } else Object.assign(spec, { width, height });
    return spec;
  }

  /* --- state: a chart as the text that the address holds ------------------------------------------------------- */

  const TEXTS = ["type", "x", "color", "size", "facet", "sort", "baseline", "title"];
  function toText(chart) {
    const parameters = new URLSearchParams();
    for (const name of TEXTS) if (chart[name]) parameters.append(name, chart[name]);
    for (const y of chart.y) parameters.append("y", y);
    for (const name of ["logx", "logy"]) if (chart[name]) parameters.append(name, "1");
    return parameters.toString();
  }
  /* The chart that a text means on this page, and what of it is not to be had here. */
  function fromText(text, data) {
    if (!text) return { chart: standard(data), lost: [] };
    const parameters = new URLSearchParams(text), known = new Set(fields(data).map((field) => field.id)), lost = [];
    const start = standard(data), chart = { ...start, title: parameters.get("title") || "" };
    const take = (name, allowed) => {
      const value = parameters.get(name);
      if (value === null) return "";
      if (allowed(value)) return value;
      lost.push(value);
      return "";
    };
    chart.type = take("type", (value) => value in window.sitegenCharts.types) || start.type;
    chart.x = take("x", (value) => known.has(value)) || start.x;
    for (const name of ["color", "size", "facet"]) chart[name] = take(name, (value) => known.has(value));
    chart.sort = take("sort", (value) => value === "up" || value === "down");
    chart.baseline = take("baseline", (value) => data.versions.some((version) => version.name === value));
    const wanted = parameters.getAll("y");
    chart.y = wanted.filter((id) => known.has(id));
    lost.push(...wanted.filter((id) => !known.has(id)));
    if (!chart.y.length) chart.y = start.y;
    chart.logx = parameters.get("logx") === "1";
    chart.logy = parameters.get("logy") === "1";
    return { chart, lost };
  }
  function standard(data) {
    const first = data.metrics.find((one) => one.key === data.main) || data.metrics[0];
    return { type: "line", x: "version", y: first ? ["metrics." + first.key] : [], color: "", size: "", facet: "", sort: "", baseline: data.baseline || "", title: "", logx: false, logy: false };
  }

  /* --- the studio ---------------------------------------------------------------------------------------------- */

  /* Puts a studio into `place`. `context` has data, places() (the versions to draw), vega and charts (addresses of
     scripts), steps() (loads the histories), and changed(texts) which keeps the charts' texts in the address. */
  function studio(place, context) {
    const charts = [];
    const list = make("div", { class: "charts" });
    const note = make("p", { class: "soft", role: "status" });
    place.append(list, note, make("p", { class: "links" },
      make("button", { type: "button", class: "link", onclick: () => { add(standard(context.data)); keep(); } }, "Add a chart")));

    function keep() { context.changed(charts.map((one) => toText(one.chart))); }
    function say(text) { note.textContent = text; }
    function add(chart) {
      const one = panel(chart, context, () => { one.draw(); keep(); }, () => { charts.splice(charts.indexOf(one), 1); one.element.remove(); keep(); }, say);
      charts.push(one);
      list.append(one.element);
      one.draw();
    }
    return {
      async open(texts) {
        await Promise.all([script(context.charts), script(context.vega)]);
        const lost = [];
        for (const text of texts.length ? texts : [""]) {
          const found = fromText(text, context.data);
          lost.push(...found.lost);
          add(found.chart);
        }
        if (lost.length) say("Not to be had here, so left out: " + lost.join(", "));
      },
      draw: () => charts.forEach((one) => one.draw()),
      specifications: () => charts.map((one) => one.specification()),
    };
  }

  function options(select, entries, value) {
    select.replaceChildren(...entries.map(([id, text]) => make("option", { value: id, selected: id === value }, text)));
    select.value = value;
    return select;
  }

  function panel(chart, context, changed, remove, say) {
    const data = context.data, known = fields(data);
    const title = (field) => field.kind && known.filter((one) => one.title === field.title).length > 1 ? field.title + " (" + field.kind.replace(/s$/, "") + ")" : field.title;
    const entries = (test) => known.filter(test).map((field) => [field.id, title(field)]);
    const measured = entries((field) => field.kind === "metrics" || (field.kind === "params" && field.type === "quantitative"));
    const any = entries(() => true);
    const choose = (name, list, label) => {
      const select = make("select", { "aria-label": label });
      options(select, list, chart[name]);
      select.addEventListener("change", () => { chart[name] = select.value; if (name === "type") suit(); fill(); changed(); });
      return select;
    };
    /* A type that needs more than one metric starts with more than one. */
    function suit() {
      const others = measured.map(([id]) => id).filter((id) => !chart.y.includes(id));
      if (chart.type === "parallel" && chart.y.length < 2) chart.y.push(...others.slice(0, 4));
      if (chart.type === "heat" || chart.type === "histogram") chart.y = chart.y.slice(0, 1);
      if (chart.type === "heat" && !chart.color && others.length) chart.color = others[0];
    }
    const sentence = make("form", { class: "plot", onsubmit: (event) => event.preventDefault() });
    const figure = make("div", { class: "drawing" });
    const below = make("p", { class: "soft" });
    const table = make("details", { class: "more" }, make("summary", {}, "Data as a table"));
    const element = make("div", { class: "chart" }, sentence, figure, below, table, exports());
    let drawn = null, spec = null, rows = [];

    function fill() {
      const uses = { color: chart.type !== "histogram" && chart.type !== "parallel", size: chart.type === "scatter" || chart.type === "line", x: chart.type !== "histogram" && chart.type !== "parallel" };
      const ys = chart.y.map((id, number) => {
        const select = options(make("select", { "aria-label": "Y" }), measured, id);
        select.addEventListener("change", () => { chart.y[number] = select.value; fill(); changed(); });
        return select;
      });
      const more = make("button", { type: "button", class: "link", onclick: () => { const next = measured.find(([id]) => !chart.y.includes(id)); if (next) { chart.y.push(next[0]); fill(); changed(); } } }, "and another");
      const less = chart.y.length > 1 ? make("button", { type: "button", class: "link", "aria-label": "Remove the last Y", onclick: () => { chart.y.pop(); fill(); changed(); } }, "less") : null;
      const nothing = [["", "nothing"]];
      const log = (name, label) => { const select = options(make("select", { "aria-label": label }), [["", "linear"], ["1", "log"]], chart[name] ? "1" : ""); select.addEventListener("change", () => { chart[name] = select.value === "1"; changed(); }); return select; };
      const text = make("input", { "aria-label": "Title", value: chart.title, size: 24, placeholder: "a title of your own" });
      text.addEventListener("input", () => { chart.title = text.value; changed(); });
      const names = [["", "no baseline"], ...data.versions.map((version) => [version.name, version.label + version.aliases.map((alias) => " @" + alias).join("")])];
      const words = ["Draw a ", choose("type", Object.entries(window.sitegenCharts.types), "Type of chart"), " of ", ys.flatMap((select, number) => [number ? ", " : "", select]), " ", measured.length > chart.y.length ? more : null, " ", less];
      if (uses.x) words.push(" against ", choose("x", any, "X"));
      words.push(", on a ", log("logy", "Scale of Y"), " scale");
      if (uses.x) words.push(" (X ", log("logx", "Scale of X"), ")");
      if (uses.color) words.push(", coloured by ", choose("color", [...nothing, ...any.filter(([id]) => id !== "step")], "Colour"));
      if (uses.size) words.push(", sized by ", choose("size", [...nothing, ...entries((field) => field.type === "quantitative" && field.id !== "step")], "Size"));
      words.push(", split by ", choose("facet", [...nothing, ...entries((field) => field.type !== "quantitative" && field.id !== "version" && field.id !== "time")], "Facet"));
      if (chart.type === "bar") words.push(", sorted by ", choose("sort", [["", "the order of versions"], ["down", "value, highest first"], ["up", "value, lowest first"]], "Sort"));
      if (["line", "bar", "scatter", "box"].includes(chart.type)) words.push(", beside ", choose("baseline", names, "Baseline"));
      words.push(", titled ", text, ".");
      sentence.replaceChildren(...words.flat().filter((word) => word !== null));
    }

    async function draw() {
      const histories = chart.x === "step" ? await context.steps() : null;
      const made = rowsOf(chart, data, context.places(), histories);
      rows = made.rows;
      const width = Math.max(260, Math.min(760, figure.clientWidth || 700));
      spec = rows.length ? specification(chart, data, made, width) : null;
      if (drawn) { drawn.finalize(); drawn = null; }
      if (!spec) {
        figure.replaceChildren(make("p", { class: "soft" }, chart.y.length ? "No version has a value to draw here." : "There are no metrics to draw."));
      } else {
        const began = performance.now();
        try {
          drawn = await window.sitegenVega.embed(figure, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true } });
        } catch (error) { say("This chart cannot be drawn: " + error.message); }
        element.dataset.milliseconds = Math.round(performance.now() - began);
        const picture = figure.querySelector("svg");
        if (picture) { picture.setAttribute("role", "img"); picture.setAttribute("aria-label", spec.title + ". The data is in the table below."); picture.removeAttribute("aria-roledescription"); }
      }
      below.textContent = made.left ? made.left + (made.left === 1 ? " point is" : " points are") + " left out: not finite" + (chart.logx || chart.logy ? ", or not above zero on a log scale." : ".") : "";
      fillTable();
    }

    function fillTable() {
      const heads = ["version", "metric", chart.x.replace(/^(metrics|params|tags)\./, ""), "value", ...["color", "size", "facet"].filter((name) => chart[name]).map((name) => chart[name].replace(/^(metrics|params|tags)\./, ""))];
      const cells = (row) => [row.label, row.series, row.x, row.y, ...["color", "size", "facet"].filter((name) => chart[name]).map((name) => row[name])];
      const body = rows.slice(0, 500).map((row) => make("tr", {}, cells(row).map((cell) => make("td", {}, cell === null || cell === undefined ? "–" : String(cell)))));
      const wrap = make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Data of the chart" }, make("table", { class: "fit" }, make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))), make("tbody", {}, body)));
      table.replaceChildren(make("summary", {}, "Data as a table"), wrap, ...(rows.length > 500 ? [make("p", { class: "soft" }, rows.length - 500 + " more in the CSV")] : []));
    }

    function exports() {
      const save = (name, type, content) => { const link = make("a", { download: name, href: URL.createObjectURL(new Blob([content], { type })) }); link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 1000); };
      const button = (text, action) => make("button", { type: "button", class: "link", onclick: action }, text);
      const guarded = (value) => { const text = value === null || value === undefined ? "" : String(value); const safe = /^[=+\-@\t\r]/.test(text) && !numeric(text) ? "'" + text : text; return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe; };
      const heads = ["label", "series", "x", "y", "color", "size", "facet"];
      return make("p", { class: "links" },
        button("SVG", async () => drawn && save("chart.svg", "image/svg+xml", await drawn.view.toSVG())),
        button("PNG", async () => { if (!drawn) return; const link = make("a", { download: "chart.png", href: await drawn.view.toImageURL("png", 2) }); link.click(); }),
        button("CSV", () => save("chart.csv", "text/csv", [heads.join(","), ...rows.map((row) => heads.map((head) => guarded(row[head])).join(","))].join("\r\n") + "\r\n")),
        button("Vega-Lite", () => spec && save("chart.vl.json", "application/json", JSON.stringify(spec, null, 2))),
        make("button", { type: "button", class: "link", onclick: remove }, "Remove"));
    }

    fill();
    return { element, chart, draw, specification: () => spec };
  }

  window.sitegen.studio = studio;
})();

/* What the pages with a studio share: where its scripts lie, and when to load them. */
(function () {
  "use strict";
  const { state, script } = window.sitegen;

  window.sitegen.chartContext = (place, data, places, changed) => ({
    data, places, changed, vega: place.dataset.vega, charts: place.dataset.charts,
    steps: async () => { await script(place.dataset.steps); return (window.sitegenSteps || {})[data.slug]; },
  });
  window.sitegen.whenSeen = (element, action) => {
    if (!window.IntersectionObserver) { action(); return; }
    const observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) { observer.disconnect(); action(); } }, { rootMargin: "200px" });
    observer.observe(element);
  };

  /* The model's page: a studio over all versions. */
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-studio=model]");
    if (place) modelStudio(place);
  });

  function modelStudio(place) {
    const wanted = state.read().getAll("chart");
    const button = document.getElementById("open-studio");
    const open = async (texts) => {
      button.hidden = true;
      await script(place.dataset.data);
      const data = window.sitegenModels[place.dataset.model];
      const keep = (charts) => { const parameters = new URLSearchParams(); charts.forEach((chart) => parameters.append("chart", chart)); state.write(parameters); };
      const studio = window.sitegen.studio(place, window.sitegen.chartContext(place, data, () => data.versions.map((_, number) => number), keep));
      place.hidden = false;
      await studio.open(texts);
      const still = document.getElementById("plot");
      if (still) still.hidden = true;
      window.sitegen.onTheme(() => studio.draw());
      window.sitegen.openStudio = studio;
    };
    button.hidden = false;
    button.addEventListener("click", () => open([]));
    if (wanted.length) open(wanted);
  }
})();
