/* The cells of a version's row, as templates/model.html draws them. */
(function () {
  "use strict";
  const { make, numbers, letters, levelLabel: verdict, versions } = window.sitegen;
  const { data, valueOf, metric, referenceOf } = versions;
  const MAX_TEXT = 40;

  const soft = (...parts) => make("span", { class: "soft" }, ...parts);
  const under = (...parts) => make("small", { class: "u" }, ...parts); /* the second line of a cell */
  const time = (row) => (row.created ? make("time", { datetime: row.created }, row.created.slice(0, 10)) : "");
  const folderOf = (row) => data.folder + encodeURIComponent(row.folder) + "/index.html";

  function versionCell(row) {
    const aliases = row.aliases.flatMap((alias) => [" ", make("span", { class: "al" }, alias)]);
    const second = row.run || row.created ? under(row.run, row.run && row.created ? " · " : "", time(row)) : null;
    return make("th", { scope: "row" }, make("a", { href: folderOf(row) }, row.label), aliases, row.stage ? [" ", soft(row.stage)] : null, second);
  }

  /* A verdict in words, as templates/parts/judged.html writes it. */
  function judged([python, rest, outputs]) {
    const apart = outputs !== "safe" && !(outputs === python && outputs === rest), comma = apart ? "," : "";
    const callers = python !== rest ? [" ", soft("Python" + comma), " ", verdict(rest), " ", soft("REST" + comma)] : apart ? [" ", soft("calls,")] : [];
    return [verdict(python), callers, apart ? [" ", verdict(outputs), " ", soft("outputs")] : null].flat();
  }

  /* A verdict and its causes in few words, as templates/parts/step.html writes them. */
  function step([levels, causes, others]) {
    const texts = causes.flatMap(([text, names, more], place) => [
      " " + text, ...names.flatMap((name, number) => [number ? ", " : " ", make("code", {}, name)]),
      more ? " and " + letters.number(more) + " more" : "", place < causes.length - 1 || others ? ";" : "",
    ]);
    const rest = others ? [" ", soft(letters.plural(others, "other change"))] : levels || texts.length ? null : soft("no change");
    return [levels ? [judged(levels), texts.length ? ":" : ""].flat() : null, texts, rest].flat();
  }

  function effectCell(row) {
    if (!row.step) return [soft("first version")];
    const { baseline, rows } = data, newer = baseline && row.place > baseline.place, previous = rows[row.place - 1];
    return [step(row.step), under((data.judged ? "vs " : "from ") + (newer ? baseline.name : previous.label), row.beside ? ["; vs " + previous.label + ": ", judged(row.beside)].flat() : null)].flat();
  }

  function metricCell(row, key, from) {
    const value = valueOf(row, "metrics", key);
    if (value === undefined) return [soft("not logged")];
    const { digits, best } = metric(key), isBest = best.has(row.place), dataset = valueOf(row, "datasets", key);
    const shown = make("data", { value, title: value + (dataset ? " on " + dataset : ""), class: isBest ? "best" : null }, numbers.shownNumber(value, digits));
    const change = changeOf(row, key, from);
    return [shown, isBest ? make("span", { class: "vh" }, " best") : null, change ? under(change) : null];
  }

  /* How a metric differs from that of the reference, in words; empty where nothing can be said. */
  function changeOf(row, key, from) {
    if (from === "baseline" && data.baseline && row.place === data.baseline.place) return "baseline";
    const before = referenceOf(row, from), value = valueOf(row, "metrics", key), old = before && valueOf(before, "metrics", key);
    if (old === undefined) return "";
    if (valueOf(row, "datasets", key) !== valueOf(before, "datasets", key)) return "other dataset";
    if (!Number.isFinite(value) || !Number.isFinite(old)) return "";
    const difference = value - old, { digits, direction } = metric(key);
    if (difference === 0) return "0";
    const word = direction ? ((difference > 0) === (direction === "lower") ? " worse" : " better") : "";
    return numbers.shownChange(difference, digits) + word;
  }

  const cut = (text) => Array.from(text).slice(0, MAX_TEXT).join("");
  const textCell = (value) => (value ? [cut(value)] : [soft("none")]);
  /* The value of a param or tag. */
  const loggedCell = (value) => (value ? [cut(value)] : [soft(value === undefined ? "not logged" : "empty string")]);

  function problemCell(row) {
    if (!row.problems) return [];
    return [make("a", { href: folderOf(row) + "#problems", "aria-label": letters.plural(row.problems, "problem") + " of " + row.label }, String(row.problems))];
  }

  Object.assign(versions, { versionCell, effectCell, metricCell, textCell, loggedCell, problemCell, time });
})();
