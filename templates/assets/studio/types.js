/* Everything that depends on the type of a chart, in one table. A new type is an entry here and a template in Python. */
(function () {
  "use strict";
  const { bare, measured, offered, fieldsOf, given } = window.sitegen.chartFields;
  const { labelLines, labelParallel, countOf, hasNames } = window.sitegen.chartLabels;

  /* An entry has
       uses                         the choices that it can show beside its Y
       aggregates                   whether a mark stands for many rows, all of which need a colour
       colours(field)               whether a field can colour it
       ready(chart, data)           changes the choices where the type needs others
       rows(rows)                   the rows as its template takes them
       xType(field)                 the type of X in Vega-Lite
       layer(layer, chart, made, colours)  puts what only this type shows into a layer of its template
       labels(rows, chart, baseline)       puts the texts beside its lines into the rows
       title(chart, names)          the title where the reader chose none; `names` are those of Y
       height, width(chart)         in pixels; it needs this width, whatever room there is
       titleOffset                  pixels between the title and the drawing */
  const PLAIN = {
    uses: [],
    aggregates: false,
    colours: offered.color,
    ready() {},
    rows: (rows) => rows,
    xType: (field) => field.type,
    layer() {},
    labels: (rows, chart, baseline) => labelLines(rows, { baseline, log: chart.logy }),
    title: (chart, names) => names + " by " + bare(chart.x),
    height: 240,
    width: () => 0,
    titleOffset: 12,
  };

  const TYPES = {
    line: {
      ...PLAIN,
      uses: ["x", "color", "size", "facet", "logx", "logy", "baseline"],
      layer: shrinkPoints,
      labels: (rows, chart, baseline) => labelLines(rows, { baseline, log: chart.logy, names: true }),
    },
    bar: {
      ...PLAIN,
      uses: ["x", "color", "facet", "logy", "sort", "baseline"],
      rows: rankRows,
      xType: (field) => (measured(field) ? "nominal" : field.type), /* bars stand beside each other: numbers are names */
      layer: placeBars,
      labels: (rows, chart, baseline) => labelLines(rows, { baseline, log: chart.logy, zero: !chart.logy }),
    },
    scatter: { ...PLAIN, uses: ["x", "color", "size", "facet", "logx", "logy", "baseline"] },
    box: {
      ...PLAIN,
      uses: ["x", "color", "facet", "logy", "baseline"],
      aggregates: true,
      xType: () => "nominal",
    },
    histogram: {
      ...PLAIN,
      uses: ["color", "facet"],
      aggregates: true,
      ready: keepOneY,
      labels() {},
      title: (chart, names) => names,
    },
    parallel: {
      ...PLAIN,
      uses: ["facet"],
      ready: addYs,
      layer: drawVersions,
      labels: labelParallel,
      title: (chart, names) => names + " of the versions",
      height: 260,
      width: (chart) => 92 * chart.y.length, /* names of axes need room beside each other */
      titleOffset: 26, /* the axes have their greatest values above them */
    },
    heat: {
      ...PLAIN,
      uses: ["x", "color", "facet"],
      aggregates: true,
      colours: offered.size,
      ready: colourByNumber,
      xType: (field) => (measured(field) ? field.type : "ordinal"),
      layer: colourCells,
      labels() {},
    },
  };

  /* --- choices ----------------------------------------------------------------------------------------------------- */

  /* The fields that could be a further Y. */
  const otherYs = (chart, data) => fieldsOf(data).filter((field) => offered.y(field) && !chart.y.includes(field.id));

  function keepOneY(chart) { chart.y = chart.y.slice(0, 1); }

  /* Parallel coordinates start with several metrics. */
  function addYs(chart, data) {
    if (chart.y.length < 2) chart.y.push(...otherYs(chart, data).slice(0, 4).map((field) => field.id));
  }

  /* A heat map is coloured by a number: of those that are not its Y, the one that most versions have. */
  function colourByNumber(chart, data) {
    const fields = otherYs(chart, data);
    keepOneY(chart);
    const coloured = fieldsOf(data).some((field) => field.id === chart.color && measured(field));
    if (coloured || !fields.length) return;
    const counts = fields.map((field) => given(data, field));
    chart.color = fields[counts.indexOf(Math.max(...counts))].id;
  }

  /* --- lines and bars ---------------------------------------------------------------------------------------------- */

  const CLOSE = 60; /* points of a line that would run into each other */

  function shrinkPoints({ mark }, chart, { rows }) {
    if (mark.type === "point" && rows.length > CLOSE * countOf(rows, "series")) mark.size = 8;
  }

  /* Bars of several versions at one place stand beside each other, in their order. */
  const crowded = (rows) => new Set(rows.map(({ x, series, facet }) => JSON.stringify([x, series, facet]))).size < rows.length;
  function rankRows(rows) {
    if (!crowded(rows)) return rows;
    const counts = new Map();
    return rows.map((row) => {
      const place = JSON.stringify([row.x, row.facet]), rank = counts.get(place) || 0;
      counts.set(place, rank + 1);
      return { ...row, rank };
    });
  }
  function placeBars({ encoding }, chart, { rows }) {
    const { x } = encoding;
    if (encoding.xOffset && crowded(rows)) encoding.xOffset = { field: "rank", type: "ordinal" };
    if (chart.sort && x && x.field === "x") {
      x.sort = { field: "y", op: "mean", order: chart.sort === "down" ? "descending" : "ascending" };
    }
  }

  /* --- heat maps --------------------------------------------------------------------------------------------------- */

  /* A cell shows the mean of a number, else how many versions are in it. */
  function colourCells({ encoding: { x, color, tooltip } }, chart, { color: field }) {
    if (x && x.field === "x" && measured(x)) x.bin = { maxbins: 12 };
    if (field && measured(field)) {
      color.title = "mean " + field.title;
      return;
    }
    color.title = "versions";
    color.aggregate = "count";
    delete color.field;
    tooltip.pop();
  }

  /* --- parallel coordinates ---------------------------------------------------------------------------------------- */

  /* Lines have gaps where values are missing; those without names are too many to have colours of their own. */
  function drawVersions({ mark, encoding }, chart, { rows }, { accent }) {
    if (mark.type === "line") encoding.detail = [encoding.detail, { field: "part", type: "nominal" }];
    if (mark.type === "text" || hasNames(rows)) return;
    encoding.color = { value: accent };
    encoding.opacity = { value: 0.5 };
    delete encoding.strokeDash;
  }

  window.sitegen.chartTypes = TYPES;
})();
