/* What of a model's versions can be drawn: their fields, and the rows of a chart. */
(function () {
  "use strict";
  const { own } = window.sitegen;
  const { numeric } = window.sitegen.numbers;
  const { label } = window.sitegen.chartLabels;

  /* --- values ------------------------------------------------------------------------------------------------------ */

  const number = (value) => (numeric(value) ? Number(value) : null);

  const column = (data, field) => data[field.kind].find((one) => one.key === field.key).values;

  function valueOf(data, field, place) {
    if (field.id === "version") return data.versions[place].label;
    if (field.id === "model") return data.models[place];
    if (field.id === "time") return data.versions[place].created || null;
    const value = column(data, field)[place];
    return measured(field) ? number(value) : value;
  }

  /* --- fields: {id, title, type}, and {key, kind, direction} where the values are those of a key -------------------------------- */

  /* What stands where a version has no value of a kind: runs log, files state. */
  const LOGGED = ["metrics", "params", "files"];
  const missing = (kind) => (LOGGED.includes(kind) ? "not logged" : "not stated");

  const KINDS = ["metrics", "params", "tags"];
  const measured = (field) => field.type === "quantitative";
  /* The name of a field without its kind. */
  const bare = (id) => id.replace(/^(metrics|params|tags)\./, "");

  /* Whether a choice can be a field. A step is nothing that a whole version has. */
  const ofVersion = (field) => field.id !== "step";
  const offered = {
    x: () => true,
    y: (field) => field.kind === "metrics" || (field.kind === "params" && measured(field)),
    color: ofVersion,
    size: (field) => measured(field) && ofVersion(field),
    facet: (field) => field.type === "nominal",
  };

  const known = new WeakMap();
  function fieldsOf(data) {
    if (!known.has(data)) known.set(data, [...commonFields(data), ...keyedFields(data)]);
    return known.get(data);
  }

  function commonFields(data) {
    const found = [{ id: "version", title: "version", type: "ordinal" }];
    if (data.models) found.push({ id: "model", title: "model", type: "nominal" });
    found.push({ id: "time", title: "time", type: "temporal" });
    if (data.steps) found.push({ id: "step", title: "step", type: "quantitative" });
    return found;
  }

  function keyedFields(data) {
    const entries = KINDS.flatMap((kind) => data[kind].map((entry) => ({ kind, entry })));
    const times = new Map();
    for (const { entry } of entries) times.set(entry.key, (times.get(entry.key) || 0) + 1);
    return entries.map(({ kind, entry }) => keyedField(kind, entry, times.get(entry.key) > 1));
  }

  /* The field of a key; its title says the kind where kinds `share` the key. */
  function keyedField(kind, { key, values, direction }, share) {
    const told = values.filter((value) => value !== null);
    const numbers = kind === "metrics" || (told.length > 0 && told.every(numeric));
    const title = share ? key + " (" + kind.slice(0, -1) + ")" : key || "(no name)";
    return { id: kind + "." + key, key, title, type: numbers ? "quantitative" : "nominal", kind, direction };
  }

  /* How many versions have a value of a field. */
  const given = (data, field) => data.versions.filter((_, place) => valueOf(data, field, place) !== null).length;

  /* --- rows -------------------------------------------------------------------------------------------------------- */

  /* The rows of a chart, how many points had to be left out because they have no place on its axes, and the fields of
     its choices. */
  function rowsOf(chart, data, places, histories) {
    const field = (id) => fieldsOf(data).find((one) => one.id === id) || null;
    const shown = { x: field(chart.x), color: field(chart.color), size: field(chart.size), facet: field(chart.facet) };
    const ofSteps = (y) => stepPoints(y, chart, data, places, histories);
    const ofVersions = (y) => versionPoints(y, shown.x, data, places);
    const ys = chart.y.map(field).filter(Boolean);
    const points = ys.flatMap(chart.x === "step" ? ofSteps : ofVersions);
    const logx = chart.logx && measured(shown.x);
    const gathered = GATHERED.includes(chart.type) && shown.color && measured(shown.color);
    const shaded = ({ place }) => !gathered || valueOf(data, shown.color, place) !== null;
    const drawn = points.filter((point) => fits(point.y, chart.logy) && fits(point.x, logx) && shaded(point));
    const baseline = data.versions.findIndex((version) => version.name === chart.baseline);
    const rows = drawn.map((point, order) => rowOf(point, order, data, shown, baseline));
    label(chart, rows, baseline < 0 ? "" : nameOf(data.versions[baseline]));
    return { rows, left: points.length - drawn.length, ys, ...shown };
  }

  const GATHERED = ["box", "histogram", "heat"]; /* types whose marks stand for many rows, all of them with a colour */
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

  /* What people call the version that others are held against. */
  const nameOf = (version) => [version.aliases.join(", ") || "baseline", version.label].join(" ");

  /* A point as the templates of charts take it. `baseline` is the place of the version that others are held against. */
  function rowOf(point, order, data, shown, baseline) {
    const { field, place, series, x, y } = point;
    const text = (one) => {
      const value = valueOf(data, one, place);
      return value === null && one.type === "nominal" ? missing(one.kind) : value;
    };
    const row = { label: data.versions[place].label, order, series, x, y };
    if (shown.color) row.color = text(shown.color);
    if (shown.size) row.size = text(shown.size);
    if (shown.facet) row.facet = String(text(shown.facet) ?? missing(shown.facet.kind));
    const line = baseline >= 0 ? valueOf(data, field, baseline) : null;
    if (line !== null) row.baseline = line;
    return row;
  }

  window.sitegen.chartFields = { missing, bare, measured, offered, fieldsOf, given, rowsOf };
})();
