/* The verdict of the compare page: what callers of the baseline meet at each of the others. */
(function () {
  "use strict";
  const { make, reveal, levelLabel: verdict } = window.sitegen;
  const { compareSignatures, reasonOf, fixOf } = window.sitegen.compat;
  const { section, listed } = window.sitegen.compareParts;
  const { metricSentence } = window.sitegen;

  const signatureOf = ({ data, version }) => data.signatures[version.signature];

  /* A section with a verdict for each, and a sentence about its metrics; null where there is nothing to be judged. */
  function verdicts(choice, blocks) {
    if (choice.columns.length < 2) return null;
    const base = choice.columns[choice.base], name = choice.label(base);
    const judged = choice.columns.map((one, place) => ({
      one, label: choice.label(one), found: compareSignatures(signatureOf(base), signatureOf(one)), metrics: metricSentence(blocks, choice.base, place),
    })).filter(({ one }) => one !== base);
    const several = judged.length > 1, measured = several && judged.some(({ metrics }) => metrics);
    const rows = judged.map(({ label, found, metrics }) => make("tr", {}, make("th", { scope: "row", class: "one" }, name + " → " + label), judgement(found),
      measured ? make("td", {}, metrics) : null));
    const heads = ["Compared", "Python callers", "REST callers", "Readers of outputs", "Changes", measured ? "Metrics" : ""].filter(Boolean);
    const head = make("thead", {}, make("tr", {}, heads.map((text) => make("th", { scope: "col" }, text))));
    const table = make("table", { class: "loud" }, head, make("tbody", {}, rows));
    const help = (choice.sameModel() ? "Can callers of " + name + " call the others?" : "Can callers of " + name + " call the other models?")
      + " Inputs and params are judged by the rules that MLflow enforces, outputs by what code that reads them expects.";
    return section("verdict", "Compatibility", help, make("p", { class: "say" }, said(name, judged)),
      !several && judged[0].metrics ? make("p", {}, judged[0].metrics) : null,
      make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Compatibility" }, table));
  }

  function judgement(found) {
    const levels = [["Python", found.python], ["REST", found.rest], ["Readers", found.outputs]];
    return [...levels.map(([name, level]) => make("td", { "data-l": name }, verdict(level))), make("td", {}, changes(found))];
  }

  /* --- words ------------------------------------------------------------------------------------------------------- */

  /* The verdicts in one sentence. */
  function said(base, judged) {
    const names = (test) => judged.filter(({ found }) => test(found)).map(({ label }) => label);
    const has = (found, ...levels) => [found.python, found.rest].some((level) => levels.includes(level));
    const broken = names((found) => has(found, "breaking"));
    const unknown = names((found) => has(found, "unknown") && !has(found, "breaking"));
    const lossy = names((found) => has(found, "lossy") && !has(found, "breaking", "unknown"));
    const accepts = (found) => !has(found, "breaking", "unknown", "lossy"), differs = (found) => has(found, "behaviour") || found.outputs === "behaviour";
    const fine = names((found) => accepts(found) && !differs(found));
    const other = names((found) => accepts(found) && differs(found));
    const readers = names((found) => found.outputs === "breaking" && !has(found, "breaking"));
    const parts = [];
    const say = (labels, one, many) => { if (labels.length) parts.push(listed(labels) + " " + (labels.length === 1 ? one : many)); };
    say(broken, "breaks callers of " + base, "break callers of " + base);
    say(lossy, "ignores a part of what callers of " + base + " send", "ignore a part of what callers of " + base + " send");
    say(fine, "accepts every call of " + base, "accept every call of " + base);
    say(other, "accepts every call of " + base + ", but the result may differ", "accept every call of " + base + ", but the result may differ");
    if (unknown.length) parts.push("compatibility is unknown for " + listed(unknown));
    if (readers.length) parts.push("the output of " + listed(readers) + " breaks its readers");
    return parts.join("; ").replace(/^c/, "C") + ".";
  }

  function changes(found) {
    if (!found.changes.length) return make("span", { class: "soft" }, "none");
    const list = found.changes.map((change) => {
      const text = (value) => (value === null ? "not there" : reveal(value)), step = " " + text(change.old) + " → " + text(change.new);
      const fix = fixOf(change), why = sentence(reasonOf(change)) + (fix ? " " + sentence(fix) : "");
      const where = change.where ? make("code", {}, reveal(change.where)) : change.area;
      return make("li", {}, where, step, make("br"), make("span", { class: "soft" }, marked(why)));
    });
    const count = found.changes.length + (found.changes.length === 1 ? " change" : " changes");
    return make("details", { class: "more" }, make("summary", {}, count), make("ul", {}, list));
  }

  const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.?]$/.test(text) ? "" : ".");

  /* Names stand between backticks. */
  const marked = (text) => text.split(/`([^`]*)`/).map((part, number) => (number % 2 ? make("code", {}, part) : part));

  window.sitegen.verdicts = verdicts;
})();
