/* The verdict of the compare page: what callers of the baseline meet at each of the others. */
(function () {
  "use strict";
  const { make, own } = window.sitegen;
  const { missing } = window.sitegen.chartFields;
  const { section, listed } = window.sitegen.compareParts;

  const GLYPHS = { breaking: "✕ ", lossy: "◐ ", behaviour: "≈ ", safe: "✓ ", unknown: "? " };
  /* People read "compatible" where the API says "safe". */
  const word = (level) => (level === "safe" ? "compatible" : level);
  const verdict = (level) => make("span", { class: "v v-" + level }, GLYPHS[level] + word(level));

  const NOT_JUDGED = "Not judged beforehand; run sitegen compare on the two folders.";

  /* A section with a verdict for each; null where there is nothing to be judged. */
  function verdicts(choice) {
    if (choice.columns.length < 2) return null;
    const base = choice.columns[choice.base], others = choice.columns.filter((one) => one !== base);
    if (!choice.sameModel()) return commands(base, others);
    const judged = others.map((one) => [one, own(base.data.verdicts, base.version.signature + " " + one.version.signature)]);
    const rows = judged.map(([one, found]) => {
      const step = make("th", { scope: "row", class: "one" }, base.version.label + " → " + one.version.label);
      return make("tr", {}, step, found ? judgement(found) : make("td", { colspan: "4", class: "soft" }, NOT_JUDGED));
    });
    const heads = ["Step", "Python callers", "REST callers", "Readers of outputs", "Changes"];
    const head = make("thead", {}, make("tr", {}, heads.map((text) => make("th", { scope: "col" }, text))));
    const table = make("table", { class: "loud" }, head, make("tbody", {}, rows));
    const help = "Can a caller written for " + base.version.label + " keep calling? Inputs and params are judged by the rules that "
      + "MLflow enforces, outputs by what their readers need.";
    return section("verdict", "Verdict", help, make("p", { class: "say" }, said(base, judged)),
      make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Verdicts" }, table));
  }

  function judgement(found) {
    return [...[found.python, found.rest, found.outputs].map((level) => make("td", {}, verdict(level))), make("td", {}, changes(found))];
  }

  /* Versions of different models are not judged; a command can do it. */
  function commands(base, others) {
    const known = others.filter((one) => one.version.path !== null && base.version.path !== null);
    const lines = known.map((one) => "sitegen compare " + quoted(base.version.path) + " " + quoted(one.version.path));
    const text = "These are versions of different models: what differs is shown below, without a verdict.";
    const how = " To judge two model folders as if one replaced the other, in the registry's folder:";
    const code = make("pre", { tabindex: "0", "aria-label": "Commands" }, make("code", {}, lines.join("\n")));
    return section("verdict", "Verdict", null, make("p", {}, text, lines.length ? how : null), lines.length ? code : null);
  }

  /* --- words ------------------------------------------------------------------------------------------------------- */

  /* The verdicts in one sentence. */
  function said(base, judged) {
    const callers = (found) => [found.python, found.rest];
    const names = (test) => judged.filter(([, found]) => found && test(found)).map(([one]) => one.version.label);
    const meets = (found, ...levels) => callers(found).some((level) => levels.includes(level));
    const broken = names((found) => meets(found, "breaking"));
    const unknown = names((found) => meets(found, "unknown") && !meets(found, "breaking"));
    const lossy = names((found) => meets(found, "lossy") && !meets(found, "breaking", "unknown"));
    const fine = names((found) => callers(found).every((level) => level === "safe" || level === "behaviour"));
    const readers = names((found) => found.outputs === "breaking" && !meets(found, "breaking"));
    const parts = [];
    const say = (labels, one, many) => { if (labels.length) parts.push(listed(labels) + " " + (labels.length === 1 ? one : many)); };
    say(broken, "breaks callers of " + base.version.label, "break callers of " + base.version.label);
    say(lossy, "drops something that they send", "drop something that they send");
    say(fine, "takes every call of " + base.version.label, "take every call of " + base.version.label);
    if (unknown.length) parts.push("nobody can say for " + listed(unknown));
    if (readers.length) parts.push("the output of " + listed(readers) + " breaks its readers");
    return parts.length ? parts.join("; ") + "." : "Nothing was judged.";
  }

  function changes(found) {
    if (!found.changes.length) return make("span", { class: "soft" }, "none");
    const list = found.changes.map((change) => {
      const step = " " + (change.old ?? missing()) + " → " + (change.new ?? missing());
      const why = sentence(change.reason) + (change.fix ? " " + sentence(change.fix) : "");
      const where = change.where ? make("code", {}, change.where) : change.area;
      return make("li", {}, where, step, make("br"), make("span", { class: "soft" }, marked(why)));
    });
    const count = found.changes.length + (found.changes.length === 1 ? " change" : " changes");
    return make("details", { class: "more" }, make("summary", {}, count), make("ul", {}, list));
  }

  const quoted = (text) => (/^[\w./@%+=:,-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\\''") + "'");
  const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.?]$/.test(text) ? "" : ".");

  /* Names stand between backticks. */
  const marked = (text) => text.split(/`([^`]*)`/).map((part, number) => (number % 2 ? make("code", {}, part) : part));

  window.sitegen.verdicts = verdicts;
})();
