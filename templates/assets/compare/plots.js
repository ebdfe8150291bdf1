/* The charts of the compare page that are there at once, in print too: the values of some metrics along a line each. */
(function () {
  "use strict";
  const { make } = window.sitegen;
  const { numeric, digitsOf, shownNumber } = window.sitegen.numbers;
  const { bestOf } = window.sitegen.compareRows;

  const MAX_CHARTS = 6;
  const MAX_LINES = 12; /* versions that have a line each; more are points on one line */
  const SPACE = "http://www.w3.org/2000/svg";

  const metricRows = (blocks) => (blocks.find(([title]) => title === "Metrics") || ["", []])[1];

  /* Whether at least two of the versions have a number for the same metric. */
  const common = (blocks) => metricRows(blocks).some((row) => row.values.filter(numeric).length > 1);

  /* A chart for each of the metrics that differ, the main metric first; none where no metric can be drawn. */
  function plots(choice, blocks) {
    const rows = metricRows(blocks);
    const { main } = choice.columns[0].data, weight = ({ name, direction }) => (name === main ? 0 : direction ? 1 : 2);
    const differing = rows.filter((row) => new Set(row.values.filter(numeric).map(Number)).size > 1);
    return differing.sort((a, b) => weight(a) - weight(b)).slice(0, MAX_CHARTS).map((row) => chart(choice, row));
  }

  function chart(choice, row) {
    const places = choice.columns.map((_, place) => place).filter((place) => numeric(row.values[place]));
    const values = places.map((place) => Number(row.values[place])), low = Math.min(...values), high = Math.max(...values);
    const at = (place) => (high / 2 === low / 2 ? 50 : 3 + 94 * ((Number(row.values[place]) / 2 - low / 2) / (high / 2 - low / 2)));
    const better = row.direction ? " " + row.direction + " is better" : "";
    const caption = make("figcaption", {}, make("code", {}, row.name), make("span", { class: "soft" }, better));
    const drawing = { choice, row, places, at, best: bestOf(row), digits: digitsOf(row.values) };
    return make("figure", {}, caption, places.length > MAX_LINES ? strip(drawing, low, high) : lines(drawing));
  }

  /* A line a version, with its value; a dashed mark is the value of the baseline. */
  function lines({ choice, row, places, at, best, digits }) {
    const { base, columns } = choice, mark = places.includes(base) ? at(base) : null;
    return make("ul", { class: "lines" }, places.map((place) => {
      const elsewhere = row.datasets && row.datasets[place] !== row.datasets[base];
      const note = best.has(place) ? " best" : elsewhere ? " other dataset" : place === base && columns.length > 1 ? " baseline" : "";
      const track = drawn([line(0, 100, "ax"), mark === null ? null : upright(mark), dot(at(place), best.has(place) ? "dot" : "ring")]);
      const value = make("span", {}, shownNumber(row.values[place], digits), make("span", { class: "d" }, note));
      return make("li", {}, make("span", { class: "named", title: choice.label(columns[place]) }, choice.label(columns[place])), track, value);
    }));
  }

  /* All versions as points of one line, between the least and the greatest value. */
  function strip({ choice, row, places, at, best, digits }, low, high) {
    const points = places.map((place) => {
      const point = dot(at(place), best.has(place) ? "dot" : "ring"), title = document.createElementNS(SPACE, "title");
      title.textContent = choice.label(choice.columns[place]) + ": " + shownNumber(row.values[place], digits);
      point.append(title);
      return point;
    });
    const ends = [low, high].map((value) => make("span", {}, shownNumber(value, digits)));
    return make("div", { class: "strip" }, ends[0], drawn([line(0, 100, "ax"), ...points]), ends[1]);
  }

  /* --- shapes; places are percentages of the width ---------------------------------------------------------------- */

  function shape(name, attributes) {
    const element = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    return element;
  }
  function drawn(shapes) {
    const picture = shape("svg", { width: "100%", height: 14, "aria-hidden": "true" });
    picture.append(...shapes.filter(Boolean));
    return picture;
  }
  const line = (from, to, name) => shape("line", { x1: from + "%", x2: to + "%", y1: 7, y2: 7, class: name });
  const upright = (place) => shape("line", { x1: place + "%", x2: place + "%", y1: 0, y2: 14, class: "ln2" });
  const dot = (place, name) => shape("circle", { cx: place + "%", cy: 7, r: 4, class: name });

  Object.assign(window.sitegen, { comparePlots: plots, commonMetrics: common });
})();
