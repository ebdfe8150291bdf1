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

  /* A line for each kind of caller, and one about what was judged. */
  function summary(found) {
    if (found.unknown.length) return [`Not checked: this page cannot judge the type ${found.unknown.join(", ")}.`];
    const line = (...parts) => make("span", { class: "use-line" }, ...parts);
    const note = found.bare && found.rest === "accepted" ? " in form; without a signature nothing else is checked" : "";
    const facts = [found.form, size(found), "as MLflow 3.18 judges"].filter(Boolean).join(", ");
    const python = found.python === "none" ? null : line("Python: ", ...fromPython(found));
    return [line("REST: ", badge(found.rest), note), python, make("small", { class: "use-line soft" }, facts)];
  }

  function fromPython(found) {
    if (!found.casts) return [badge(found.python)];
    const then = found.afterCasts === "accepted" ? "" : `; then ${WORDS[found.afterCasts][1]}`;
    return [make("span", { class: "use-changed" }, `◐ cast ${count(found.casts.columns.length, "input", "inputs")} first`), then];
  }

  /* Faults with the same verdicts in one row: those of one place and value, then those of several inputs. */
  function rowsOf(found) {
    const places = new Map(), rows = new Map();
    for (const one of found) {
      const key = JSON.stringify([one.where, one.sent, one.rest, one.python, one.more]), known = places.get(key);
      if (known) known.reasons.push(one.why);
      else places.set(key, { ...one, reasons: [one.why], name: one.column === null || one.column === undefined ? "" : String(one.column) });
    }
    for (const one of places.values()) {
      const rest = one.name && one.where.startsWith(one.name) ? one.where.slice(one.name.length) : null;
      const reasons = one.reasons.map((why) => general(why, one.name));
      const key = rest === null ? one : JSON.stringify([rest, one.rest, one.python, one.more, reasons]), known = rows.get(key);
      if (known) known.names.push(one.name);
      else rows.set(key, { ...one, rest: one.rest, suffix: rest, names: [one.name], general: reasons });
    }
    return Array.from(rows.values());
  }

  /* A reason without the name of its input, so that those of several can be equal. */
  function general(why, name) {
    if (why === `Model is missing inputs ['${name}'].`) return MISSING;
    return name ? why.replace(` for column ${name}.`, ".") : why;
  }

  const MISSING = "missing inputs";
  const list = (names, most) => names.slice(0, most).join(", ") + (names.length > most ? ` and ${(names.length - most).toLocaleString("en")} more` : "");

  function placeText(row) {
    if (row.names.length === 1) return row.where + (row.more ? ` and ${row.more.toLocaleString("en")} more` : "");
    return list(row.names, 8) + row.suffix + (row.more ? ` and ${row.more.toLocaleString("en")} more` : "");
  }

  function reasonTexts(row) {
    if (row.names.length === 1) return row.reasons;
    return row.general.map((why) => (why === MISSING ? `Model is missing inputs [${list(row.names.map((name) => `'${name}'`), 8)}].` : why));
  }

  function findings(found) {
    const head = ["Where", "Sent", "REST", "Python", "Why"].map((name) => make("th", { scope: "col" }, name)), all = rowsOf(found.findings);
    const rows = all.slice(0, SHOWN).map((one) => make("tr", {},
      make("td", {}, placeText(one)),
      make("td", {}, make("code", {}, one.sent)),
      make("td", {}, badge(one.rest, CELLS)),
      make("td", {}, badge(one.python, CELLS)),
      make("td", {}, reasonTexts(one).map((why) => make("div", {}, why)))));
    const more = all.length - SHOWN;
    const table = make("table", { class: "use-findings" }, make("caption", { class: "use-hidden" }, "Mismatches with the signature"),
      make("thead", {}, make("tr", {}, head)), make("tbody", {}, rows));
    const rest = more > 0 ? make("p", { class: "soft" }, `${count(more, "more kind", "more kinds")} not listed.`) : null;
    /* with the cast nothing is left to do: the reasons are for those who ask */
    if (!found.casts || found.rest !== "accepted" || found.afterCasts !== "accepted") return [table, rest];
    return [make("details", { class: "more" }, make("summary", {}, "Why Python needs a cast"), table, rest)];
  }

  function ignored(names) {
    if (!names.length) return null;
    const more = names.length > 8 ? ` and ${names.length - 8} more` : "";
    return make("p", { class: "soft" }, `Ignored, not in the signature: ${names.slice(0, 8).join(", ")}${more}.`);
  }

  function casts(found) {
    if (!found.casts) return [];
    const read = found.casts.columns.map(([name, , dtype]) => (name === null || typeof name === "bigint" ? dtype : `${name} as ${dtype}`)).join(", ");
    const code = make("div", { class: "code" }, make("pre", { tabindex: "0", role: "group", "aria-label": "Cast for Python" }, make("code", {}, found.casts.code)));
    window.sitegen.addCopy(code);
    return [
      code,
      make("p", { class: "soft" }, `From Python, cast first: the data is read with ${read}. MLflow casts for REST callers only.`),
    ];
  }

  /* What stands below the verdict. */
  function details(found) {
    return [...casts(found), ...(found.findings.length ? findings(found) : []), ignored(found.ignored)].filter(Boolean);
  }

  use.report = { summary, details, CELLS };
})();
