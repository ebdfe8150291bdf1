/* Judges a pasted payload: check(text, {inputs, params}) with the signature as the API has it. Pure functions.

   {form, rows, values, rest, python, findings, marks, ignored, casts, unknown}
   rest, python: "accepted", "changed" (another value arrives), "refused", or "none" where there is nothing to judge by
   findings: [{column, where, sent, rest, python, why, more}], grouped: `more` counts the other places of the same fault
   marks: Map of column to its worst level over REST; ignored: names that the signature does not know
   casts: null, or {code, columns}: the line that makes Python accept the data; afterCasts: the verdict behind it */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { NDArray } = use.python;
  const { Refusal } = use.enforce;
  const { Issues, sentText, unravel } = use.issues;
  const { castsFor, losesValues } = use.casts;
  const { recognise, overREST, fromPython } = use.payload;
  const { compare, compareTensor, differCell } = use.differences;

  /* Differences between what was sent and what arrives. */
  function changes(outcomes, issues, form) {
    for (const outcome of outcomes) {
      if (!outcome) continue;
      const { name, spec, got, sent } = outcome;
      const tell = (where, value, why) => {
        const end = why.indexOf("arrives as "), kindOf = end < 0 ? why : why.slice(0, end);
        if (!issues.again("changed", name, kindOf)) issues.add("changed", name, where(), sentText(value), why, kindOf);
      };
      if (got instanceof NDArray) {
        const { shape } = use.arrays.shapeOf(sent);
        compareTensor(sent, got, spec.dtype, (place, value, why) => tell(() => issues.place(name, null, unravel(place, shape)), value, why));
        continue;
      }
      if (sent.length !== got.length) {
        tell(() => issues.place(name, null), sent.find((value) => value !== undefined), `${sent.length} items were sent, ${got.length} arrive`);
        continue;
      }
      const label = (row, path) => issues.place(name, got.length > 1 ? row : null, path);
      got.forEach((value, row) => {
        if (form !== "CSV") {
          return compare(sent[row], value, spec.type, "", (path, item, why) => tell(() => label(row, path), item, why));
        }
        const why = differCell(sent[row], value, spec.type ? spec.type.name : "any");
        return why && tell(() => label(row), sent[row], why);
      });
    }
  }

  /* One route: {verdict, issues, data}. */
  function route(read, found, schema, params) {
    const issues = new Issues(schema && schema.tensors);
    let given = null, outcomes = [];
    try {
      given = read(found, schema, params, issues);
      if (schema && !(given.data === null && issues.found.length)) {
        outcomes = use.schema.enforceSchema(given.data, given.raw, schema, issues);
      }
      outcomes = outcomes.concat(use.params.enforceParams(given.params, params, issues));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!issues.found.length) issues.refuse({ why: error.why, path: error.path });
    }
    changes(outcomes, issues, found.form); /* where something is refused, too: a caller wants to see all at once */
    found.huge.forEach((text) => issues.add("changed", null, "payload", text, "beyond the range of a double: arrives as Infinity"));
    const levels = Array.from(issues.groups.values(), (one) => one.level);
    const verdict = levels.includes("refused") ? "refused" : levels.includes("changed") ? "changed" : "accepted";
    return { verdict, issues, data: given && given.data, raw: given && given.raw };
  }

  /* --- the report --- */

  const WORSE = { accepted: 0, changed: 1, refused: 2 };

  /* The findings of both routes in one list: those over REST first, then what Python alone refuses or changes. */
  function merge(rest, python) {
    const groups = (one) => Array.from(one.issues.groups.values()), sameColumn = (a, b) => String(a.column) === String(b.column);
    const worst = (side, one) => groups(side).filter((item) => sameColumn(item, one))
      .reduce((level, item) => (WORSE[item.level] > WORSE[level] ? item.level : level), "accepted");
    const row = ({ column, where, sent, why, more }, levels) => ({ column, where, sent, why, more, ...levels });
    const findings = groups(rest).map((one) => row(one, { rest: one.level, python: worst(python, one) }));
    const told = (one) => findings.some((other) => sameColumn(other, one)
      && (other.why === one.why || (other.python === one.level && other.rest === one.level)));
    for (const one of python.issues.groups.values()) {
      if (!told(one)) {
        findings.push(row(one, { rest: worst(rest, one), python: one.level }));
      }
    }
    return findings;
  }

  function sizes(found, schema) {
    const { body, form } = found;
    if (form === "CSV") return { rows: body.rows.length, values: 0 };
    const list = form === "dataframe_split" && body instanceof Map ? body.get("data") : body;
    if (schema && schema.tensors) {
      let values = 0;
      const count = (value) => { if (Array.isArray(value)) for (const item of value) count(item); else values++; };
      if (list instanceof Map) list.forEach(count); else count(list);
      return { rows: 0, values };
    }
    if (Array.isArray(list)) return { rows: list.length, values: 0 };
    const column = list instanceof Map && Array.from(list.values()).find(Array.isArray);
    return { rows: column ? column.length : 1, values: 0 };
  }

  const refusal = (form, why) => ({
    form, rows: 0, values: 0, rest: "refused", python: "none", ignored: [], casts: null, afterCasts: null, marks: new Map(), unknown: [], bare: false,
    findings: [{ column: null, where: form, sent: "", rest: "refused", python: "none", why, more: 0 }],
  });

  function check(text, signature) {
    const schema = use.types.parseSchema(signature && signature.inputs), params = use.params.parseParams(signature && signature.params);
    const found = recognise(text);
    if (found.refused) return refusal(found.form, found.refused);
    const unreadable = (schema ? schema.unknown : []).concat((params || []).filter((one) => !one.type).map((one) => one.text));
    if (unreadable.length) return { ...refusal(found.form, ""), rest: "none", findings: [], unknown: unreadable };
    const rest = route(overREST, found, schema, params), python = route(fromPython, found, schema, params);
    const casts = castsFor(found, schema, python);
    const after = casts && route(() => ({ data: casts.data, raw: python.raw, params: found.params }), found, schema, params);
    const useful = after && after.verdict !== "refused" && !losesValues(after, casts);
    const marks = new Map();
    for (const { column, level } of rest.issues.groups.values()) {
      if (!marks.has(column) || WORSE[level] > WORSE[marks.get(column)]) marks.set(column, level);
    }
    return {
      form: found.form, ...sizes(found, schema), rest: rest.verdict, python: python.verdict, findings: merge(rest, python), marks, unknown: [],
      ignored: Array.from(new Set([...rest.issues.ignored, ...python.issues.ignored])),
      casts: useful ? { code: casts.code, columns: casts.columns } : null, afterCasts: useful ? after.verdict : null, bare: !schema,
    };
  }

  use.check = check;
})();
