/* From the choices and rows of a chart to a Vega-Lite specification: altair's templates with the titles, scales, colours
   and rows of this page put in. */
(function () {
  "use strict";
  const { bare, measured } = window.sitegen.chartFields;
  const { hasNames } = window.sitegen.chartLabels;
  const { pageColours, look } = window.sitegen.chartLook;
  const types = window.sitegen.chartTypes;
  const { fullNumber } = window.sitegen.numbers;

  /* `made` is what rowsOf() has found; `width` is the room there is, in pixels. */
  function specification(chart, made, width) {
    const spec = JSON.parse(JSON.stringify(window.sitegenCharts.templates[chart.type]));
    const type = types[chart.type], colours = pageColours();
    spec.layer = spec.layer.filter((layer) => hasRows(layer, made.rows));
    spec.layer.forEach((layer) => fill(layer, chart, made, colours));
    spec.layer.filter((layer) => layer.mark.type === "text").forEach((layer) => dress(layer.mark, width, colours.paper));
    spec.title = chart.title || type.title(chart, chart.y.map(bare).join(", "));
    spec.datasets = { rows: type.rows(made.rows).map(safeRow) };
    spec.config = look(colours);
    spec.autosize = { type: "fit-x", contains: "padding" };
    if (made.facet) split(spec, made, width);
    else Object.assign(spec, { width: Math.max(width, type.width(chart)), height: type.height });
    spec.config.title.offset = type.titleOffset;
    return spec;
  }

  /* Vega keeps texts as keys of plain objects, where __proto__ is lost: a space that nobody sees makes it a text again. */
  const safe = (value) => (value === "__proto__" ? value + "\u200b" : value);
  function safeRow(row) {
    if (!Object.values(row).includes("__proto__")) return row;
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, safe(value)]));
  }

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

  /* Put what the chart shows into a layer of its template. */
  function fill(layer, chart, made, colours) {
    placeX(layer.encoding.x, chart, made);
    placeY(layer.encoding, chart, made);
    tellSeriesApart(layer, made, colours);
    types[chart.type].layer(layer, chart, made, colours);
    if (made.color && measured(made.color) && shows(layer.encoding.color, "color")) {
      nameOnly(layer.encoding.color, "legend", made.rows.map((row) => row.color));
    }
    if (layer.encoding.x && layer.encoding.x.type === "temporal") delete layer.encoding.xOffset;
    if (made.size && layer.mark.type === "point") {
      layer.encoding.size = { field: "size", type: "quantitative", title: made.size.title };
      nameOnly(layer.encoding.size, "legend", made.rows.map((row) => row.size));
    }
    for (const tip of layer.encoding.tooltip || []) {
      if (tip.field === "x") tip.title = made.x.title;
    }
  }

  function placeX(x, chart, { x: field, rows }) {
    if (!shows(x, "x")) return;
    x.title = field.title;
    x.type = types[chart.type].xType(field);
    if (measured(x)) x.scale = chart.logx ? { type: "log" } : { zero: false };
    if (measured(x)) nameOnly(x, "axis", rows.map((row) => row.x));
    if (x.type === "temporal") delete x.sort;
  }

  function placeY({ x, y }, chart, { ys: fields, rows }) {
    const title = chart.y.length > 2 ? "value" : chart.y.map(bare).join(", ");
    if (shows(x, "y")) x.title = title; /* a histogram has the values along X */
    if (!y || y.title !== "y") return;
    const better = fields.length === 1 && fields[0].direction;
    y.title = better ? title + ", " + better + " is better" : title;
    if (chart.logy) y.scale = { type: "log" };
    if (y.scale) nameOnly(y, "axis", rows.flatMap((row) => [row.y, row.baseline ?? row.y])); /* of bars it starts at 0 */
  }

  /* Where all values are equal, the axis or legend has that one, in full: Vega would round it to a whole number. */
  function nameOnly(channel, guide, values) {
    const known = new Set(values.filter((value) => value !== null));
    if (known.size !== 1) return;
    const [only] = known;
    channel[guide] = { ...channel[guide], values: [only], labelExpr: JSON.stringify(fullNumber(only)) };
  }

  /* Series are told apart by the field that the reader chose, else by their names where there are several; a legend has
     those that are not beside their lines. */
  function tellSeriesApart(layer, made, { accent, soft }) {
    const { encoding } = layer, names = distinct(made.rows, "series"), single = names.length < 2;
    if (shows(encoding.color, "series")) {
      if (made.color) tellApart(layer, made, soft);
      else if (single) encoding.color = { value: accent };
      else encoding.color.scale = { domain: names };
      if (hasNames(made.rows) && shows(encoding.color, "series")) encoding.color.legend = null;
    }
    for (const channel of ["shape", "strokeDash"]) {
      if (!shows(encoding[channel], "series")) continue;
      if (single) delete encoding[channel];
      else encoding[channel].scale = { domain: names };
      if (!single && !made.color && !hasNames(made.rows)) delete encoding[channel].legend;
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

  window.sitegen.specification = specification;
})();
