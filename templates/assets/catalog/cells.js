/* The cells of a row, as templates/parts/catalog_row.html draws them. */
(function () {
  "use strict";
  const { catalog, make, levelWord } = window.sitegen;
  const { data, number, plural, marked } = catalog;
  const SVG = "http://www.w3.org/2000/svg";

  const small = (...parts) => make("small", {}, ...parts);
  const soft = (...parts) => make("span", { class: "soft" }, ...parts);
  const under = (...parts) => make("small", { class: "u" }, ...parts); /* the second line of a cell */
  const time = (row) => (row.updated ? make("time", { datetime: row.updated }, row.updated) : "");
  const folderOf = (row) => data.up + "models/" + encodeURIComponent(row.slug) + "/";
  const arrow = (direction) => (direction ? soft({ lower: "↓", higher: "↑" }[direction]) : null);

  function latestCell(row) {
    if (!row.version) return [soft("no version"), under(time(row))];
    const total = row.versions > 1 ? small(" of " + number(row.versions) + (row.kind === "logged" ? " logged" : "")) : null;
    return [make("a", { href: folderOf(row) + encodeURIComponent(row.folder) + "/index.html" }, row.label), total, under(time(row))];
  }

  function changeCell(row) {
    if (!row.verdict) return [soft(row.kind === "logged" ? "no comparison" : row.versions ? "first version" : "")];
    const [level, python, rest, outputs, against, compare] = row.verdict, word = levelWord(level);
    const title = "against " + against + ": " + levelWord(python) + " for Python callers, " + levelWord(rest) + " for REST callers, " + levelWord(outputs) + " for readers of the output";
    const attributes = { class: "v v-" + level };
    const text = compare ? make("a", { ...attributes, href: folderOf(row) + compare }, word) : make("span", attributes, word);
    return [line(level, title), " ", text, " ", under("vs " + against)];
  }

  /* Two beads and the line between them. */
  function line(level, title) {
    const draw = (tag, attributes) => {
      const element = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      return element;
    };
    const svg = draw("svg", { class: "line l-" + level, width: "34", height: "10", viewBox: "0 0 34 10", role: "img", "aria-label": title }), label = draw("title", {});
    label.textContent = title;
    svg.append(label, draw("path", { d: level === "behaviour" ? "M7 5h4q3-7 6 0t6 0h4" : "M7 5H27" }), draw("circle", { cx: "4", cy: "5", r: "3" }), draw("circle", { cx: "30", cy: "5", r: "3" }));
    if (level === "breaking") svg.append(draw("path", { class: "cut", d: "M13.5 1.5l7 7m0-7l-7 7" }));
    return svg;
  }

  /* A link to a version: its label, or label and folder. */
  function versionLink(row, version, ...text) {
    const folder = Array.isArray(version) ? version[1] : version.slice(1);
    return make("a", { href: folderOf(row) + encodeURIComponent(folder) + "/index.html", "data-name": "open " + row.slug + " " + folder }, ...text);
  }

  function aliasCell(row, words) {
    const named = (names) => names.flatMap((name) => [" ", make("span", { class: "al" }, marked(name, words))]);
    return row.aliases.map(({ link, label, names }) => make("span", { class: "one" }, versionLink(row, link, small(label), ...named(names))));
  }

  function metricCell(row) {
    if (!row.metric) return [];
    const [key, direction] = row.metric;
    return [make("data", { value: row.exact, title: row.exact }, row.value), make("small", { class: "u", title: key.length > 14 ? key : null }, key, " ", arrow(direction))];
  }

  function signatureCell(row) {
    const { kind, arity } = data.signatures[row.signature];
    return arity ? [arity, make("small", { class: kind === "columns" ? "u usual" : "u" }, kind)] : row.version ? [soft("none")] : [];
  }

  function problemCell(row) {
    const { errors, warnings, notes } = row, others = [errors && warnings ? plural(warnings, "warning") : "", notes ? plural(notes, "note") : ""].filter(Boolean);
    const worst = errors ? make("span", { class: "v v-error" }, "✕ " + plural(errors, "error")) : warnings ? make("span", { class: "v v-warning" }, "! " + plural(warnings, "warning")) : null;
    return [worst, others.length ? under(others.join(", ")) : null];
  }

  Object.assign(catalog, { latestCell, changeCell, aliasCell, metricCell, signatureCell, problemCell, versionLink, soft, time, folderOf });
})();
