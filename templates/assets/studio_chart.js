/* From the choices and rows of a chart to a Vega-Lite specification: altair's templates with the titles, scales, colours
   and rows of this page put in. */
(function () {
  "use strict";
  const { bare, measured } = window.sitegen.chartFields;

  /* `made` is what rowsOf() has found; `width` is the room there is, in pixels. */
  function specification(chart, made, width) {
    const spec = JSON.parse(JSON.stringify(window.sitegenCharts.templates[chart.type]));
    const colours = pageColours();
    spec.layer = spec.layer.filter((layer) => hasRows(layer, made.rows));
    spec.layer.forEach((layer) => fill(layer, chart, made, colours));
    spec.title = titleOf(chart);
    spec.datasets = { rows: made.rows.map(told) };
    spec.config = look(colours);
    spec.autosize = { type: "fit-x", contains: "padding" };
    if (made.facet) split(spec, made.facet, width);
    else Object.assign(spec, { width, height: chart.type === "parallel" ? 260 : 240 });
    return spec;
  }

  function titleOf(chart) {
    if (chart.title) return chart.title;
    const names = chart.y.map(bare).join(", ");
    if (chart.type === "histogram") return names;
    return names + (chart.type === "parallel" ? " of the versions" : " by " + bare(chart.x));
  }

  /* Vega keeps texts as keys of plain objects, where __proto__ is lost: a space that nobody sees makes it a text again. */
  function told(row) {
    if (!Object.values(row).includes("__proto__")) return row;
    const safe = (value) => (value === "__proto__" ? value + "\u200b" : value);
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, safe(value)]));
  }

  /* Small charts beside each other, one for each value of a field. */
  function split(spec, field, width) {
    const { layer } = spec;
    layer.forEach((one) => delete one.data);
    delete spec.layer;
    delete spec.autosize;
    spec.data = { name: "rows" };
    spec.facet = { field: "facet", type: "nominal", title: field.title };
    spec.columns = 3;
    spec.spec = { layer, width: Math.max(160, Math.floor(width / 3) - 60), height: 180 };
  }

  /* --- layers ------------------------------------------------------------------------------------------------------ */

  const named = (rows) => rows.some((row) => "end" in row);
  const shows = (channel, field) => Boolean(channel) && channel.field === field;

  /* Whether any row is for the layer: lines of a baseline and names of lines are not for all charts. */
  function hasRows(layer, rows) {
    if (shows(layer.encoding.y, "baseline") && !rows.some((row) => "baseline" in row)) return false;
    return layer.mark.type !== "text" || named(rows);
  }

  /* Put what the chart shows into a layer of its template. */
  function fill(layer, chart, made, colours) {
    placeX(layer.encoding.x, chart, made.x);
    placeY(layer.encoding, chart, made.ys);
    tellSeriesApart(layer, made, colours);
    if (layer.encoding.x && layer.encoding.x.type === "temporal") delete layer.encoding.xOffset;
    if (chart.type === "heat") shade(layer.encoding, made.color);
    if (chart.type === "parallel" && layer.mark.type === "line") {
      layer.encoding.detail = [layer.encoding.detail, { field: "part", type: "nominal" }];
    }
    if (chart.type === "parallel" && !named(made.rows)) fade(layer.encoding, colours.accent);
    if (made.size && layer.mark.type === "point") {
      layer.encoding.size = { field: "size", type: "quantitative", title: made.size.title };
    }
    for (const tip of layer.encoding.tooltip || []) {
      if (tip.field === "x") tip.title = made.x.title;
      if (tip.field === "y") tip.title = "value";
    }
  }

  function placeX(x, chart, field) {
    if (!shows(x, "x")) return;
    x.title = field.title;
    x.type = typeOfX(chart.type, field);
    if (measured(x)) x.scale = chart.logx ? { type: "log" } : { zero: false };
    if (measured(x) && chart.type === "heat") x.bin = { maxbins: 12 };
    if (x.type === "temporal") delete x.sort;
    if (chart.type === "bar" && chart.sort) {
      x.sort = { field: "y", op: "mean", order: chart.sort === "down" ? "descending" : "ascending" };
    }
  }

  /* Boxes and bars stand beside each other, so numbers are no more than names there. */
  function typeOfX(type, field) {
    if (type === "box" || (type === "bar" && measured(field))) return "nominal";
    return type === "heat" && !measured(field) ? "ordinal" : field.type;
  }

  function placeY({ x, y }, chart, fields) {
    const title = chart.y.length > 2 ? "value" : chart.y.map(bare).join(", ");
    if (shows(x, "y")) x.title = title; /* a histogram has the values along X */
    if (!y || y.title !== "y") return;
    const better = fields.length === 1 && fields[0].direction;
    y.title = better ? title + ", " + better + " is better" : title;
    if (chart.logy) y.scale = { type: "log" };
  }

  /* Series are told apart by the field that the reader chose, else by their names where there are several. */
  function tellSeriesApart(layer, made, { accent, soft }) {
    const { encoding } = layer;
    const single = new Set(made.rows.map((row) => row.series)).size < 2;
    if (shows(encoding.color, "series")) {
      if (made.color) tellApart(layer, made.color, soft);
      else if (single) encoding.color = { value: accent };
    }
    for (const channel of ["shape", "strokeDash"]) {
      if (single && shows(encoding[channel], "series")) delete encoding[channel];
    }
  }

  /* Kinds are told apart by shape as well as by colour, numbers by how dark they are; a line has one colour. */
  function tellApart(layer, { type, title }, soft) {
    const { encoding, mark } = layer, number = type === "quantitative";
    Object.assign(encoding.color, { field: "color", type: number ? type : "nominal", title });
    delete encoding.color.sort;
    if (number) {
      encoding.color.scale = { interpolate: "lab" };
      if (mark.type === "line") encoding.color = { value: soft };
    } else if (mark.type === "point") encoding.shape = { field: "color", type: "nominal", title };
  }

  /* A cell of a heat map shows the mean of a number, else how many versions are in it. */
  function shade({ color, tooltip }, field) {
    if (field && measured(field)) {
      color.title = "mean " + field.title;
      return;
    }
    color.title = "versions";
    color.aggregate = "count";
    delete color.field;
    tooltip.pop();
  }

  /* Lines without names, too many to be told apart. */
  function fade(encoding, accent) {
    encoding.color = { value: accent };
    encoding.opacity = { value: 0.5 };
    delete encoding.strokeDash;
  }

  /* --- look -------------------------------------------------------------------------------------------------------- */

  const HUES = ["#b5832a", "#3f8f6b", "#8a63b8", "#c2698a"]; /* of series, beside the colours of the page; the alarm is for what breaks alone */

  function pageColours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["paper", "ink", "soft", "rule", "accent", "mark"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
  }

  function look({ paper, ink, soft, rule, accent, mark }) {
    const font = getComputedStyle(document.body).fontFamily;
    const fonts = { labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12 };
    const text = { ...fonts, labelColor: soft, titleColor: soft, titleFontWeight: 400 };
    const ramp = [rule, accent];
    return {
      background: paper, font, view: { stroke: null }, padding: 4,
      title: { color: ink, font, fontSize: 14, fontWeight: 600, anchor: "start", offset: 12 },
      axis: { ...text, grid: false, domainColor: soft, tickColor: soft, labelLimit: 140 },
      legend: { ...text, orient: "bottom", labelColor: ink, symbolStrokeWidth: 2, columns: 4, labelLimit: 180 },
      header: text,
      range: { category: [accent, ...HUES, ink, mark], heatmap: ramp, ramp },
      mark: { invalid: "show" }, /* versions without a value to colour or size by; Vega-Lite would leave them out */
      scale: { invalid: { color: { value: soft }, size: { value: 30 } } },
      line: { color: accent, strokeWidth: 1.6 },
      point: { color: accent },
      bar: { color: accent },
      rule: { color: soft },
      rect: { color: accent },
      boxplot: { box: { color: accent }, median: { color: paper } },
    };
  }

  window.sitegen.specification = specification;
})();
