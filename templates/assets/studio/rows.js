/* The rows of a chart: what its template in Python takes as data. */
(function () {
  "use strict";
  const { own } = window.sitegen;
  const { missing, measured, fieldsOf, column, number, valueOf } = window.sitegen.chartFields;
  const types = window.sitegen.chartTypes;
  const { fullNumber, digitsOf, shownNumber } = window.sitegen.numbers;
  const LETTER = 8, AXES = 160; /* pixels of a letter, and of what stands on both sides of the points */

  /* The rows of a chart of a width, how many points had to be left out because they have no place on its axes, and the fields of
     its choices. */
  function rowsOf(chart, data, places, histories, width) {
    const field = (id) => fieldsOf(data).find((one) => one.id === id) || null;
    const shown = { x: field(chart.x), color: field(chart.color), size: field(chart.size), facet: field(chart.facet) };
    const ofSteps = (y) => stepPoints(y, chart, data, places, histories);
    const ofVersions = (y) => versionPoints(y, shown.x, data, places);
    const ys = chart.y.map(field).filter(Boolean);
    const points = ys.flatMap(chart.x === "step" ? ofSteps : ofVersions);
    const logx = chart.logx && measured(shown.x);
    const type = types[chart.type], needsColour = type.aggregates && shown.color && measured(shown.color);
    const shaded = ({ place }) => !needsColour || valueOf(data, shown.color, place) !== null;
    const drawn = points.filter((point) => fits(point.y, chart.logy) && fits(point.x, logx) && shaded(point));
    const baseline = data.versions.findIndex((version) => version.name === chart.baseline);
    const rows = drawn.map((point, order) => rowOf(point, order, data, shown, baseline));
    type.labels(rows, chart, baseline < 0 ? "" : nameOf(data.versions[baseline]));
    if (chart.type === "line" && chart.x === "version" && ys.length === 1 && !shown.color && !shown.facet) markValues(rows, drawn, data, width);
    return { rows, left: points.length - drawn.length, ys, ...shown };
  }

  const fits = (value, log) => value !== null && (!log || value > 0);

  /* A point for each version that has a value. */
  function versionPoints(field, x, data, places) {
    const present = places.filter((place) => column(data, field)[place] !== null);
    const value = (one, place) => valueOf(data, one, place);
    return present.map((place) => ({ field, place, series: field.title, x: value(x, place), y: value(field, place) }));
  }

  /* A point for each step of each version; only metrics have steps. */
  function stepPoints(field, chart, data, places, histories) {
    const history = field.kind === "metrics" ? (histories || []).find((one) => one.key === field.key) : null;
    return places.flatMap((place) => {
      const series = stepSeries(field, chart, data.versions[place].label, places);
      const steps = own(history && history.points, String(place)) || [];
      return steps.map(([step, value]) => ({ field, place, series, x: step, y: number(value) }));
    });
  }

  function stepSeries(field, chart, label, places) {
    if (places.length < 2) return field.title;
    return chart.y.length > 1 ? field.title + " " + label : label;
  }

  /* The values beside the points of one line over versions, as the page's own chart has them: where there is no room for
     all, the best one's and the last one's. */
  function markValues(rows, points, data, width) {
    const best = bestOf(points, data), values = points.map(({ y }) => y), digits = digitsOf(values), last = rows.length - 1;
    const texts = values.map((value, place) => shownNumber(value, digits) + (place === best ? " best" : ""));
    const room = LETTER * (1 + Math.max(...texts.map((text) => text.length))), step = (width - AXES) / rows.length;
    rows.forEach((row, place) => {
      if (step < room && place !== best && (place !== last || (last - best) * step < room)) return;
      const before = values[place - 1] ?? -Infinity, after = values[place + 1] ?? -Infinity;
      row.mark = texts[place];
      row.mark_align = before <= values[place] && values[place] < after ? "right" : "center"; /* before a line that rises */
    });
  }

  /* The place of the newest point with the best value; -1 where nothing says which is better, or datasets differ. */
  function bestOf(points, data) {
    const { direction, key, kind } = points.length ? points[0].field : { direction: "", key: "", kind: "" };
    const entry = kind === "metrics" ? data.metrics.find((one) => one.key === key) : null, datasets = (entry && entry.datasets) || [];
    if (!direction || new Set(points.map(({ y }) => y)).size < 2 || new Set(points.map(({ place }) => datasets[place] ?? null)).size > 1) return -1;
    return points.reduce((best, { y }, place) => (best < 0 || (direction === "lower" ? y <= points[best].y : y >= points[best].y) ? place : best), -1);
  }

  /* What people call the version that others are held against. */
  const nameOf = (version) => [version.aliases.join(", ") || "baseline", version.label].join(" ");

  /* A point as the templates of charts take it. `baseline` is the place of the version that others are held against. */
  function rowOf(point, order, data, shown, baseline) {
    const { field, place, series, x, y } = point;
    const text = (one) => {
      const value = valueOf(data, one, place);
      return value === null && one.type === "nominal" ? missing() : value;
    };
    const row = { label: data.versions[place].label, order, series, x, y, value: fullNumber(y) };
    if (shown.color) row.color = text(shown.color);
    if (shown.size) row.size = text(shown.size);
    if (shown.facet) row.facet = String(text(shown.facet) ?? missing());
    const line = baseline >= 0 ? valueOf(data, field, baseline) : null;
    if (line !== null) row.baseline = line;
    return row;
  }

  window.sitegen.rowsOf = rowsOf;
})();
