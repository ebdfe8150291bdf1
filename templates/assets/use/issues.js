/* What a route says of a payload: faults of one kind in one group, with the first place and a count of the others. Pure functions. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};

  const { shown } = use.differences;

  const plainName = (name) => String(name).toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

  function sentText(value) {
    if (value === undefined) return "missing";
    if (value instanceof Map) return "{…}";
    if (Array.isArray(value)) return value.length ? "[…]" : "[]";
    return value === null ? "null" : shown(value);
  }

  /* What reasons of one kind have in common: the words before the first value. */
  function reasonKind(why) {
    if (why.includes("properties")) return why;
    const end = why.search(/['"`\d]/);
    return end < 0 ? why : why.slice(0, end);
  }

  /* What one route says, faults of one kind in one group. */
  class Issues {
    constructor(array) { this.array = array; this.groups = new Map(); this.ignored = new Set(); }
    get found() { return Array.from(this.groups.values()).filter((one) => one.level === "refused"); }

    add(level, column, where, sent, why, kindOf) {
      const key = `${level}|${String(column)}|${kindOf || why}`;
      const known = this.groups.get(key);
      if (known) { known.more++; return; }
      this.groups.set(key, { level, column, where, sent, why, more: 0 });
    }
    /* Counts one more fault of a kind that is known already. */
    again(level, column, kindOf) {
      const known = this.groups.get(`${level}|${String(column)}|${kindOf}`);
      if (known) known.more++;
      return Boolean(known);
    }
    place(column, row, path) {
      const unnamed = this.array ? "array" : `column ${column}`;
      const parts = [column === undefined || column === null ? "" : typeof column === "bigint" ? unnamed : String(column)];
      if (row !== null && row !== undefined) parts.push(`row ${row + 1}`);
      if (path) parts.push(path);
      return parts.filter(Boolean).join(", ");
    }
    refuse({ column, row, sent, why, path }) {
      this.add("refused", column, this.place(column, row, path) || "payload", sentText(sent), why);
    }
    cells(column, { sent }, faults) {
      for (const [row, fault, path] of faults) {
        const kindOf = (path || "").replace(/\d+/g, "0") + (fault.kindOf || reasonKind(fault.why));
        if (!this.again("refused", column, kindOf)) {
          this.add("refused", column, this.place(column, sent.length > 1 ? row : null, path), sentText(sent[row]), fault.why, kindOf);
        }
      }
    }
    values(column, value, faults) {
      const { shape, leaves } = use.arrays.shapeOf(value);
      for (const [place, fault] of faults) {
        const kindOf = fault.kindOf || reasonKind(fault.why);
        if (!this.again("refused", column, kindOf)) {
          this.add("refused", column, this.place(column, null, unravel(place, shape)), sentText(leaves[place]), fault.why, kindOf);
        }
      }
    }
    column(column, { sent }, why) { this.add("refused", column, this.place(column, null), sentText(sent.find((value) => value !== null)), why); }
    absent(column, unknown) {
      const near = unknown.find((name) => plainName(name) === plainName(column));
      const caseOnly = near !== undefined && String(near).toLowerCase() === String(column).toLowerCase();
      const clue = near === undefined ? "" : ` You sent ${String(near)}: names are case-sensitive${caseOnly ? "" : ", and every sign counts"}.`;
      this.add("refused", column, String(column), "missing", `Model is missing inputs ['${column}'].${clue}`);
    }
    ignore(names) { names.forEach((name) => this.ignored.add(String(name))); }
  }

  function unravel(place, shape) {
    const path = [];
    let rest = place;
    for (let axis = shape.length - 1; axis >= 0; axis--) { path.unshift(rest % shape[axis]); rest = Math.floor(rest / shape[axis]); }
    return path.length ? `[${path.join(", ")}]` : "";
  }

  use.issues = { Issues, sentText, unravel };
})();
