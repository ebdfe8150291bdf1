/* The choices of a chart: the standard ones, those that its type has a use for, and all of them as the text in the address. */
(function () {
  "use strict";
  const { fieldsOf, offered } = window.sitegen.chartFields;
  const types = window.sitegen.chartTypes;

  const UNUSED = { x: "version", color: "", size: "", facet: "", sort: "", baseline: "", logx: false, logy: false };

  const uses = (chart, name) => types[chart.type].uses.includes(name);

  /* A chart without the choices that its type has no use for; they come back with another type. */
  function inUse(chart) {
    const used = types[chart.type].uses.map((name) => [name, chart[name]]);
    return { ...UNUSED, ...Object.fromEntries(used), type: chart.type, y: chart.y, title: chart.title };
  }

  /* The chart that is drawn where nothing is chosen. */
  function standard(data) {
    const main = data.metrics.find((one) => one.key === data.main) || data.metrics[0];
    const type = data.models ? "bar" : "line"; /* no line leads from one model to another */
    return { ...UNUSED, type, y: main ? ["metrics." + main.key] : [], title: "", baseline: data.baseline || "" };
  }

  const CHOICES = ["type", "x", "color", "size", "facet", "sort", "baseline"];
  const SCALES = ["logx", "logy"];

  function toText(chart) {
    const parameters = new URLSearchParams();
    for (const name of [...CHOICES, "title"]) if (chart[name]) parameters.append(name, chart[name]);
    for (const y of chart.y) parameters.append("y", y);
    for (const name of SCALES) if (chart[name]) parameters.append(name, "1");
    return parameters.toString();
  }

  /* The chart that a text means on this page, and what of it is not available here. */
  function fromText(text, data) {
    const start = standard(data), lost = [];
    if (!text) return { chart: start, lost };
    const parameters = new URLSearchParams(text), allowed = allowedBy(data);
    const kept = (name, value) => {
      const known = allowed[name](value);
      if (!known) lost.push(value);
      return known;
    };
    const chart = { ...start, baseline: "", title: parameters.get("title") || "" };
    for (const name of CHOICES) {
      const value = parameters.get(name);
      if (value !== null && kept(name, value)) chart[name] = value;
    }
    const ys = parameters.getAll("y").filter((id) => kept("y", id));
    if (ys.length) chart.y = ys;
    for (const name of SCALES) chart[name] = parameters.get(name) === "1";
    return { chart, lost };
  }

  /* Which values each choice can have: those that the sentence offers. */
  function allowedBy(data) {
    const one = (test) => (value) => fieldsOf(data).some((field) => field.id === value && test(field));
    const fields = Object.entries(offered).map(([name, test]) => [name, one(test)]);
    return {
      ...Object.fromEntries(fields),
      type: (value) => Object.hasOwn(types, value),
      sort: (value) => value === "up" || value === "down",
      baseline: (value) => data.versions.some((version) => version.name === value),
    };
  }

  window.sitegen.chartState = { uses, inUse, standard, toText, fromText };
})();
