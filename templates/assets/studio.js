/* The chart studio: a sentence with blanks. Every choice is kept in the address; charts are altair's templates with
   the rows, titles and scales of this page put in. Vega is loaded when the first chart is drawn. */
(function () {
  "use strict";
  const { make, script, steady, own } = window.sitegen;

  /* --- what can be drawn: fields of versions ----------------------------------------------------------------- */

  const column = (data, field) => data[field.kind].find((one) => one.key === field.key).values;
  const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;
  const numeric = (value) => (typeof value === "number" ? isFinite(value) : typeof value === "string" && NUMBER.test(value) && isFinite(Number(value)));
  /* A value in a CSV file. Spreadsheets run texts that begin so, in full-width signs too (OWASP, "CSV injection"). */
  const RUNS = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  function guarded(value) {
    const text = value === null || value === undefined ? "" : String(value);
    const safe = RUNS.test(text) && !numeric(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }
  const bare = (id) => id.replace(/^(metrics|params|tags)\./, "");

  const fieldsOf = new WeakMap();
  function fields(data) {
    if (!fieldsOf.has(data)) fieldsOf.set(data, listed(data));
    return fieldsOf.get(data);
  }
  function listed(data) {
    const found = [{ id: "version", title: "version", type: "ordinal" }, { id: "time", title: "time", type: "temporal" }];
    if (data.models) found.splice(1, 0, { id: "model", title: "model", type: "nominal" });
    if (data.steps) found.push({ id: "step", title: "step", type: "quantitative" });
    const times = new Map();
    for (const kind of ["metrics", "params", "tags"]) for (const one of data[kind]) times.set(one.key, (times.get(one.key) || 0) + 1);
    for (const kind of ["metrics", "params", "tags"]) {
      for (const one of data[kind]) {
        const values = one.values.filter((value) => value !== null);
        const number = kind === "metrics" || (values.length > 0 && values.every(numeric));
        const title = times.get(one.key) > 1 ? one.key + " (" + kind.slice(0, -1) + ")" : one.key || "(no name)";
        found.push({ id: kind + "." + one.key, key: one.key, title, type: number ? "quantitative" : "nominal", kind });
      }
    }
    return found;
  }

  function valueOf(data, field, place) {
    if (field.id === "version") return data.versions[place].label;
    if (field.id === "model") return data.models[place];
    if (field.id === "time") return data.versions[place].created || null;
    const value = column(data, field)[place];
    if (value === null) return null;
    if (field.type !== "quantitative") return value;
    return numeric(value) ? Number(value) : null;
  }

  /* What a type of chart can show beside its Y. */
  const USES = {
    line: ["x", "color", "size", "facet", "logx", "logy", "baseline"],
    bar: ["x", "color", "facet", "logy", "sort", "baseline"],
    scatter: ["x", "color", "size", "facet", "logx", "logy", "baseline"],
    box: ["x", "color", "facet", "logy", "baseline"],
    histogram: ["color", "facet"],
    parallel: ["facet"],
    heat: ["x", "color", "facet"],
  };
  const uses = (chart, name) => USES[chart.type].includes(name);
  /* A chart without the choices that its type has no use for; they come back with another type. */
  function inUse(chart) {
    const kept = (name, none) => (uses(chart, name) ? chart[name] : none);
    return {
      type: chart.type, y: chart.y, title: chart.title, x: kept("x", "version"), color: kept("color", ""), size: kept("size", ""), facet: kept("facet", ""),
      sort: kept("sort", ""), baseline: kept("baseline", ""), logx: kept("logx", false), logy: kept("logy", false),
    };
  }

  /* The rows of a chart, and how many points had to be left out because they have no place on its axes. */
  function rowsOf(chart, data, places, histories) {
    const known = fields(data);
    const field = (id) => known.find((one) => one.id === id) || null;
    const x = field(chart.x), color = field(chart.color), size = field(chart.size), facet = field(chart.facet);
    const base = data.versions.findIndex((version) => version.name === chart.baseline);
    const rows = [];
    let left = 0;
    const text = (place, one) => { const value = valueOf(data, one, place); return value === null && one.type === "nominal" ? "none" : value; };
    const put = (place, y, series, xValue, yValue) => {
      const fits = (value, log) => value !== null && (!log || value > 0);
      if (!fits(yValue, chart.logy) || !fits(xValue, chart.logx && x.type === "quantitative")) { left += 1; return; }
      const row = { label: data.versions[place].label, order: rows.length, series, x: xValue, y: yValue };
      if (color) row.color = text(place, color);
      if (size) row.size = text(place, size);
      if (facet) row.facet = String(text(place, facet) ?? "none");
      const line = base >= 0 ? valueOf(data, y, base) : null;
      if (line !== null) row.baseline = line;
      rows.push(row);
    };
    for (const id of chart.y) {
      const y = field(id);
      if (!y) continue;
      const history = chart.x === "step" && y.kind === "metrics" ? (histories || []).find((one) => one.key === y.key) : null;
      for (const place of places) {
        if (chart.x === "step") {
          for (const [step, value] of own(history && history.points, String(place)) || []) put(place, y, stepTitle(data, y, place, places, chart), step, numeric(value) ? Number(value) : null);
        } else if (column(data, y)[place] !== null) put(place, y, y.title, valueOf(data, x, place), valueOf(data, y, place));
      }
    }
    if (chart.type === "line" && new Set(rows.map((row) => row.series)).size > 1) labelEnds(rows, "series", rows.map((row) => row.series));
    if (chart.type === "parallel" && places.length <= MOST_NAMED) labelEnds(rows, "label", rows.map((row) => row.label));
    return { rows, left, x, color, size, facet };
  }
  const MOST_NAMED = 12; /* lines that carry their names; more names would cover each other */
  /* The last point of each line carries the line's name: lines are never told apart by colour alone. */
  function labelEnds(rows, by, names) {
    const last = new Map();
    rows.forEach((row, number) => last.set(row[by], number));
    last.forEach((number) => { rows[number].end = names[number]; });
  }
  const stepTitle = (data, y, place, places, chart) => (places.length < 2 ? y.title : (chart.y.length > 1 ? y.title + " " : "") + data.versions[place].label);

  /* --- from a chart's choices to a Vega-Lite specification ---------------------------------------------------- */

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function look() {
    const ink = token("--ink"), soft = token("--soft"), rule = token("--rule"), accent = token("--accent");
    const font = getComputedStyle(document.body).fontFamily;
    const text = { labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12, labelColor: soft, titleColor: soft, titleFontWeight: 400 };
    return {
      background: token("--paper"), font, view: { stroke: null }, padding: 4,
      title: { color: ink, font, fontSize: 14, fontWeight: 600, anchor: "start", offset: 12 },
      axis: { ...text, grid: false, domainColor: soft, tickColor: soft, labelLimit: 140 },
      legend: { ...text, orient: "bottom", labelColor: ink, symbolStrokeWidth: 2, columns: 4, labelLimit: 180 },
      header: text,
      range: { category: [accent, token("--alarm"), token("--mark"), ink, "#b5832a", "#3f8f6b", "#8a63b8", "#c2698a"], heatmap: [rule, accent], ramp: [rule, accent] },
      line: { color: accent, strokeWidth: 1.6 }, point: { color: accent }, bar: { color: accent }, rule: { color: soft }, rect: { color: accent },
      boxplot: { box: { color: accent }, median: { color: token("--paper") } },
    };
  }

  function title(chart) {
    if (chart.title) return chart.title;
    const of = chart.y.map(bare).join(", ");
    if (chart.type === "histogram") return of;
    if (chart.type === "parallel") return of + " of the versions";
    return of + " by " + bare(chart.x);
  }

  /* Vega keeps texts as keys of plain objects, where __proto__ is lost: a space that nobody sees makes it a text again. */
  const told = (row) => (Object.values(row).includes("__proto__") ? Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === "__proto__" ? value + "\u200b" : value])) : row);

  /* Kinds are told apart by shape as well as by colour, numbers by how dark they are. */
  function tellApart(layer, field) {
    if (field.type === "quantitative") layer.encoding.color.scale = { interpolate: "lab" };
    else if (layer.mark.type === "point") layer.encoding.shape = { field: "color", type: "nominal", title: field.title };
  }

  function specification(chart, made, width) {
    const spec = JSON.parse(JSON.stringify(window.sitegenCharts.templates[chart.type]));
    const yTitle = chart.y.length > 2 ? "value" : chart.y.map(bare).join(", ");
    const series = new Set(made.rows.map((row) => row.series));
    const drawn = (layer) => !(layer.encoding.y && layer.encoding.y.field === "baseline" && !made.rows.some((row) => "baseline" in row))
      && !(layer.mark.type === "text" && !made.rows.some((row) => "end" in row));
    spec.layer = spec.layer.filter(drawn);
    const height = chart.type === "parallel" ? 260 : 240;
    for (const layer of spec.layer) {
      const { x, y, color, strokeDash } = layer.encoding;
      if (x && x.field === "x") {
        x.title = made.x.title;
        if (chart.type !== "heat" || made.x.type === "quantitative") x.type = chart.type === "box" || (chart.type === "bar" && made.x.type === "quantitative") ? "nominal" : made.x.type;
        if (x.type === "quantitative") { x.scale = chart.logx ? { type: "log" } : { zero: false }; if (chart.type === "heat") x.bin = { maxbins: 12 }; }
        if (x.type === "temporal") delete x.sort;
        if (chart.type === "bar" && chart.sort) x.sort = { field: "y", op: "mean", order: chart.sort === "down" ? "descending" : "ascending" };
      }
      if (x && x.field === "y") x.title = yTitle;
      if (y && y.title === "y") {
        y.title = yTitle;
        if (chart.logy) y.scale = { type: "log" };
      }
      if (color && color.field === "series") {
        if (made.color) { color.field = "color"; color.type = made.color.type === "quantitative" ? "quantitative" : "nominal"; color.title = made.color.title; delete color.sort; tellApart(layer, made.color); }
        else if (series.size < 2) { layer.encoding.color = { value: token("--accent") }; }
      }
      if (color && color.aggregate) {
        const measured = made.color && made.color.type === "quantitative";
        color.title = measured ? "mean " + made.color.title : "versions";
        if (!measured) { color.aggregate = "count"; delete color.field; layer.encoding.tooltip.pop(); }
      }
      if (layer.encoding.shape && layer.encoding.shape.field === "series" && series.size < 2) delete layer.encoding.shape;
      if (strokeDash && series.size < 2 && strokeDash.field === "series") delete layer.encoding.strokeDash;
      if (made.size && layer.mark.type === "point") layer.encoding.size = { field: "size", type: made.size.type === "quantitative" ? "quantitative" : "ordinal", title: made.size.title };
      if (chart.type === "parallel" && !made.rows.some((row) => "end" in row)) {
        layer.encoding.color = { value: token("--accent") };
        layer.encoding.opacity = { value: 0.5 };
        delete layer.encoding.strokeDash;
      }
      for (const tip of layer.encoding.tooltip || []) {
        if (tip.field === "x") tip.title = made.x.title;
        if (tip.field === "y") tip.title = "value";
      }
    }
    spec.title = title(chart);
    spec.datasets = { rows: made.rows.map(told) };
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
    chart.type = take("type", (value) => Object.hasOwn(USES, value)) || start.type;
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
    const type = data.models ? "bar" : "line"; /* no line leads from one model to another */
    return { type, x: "version", y: first ? ["metrics." + first.key] : [], color: "", size: "", facet: "", sort: "", baseline: data.baseline || "", title: "", logx: false, logy: false };
  }

  /* --- the studio ---------------------------------------------------------------------------------------------- */

  /* Puts a studio into `place`. `context` has data, places() (the versions to draw), vega and charts (addresses of
     scripts), steps() (loads the histories), and changed(texts) which keeps the charts' texts in the address. */
  function studio(place, context) {
    const charts = [];
    const list = make("div", { class: "charts" });
    const note = make("p", { class: "soft", role: "status" });
    const adding = make("button", { type: "button", class: "link", onclick: () => { add(standard(context.data)).element.querySelector("select").focus(); keep(); } }, "Add a chart");
    place.append(list, note, make("p", { class: "links" }, adding));

    function keep() { context.changed(charts.map((one) => toText(one.chart))); }
    function say(text) { note.textContent = text; }
    function add(chart) {
      const one = panel(chart, context, () => { one.draw(); keep(); }, () => remove(one), say);
      charts.push(one);
      list.append(one.element);
      one.draw();
      return one;
    }
    function remove(one) {
      one.clear();
      charts.splice(charts.indexOf(one), 1);
      one.element.remove();
      keep();
      adding.focus();
    }
    const drawAll = () => charts.forEach((one) => one.draw());
    window.sitegen.onTheme(drawAll);
    let width = innerWidth;
    window.addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; drawAll(); } });
    return {
      async open(texts) {
        await Promise.all([script(context.charts), script(context.vega)]);
        charts.splice(0).forEach((one) => { one.clear(); one.element.remove(); });
        const lost = [];
        for (const text of texts.length ? texts : [""]) {
          const found = fromText(text, context.data);
          lost.push(...found.lost);
          add(found.chart);
        }
        say(lost.length ? "Not to be had here, so left out: " + lost.join(", ") : "");
      },
      draw: drawAll,
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
    const entries = (test) => known.filter(test).map((field) => [field.id, field.title]);
    const measured = entries((field) => field.kind === "metrics" || (field.kind === "params" && field.type === "quantitative"));
    const any = entries(() => true);
    const choose = (name, list, label) => {
      const select = make("select", { "aria-label": label });
      options(select, list, chart[name]);
      select.addEventListener("change", () => { chart[name] = select.value; if (name === "type") { suit(); refill(); } changed(); });
      return select;
    };
    /* A type that needs more than one metric starts with more than one. */
    function suit() {
      const others = measured.map(([id]) => id).filter((id) => !chart.y.includes(id));
      if (chart.type === "parallel" && chart.y.length < 2) chart.y.push(...others.slice(0, 4));
      if (chart.type === "heat" || chart.type === "histogram") chart.y = chart.y.slice(0, 1);
      const colored = known.find((field) => field.id === chart.color);
      if (chart.type === "heat" && others.length && !(colored && colored.type === "quantitative")) chart.color = others[0];
    }
    const sentence = make("form", { class: "plot", onsubmit: (event) => event.preventDefault() });
    const figure = make("div", { class: "drawing", tabindex: "0", role: "group", "aria-label": "Drawing" });
    const below = make("p", { class: "soft" });
    const table = make("details", { class: "more" }, make("summary", {}, "Data as a table"));
    const element = make("div", { class: "chart" }, sentence, figure, below, table, exports());
    let drawn = null, spec = null, rows = [], shown = inUse(chart);

    function fill() {
      const offered = (name) => uses(chart, name);
      const ys = chart.y.map((id, number) => {
        const select = options(make("select", { "aria-label": number ? "Y " + (number + 1) : "Y" }), measured, id);
        select.addEventListener("change", () => { chart.y[number] = select.value; refill(); changed(); });
        return select;
      });
      const more = make("button", { type: "button", class: "link", "data-name": "more", onclick: () => { chart.y.push(measured.find(([id]) => !chart.y.includes(id))[0]); refill(); changed(); } }, "and another");
      const less = make("button", { type: "button", class: "link", "aria-label": "Remove the last Y", onclick: () => { chart.y.pop(); refill(); changed(); } }, "less");
      const nothing = [["", "nothing"]];
      const log = (name, label) => { const select = options(make("select", { "aria-label": label }), [["", "linear"], ["1", "log"]], chart[name] ? "1" : ""); select.addEventListener("change", () => { chart[name] = select.value === "1"; changed(); }); return select; };
      const text = make("input", { type: "text", "aria-label": "Title", value: chart.title, size: 24, placeholder: "a title of your own" });
      text.addEventListener("input", () => { chart.title = text.value; changed(); });
      const names = [["", "no baseline"], ...data.versions.map((version) => [version.name, version.label + version.aliases.map((alias) => " @" + alias).join("")])];
      const measures = entries((field) => field.type === "quantitative" && field.id !== "step");
      const words = ["Draw a ", choose("type", Object.entries(window.sitegenCharts.types), "Type of chart"), " of ", ys.flatMap((select, number) => [number ? ", " : "", select]), " ", measured.some(([id]) => !chart.y.includes(id)) ? more : null, chart.y.length > 1 ? [" or ", less] : null];
      if (offered("x")) words.push(" against ", choose("x", any, "X"));
      if (offered("logy")) words.push(", on a ", log("logy", "Scale of Y"), " scale");
      if (offered("logx")) words.push(" (X ", log("logx", "Scale of X"), ")");
      if (offered("color")) words.push(", coloured by ", choose("color", [...nothing, ...(chart.type === "heat" ? measures : any.filter(([id]) => id !== "step"))], "Colour"));
      if (offered("size")) words.push(", sized by ", choose("size", [...nothing, ...measures], "Size"));
      if (offered("facet")) words.push(", split by ", choose("facet", [...nothing, ...entries((field) => field.type === "nominal")], "Facet"));
      if (offered("sort")) words.push(", sorted by ", choose("sort", [["", "the order of versions"], ["down", "value, highest first"], ["up", "value, lowest first"]], "Sort"));
      if (offered("baseline")) words.push(", beside ", choose("baseline", names, "Baseline"));
      words.push(", titled ", text, ".");
      sentence.replaceChildren(...words.flat(2).filter((word) => word !== null));
    }
    const refill = () => steady(sentence, fill);

    /* One drawing at a time: changes that come meanwhile are drawn together afterwards. */
    let drawing = false, again = false;
    async function draw() {
      again = true;
      element.dataset.drawn = "no";
      if (drawing) return;
      drawing = true;
      while (again) { again = false; await drawOnce(); }
      drawing = false;
      element.dataset.drawn = "yes";
    }

    async function drawOnce() {
      const began = performance.now();
      shown = inUse(chart);
      const histories = shown.x === "step" ? await context.steps().catch(() => null) : null;
      const made = rowsOf(shown, data, context.places(), histories);
      rows = made.rows;
      const width = Math.max(260, Math.min(760, figure.clientWidth || 700));
      spec = rows.length ? specification(shown, made, width) : null;
      clear();
      if (!spec) {
        figure.replaceChildren(make("p", { class: "soft" }, chart.y.length ? "No version has a value to draw here." : "There are no metrics to draw."));
      } else {
        try {
          drawn = await window.sitegenVega.embed(figure, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true }, logLevel: 1 });
        } catch (error) { figure.replaceChildren(make("p", { role: "alert" }, "This chart cannot be drawn: " + error.message)); }
        const picture = figure.querySelector("svg");
        if (picture) { picture.setAttribute("role", "img"); picture.setAttribute("aria-label", spec.title + ". The data is in the table below."); picture.removeAttribute("aria-roledescription"); for (const part of picture.children) part.setAttribute("aria-hidden", "true"); }
      }
      element.dataset.milliseconds = Math.round(performance.now() - began);
      below.textContent = made.left ? made.left + (made.left === 1 ? " point is" : " points are") + " left out: no finite value" + (shown.logx || shown.logy ? ", or not above zero on a log scale." : ".") : "";
      fillTable();
    }
    function clear() {
      if (drawn) drawn.finalize();
      drawn = null;
    }

    function fillTable() {
      const others = ["color", "size", "facet"].filter((name) => shown[name]);
      const heads = ["version", "metric", bare(shown.x), "value", ...others.map((name) => bare(shown[name]))];
      const cells = (row) => [row.label, row.series, row.x, row.y, ...others.map((name) => row[name])];
      const fillRows = () => {
        if (!table.open || table.querySelector("table")) return;
        const body = rows.slice(0, 500).map((row) => make("tr", {}, cells(row).map((cell) => make("td", {}, cell === null ? "–" : String(cell)))));
        const wrap = make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Data of the chart" }, make("table", { class: "fit" }, make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))), make("tbody", {}, body)));
        table.append(wrap, ...(rows.length > 500 ? [make("p", { class: "soft" }, rows.length - 500 + " more in the CSV")] : []));
      };
      table.replaceChildren(table.firstElementChild);
      table.ontoggle = fillRows;
      fillRows();
    }

    function exports() {
      const save = (name, type, content) => { const link = make("a", { download: name, href: URL.createObjectURL(new Blob([content], { type })) }); link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 1000); };
      const button = (text, action) => make("button", { type: "button", class: "link", onclick: action }, text);
      const heads = ["label", "series", "x", "y", "color", "size", "facet"];
      return make("p", { class: "links" },
        button("SVG", async () => drawn && save("chart.svg", "image/svg+xml", await drawn.view.toSVG())),
        button("PNG", async () => { if (!drawn) return; const link = make("a", { download: "chart.png", href: await drawn.view.toImageURL("png", 2) }); link.click(); }),
        button("CSV", () => save("chart.csv", "text/csv", [heads.join(","), ...rows.map((row) => heads.map((head) => guarded(row[head])).join(","))].join("\r\n") + "\r\n")),
        button("Vega-Lite", () => spec && save("chart.vl.json", "application/json", JSON.stringify(spec, null, 2))),
        make("button", { type: "button", class: "link", onclick: remove }, "Remove"));
    }

    fill();
    return { element, chart, draw, clear, specification: () => spec };
  }

  Object.assign(window.sitegen, { studio, numeric });
})();

/* What the pages with a studio share: where its scripts lie, and when to load them. */
(function () {
  "use strict";
  const { state, script, own } = window.sitegen;

  window.sitegen.chartContext = (place, data, places, changed) => ({
    data, places, changed, vega: place.dataset.vega, charts: place.dataset.charts,
    steps: async () => { await script(place.dataset.steps); return own(window.sitegenSteps, data.slug); },
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
    const button = document.getElementById("open-studio");
    let studio = null;
    const open = async (texts) => {
      button.hidden = true;
      place.hidden = false;
      if (!studio) {
        await script(place.dataset.data);
        const data = own(window.sitegenModels, place.dataset.model);
        const keep = (charts) => { const parameters = new URLSearchParams(); charts.forEach((chart) => parameters.append("chart", chart)); state.write(parameters); };
        studio = window.sitegen.studio(place, window.sitegen.chartContext(place, data, () => data.versions.map((_, number) => number), keep));
      }
      await studio.open(texts);
      document.getElementById("plot").hidden = true;
      window.sitegen.openStudio = studio;
    };
    const wanted = () => state.read().getAll("chart");
    button.hidden = false;
    button.addEventListener("click", async () => { await open([]); place.querySelector("select").focus(); });
    window.addEventListener("hashchange", () => { if (wanted().length) open(wanted()); });
    if (wanted().length) open(wanted());
  }
})();
