/* From the choices and rows of a chart to a Vega-Lite specification: altair's templates with the titles, scales, colours
   and rows of this page put in. */
(function () {
  "use strict";
  const { bare, measured } = window.sitegen.chartFields;
  const { pageColours, look } = window.sitegen.chartLook;

  /* `made` is what rowsOf() has found; `width` is the room there is, in pixels. */
  function specification(chart, made, width) {
    const spec = JSON.parse(JSON.stringify(window.sitegenCharts.templates[chart.type]));
    const colours = pageColours();
    spec.layer = spec.layer.filter((layer) => hasRows(layer, made.rows));
    spec.layer.forEach((layer) => fill(layer, chart, made, colours));
    spec.layer.filter((layer) => layer.mark.type === "text").forEach((layer) => dress(layer.mark, width, colours.paper));
    spec.title = titleOf(chart);
    const rows = chart.type === "bar" ? ranked(made.rows) : made.rows;
    spec.datasets = { rows: rows.map(told) };
    spec.config = look(colours);
    spec.autosize = { type: "fit-x", contains: "padding" };
    if (made.facet) split(spec, made, width);
    else Object.assign(spec, { width: Math.max(width, leastWidth(chart)), height: chart.type === "parallel" ? 260 : 240 });
    if (chart.type === "parallel") spec.config.title.offset = 26; /* the axes tell their most above them */
    return spec;
  }

  function titleOf(chart) {
    if (chart.title) return chart.title;
    const names = chart.y.map(bare).join(", ");
    if (chart.type === "histogram") return names;
    return names + (chart.type === "parallel" ? " of the versions" : " by " + bare(chart.x));
  }

  /* Vega keeps texts as keys of plain objects, where __proto__ is lost: a space that nobody sees makes it a text again. */
  const safe = (value) => (value === "__proto__" ? value + "\u200b" : value);
  function told(row) {
    if (!Object.values(row).includes("__proto__")) return row;
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, safe(value)]));
  }

  /* Names of axes need room beside each other. */
  const leastWidth = (chart) => (chart.type === "parallel" ? 92 * chart.y.length : 0);

  /* Small charts beside each other, one for each value of a field, with room for what stands beside their lines. */
  function split(spec, { facet: field, rows }, width) {
    const { layer } = spec, columns = Math.max(1, Math.min(3, Math.floor(width / 230)));
    const letters = Math.max(0, ...rows.map((row) => Math.max((row.end || "").length, (row.beside || "").length)));
    layer.forEach((one) => delete one.data);
    delete spec.layer;
    delete spec.autosize;
    spec.data = { name: "rows" };
    spec.facet = { field: "facet", type: "nominal", title: field.title };
    spec.columns = columns;
    spec.spec = { layer, width: Math.max(130, Math.floor(width / columns) - 60 - Math.min(100, 7 * letters)), height: 180 };
  }

  /* --- layers ------------------------------------------------------------------------------------------------------ */

  const carries = (rows, name) => rows.some((row) => name in row);
  const named = (rows) => carries(rows, "end");
  const shows = (channel, field) => Boolean(channel) && channel.field === field;

  /* Whether any row is for the layer: lines of a baseline and texts are not for all charts. */
  function hasRows({ mark, encoding }, rows) {
    if (shows(encoding.y, "baseline")) return carries(rows, "baseline");
    return mark.type !== "text" || carries(rows, encoding.text.field);
  }

  /* A text is as long as the chart has room for; a wide stroke hides what lies behind it. */
  function dress(mark, width, paper) {
    mark.limit = Math.min(150, Math.round(width / 3));
    if (mark.strokeWidth) mark.stroke = paper;
  }

  /* Bars of several versions at one place stand beside each other, in their order. */
  const crowded = (rows) => new Set(rows.map(({ x, series, facet }) => JSON.stringify([x, series, facet]))).size < rows.length;
  function ranked(rows) {
    if (!crowded(rows)) return rows;
    const counts = new Map();
    return rows.map((row) => {
      const place = JSON.stringify([row.x, row.facet]), rank = counts.get(place) || 0;
      counts.set(place, rank + 1);
      return { ...row, rank };
    });
  }

  const CLOSE = 60; /* points of a line that would run into each other */

  /* Put what the chart shows into a layer of its template. */
  function fill(layer, chart, made, colours) {
    placeX(layer.encoding.x, chart, made.x);
    placeY(layer.encoding, chart, made.ys);
    tellSeriesApart(layer, made, colours);
    if (chart.type === "bar" && layer.encoding.xOffset && crowded(made.rows)) layer.encoding.xOffset = { field: "rank", type: "ordinal" };
    if (layer.encoding.x && layer.encoding.x.type === "temporal") delete layer.encoding.xOffset;
    if (chart.type === "heat") shade(layer.encoding, made.color);
    if (chart.type === "parallel" && layer.mark.type === "line") {
      layer.encoding.detail = [layer.encoding.detail, { field: "part", type: "nominal" }];
    }
    if (chart.type === "parallel" && layer.mark.type !== "text" && !named(made.rows)) fade(layer.encoding, colours.accent);
    if (chart.type === "line" && layer.mark.type === "point" && made.rows.length > CLOSE * distinct(made.rows, "series").length) layer.mark.size = 8;
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

  /* Series are told apart by the field that the reader chose, else by their names where there are several; a legend has
     those that are not beside their lines. */
  function tellSeriesApart(layer, made, { accent, soft }) {
    const { encoding } = layer, names = distinct(made.rows, "series"), single = names.length < 2;
    if (shows(encoding.color, "series")) {
      if (made.color) tellApart(layer, made, soft);
      else if (single) encoding.color = { value: accent };
      else encoding.color.scale = { domain: names };
      if (named(made.rows) && shows(encoding.color, "series")) encoding.color.legend = null;
    }
    for (const channel of ["shape", "strokeDash"]) {
      if (!shows(encoding[channel], "series")) continue;
      if (single) delete encoding[channel];
      else encoding[channel].scale = { domain: names };
      if (!single && !made.color && !named(made.rows)) delete encoding[channel].legend;
    }
  }

  /* The values of a field, each once; legends of one domain are one legend. */
  const distinct = (rows, name) => [...new Set(rows.map((row) => row[name]))].map(safe);

  /* Kinds are told apart by shape as well as by colour, numbers by how dark they are; a line has one colour. So has one
     through points of which no two are of a kind. */
  function tellApart(layer, { rows, color: { type, title } }, soft) {
    const { encoding, mark } = layer, number = type === "quantitative", domain = distinct(rows, "color").sort();
    Object.assign(encoding.color, { field: "color", type: number ? type : "nominal", title });
    delete encoding.color.sort;
    encoding.color.scale = number ? { interpolate: "lab" } : { domain };
    if (!number && mark.type === "point") encoding.shape = { field: "color", type: "nominal", title, scale: { domain } };
    if (mark.type === "line" && (number || alone(rows))) encoding.color = { value: soft };
  }

  /* Whether no two points of a series have the same colour. */
  const alone = (rows) => new Set(rows.map((row) => JSON.stringify([row.series, row.color]))).size === rows.length;

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

  window.sitegen.specification = specification;
})();
