/* The report of a checked payload as elements. Texts only: nothing that was pasted becomes markup. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const make = (tag, attributes, ...children) => window.sitegen.make(tag, attributes, ...children);

  const WORDS = { accepted: ["✓", "accepted"], changed: ["◐", "accepted, values changed"], refused: ["✕", "refused"], none: ["–", "not judged"] };
  const CELLS = { ...WORDS, changed: ["◐", "changed"] };
  const SHOWN = 30;

  const count = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
  const badge = (level, words) => make("span", { class: `use-${level}` }, `${(words || WORDS)[level][0]} ${(words || WORDS)[level][1]}`);

  function size(found) {
    if (found.values) return count(found.values, "value", "values");
    return found.rows ? count(found.rows, "row", "rows") : "";
  }

  /* The two verdicts in one line. */
  function summary(found) {
    if (found.unknown.length) return [`Not checked: this page cannot judge the type ${found.unknown.join(", ")}.`];
    const note = found.bare && found.rest === "accepted" ? " in form; without a signature nothing else is checked" : "";
    const cast = found.casts ? `; ${WORDS[found.afterCasts][1]} after a cast` : "";
    const facts = [found.form, size(found), "by MLflow 3.18"].filter(Boolean).join(", ");
    const python = found.python === "none" ? [] : [" Python ", badge(found.python), cast];
    return ["REST ", badge(found.rest), note, ...python, " ", make("small", { class: "soft" }, facts)];
  }

  function findings(found) {
    const head = ["Where", "Sent", "REST", "Python", "Why"].map((name) => make("th", { scope: "col" }, name));
    const rows = found.findings.slice(0, SHOWN).map((one) => make("tr", {},
      make("td", {}, one.where + (one.more ? ` and ${one.more.toLocaleString("en")} more` : "")),
      make("td", {}, make("code", {}, one.sent)),
      make("td", {}, badge(one.rest, CELLS)),
      make("td", {}, badge(one.python, CELLS)),
      make("td", {}, one.why)));
    const more = found.findings.length - SHOWN;
    return [
      make("table", { class: "use-findings" }, make("caption", { class: "use-hidden" }, "Mismatches with the signature"),
        make("thead", {}, make("tr", {}, head)), make("tbody", {}, rows)),
      more > 0 ? make("p", { class: "soft" }, `${count(more, "more kind", "more kinds")} not listed.`) : null,
    ];
  }

  function ignored(names) {
    if (!names.length) return null;
    const more = names.length > 8 ? ` and ${names.length - 8} more` : "";
    return make("p", { class: "soft" }, `Ignored, not in the signature: ${names.slice(0, 8).join(", ")}${more}.`);
  }

  function casts(found) {
    if (!found.casts) return [];
    const read = found.casts.columns.map(([name, , dtype]) => (name === null || typeof name === "bigint" ? dtype : `${name} as ${dtype}`)).join(", ");
    return [
      make("p", { class: "soft" }, `From Python, cast first: the data is read with ${read}. MLflow casts for REST callers only.`),
      make("pre", { tabindex: "0", role: "group", "aria-label": "Cast for Python" }, make("code", {}, found.casts.code)),
    ];
  }

  /* What stands below the verdict. */
  function details(found) {
    return [...(found.findings.length ? findings(found) : []), ignored(found.ignored), ...casts(found)].filter(Boolean);
  }

  use.report = { summary, details, CELLS };
})();
