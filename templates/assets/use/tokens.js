/* JSON as Python's json module reads it, and the cells of CSV as pandas reads them. Pure functions.
   A Python int is a BigInt, a Python float a number, so that 1 is not 1.0; an object is a Map, so that no key is special. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};

  const DIGITS = 4300; /* Python refuses to read longer integers */
  const DEEPEST = 900; /* Python's own limit is near 1,000 */
  const ESCAPES = { "\"": "\"", "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
  const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
  const SMALL = Array.from({ length: 1000 }, (_, value) => BigInt(value));
  const PLAIN = /[^"\\\u0000-\u001f]*/y;
  const SPACE = /[ \t\n\r]*/y;
  /** @type {[string, any][]} */
  const WORDS = [["null", null], ["true", true], ["false", false], ["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]];

  class SyntaxFault {
    constructor(what, text, at) {
      const before = text.slice(0, at);
      this.why = `${what}: line ${before.split("\n").length} column ${at - before.lastIndexOf("\n")}`;
    }
  }

  /* The value of a text, and the numbers in it that Python cannot hold: {value, huge: [text]}. Throws SyntaxFault. */
  function parseJSON(text) {
    const huge = [];
    let at = 0, depth = 0;
    const fail = (what, where) => { throw new SyntaxFault(what, text, where === undefined ? at : where); };
    const match = (pattern) => { pattern.lastIndex = at; return pattern.exec(text); };
    const space = () => {
      const code = text.charCodeAt(at);
      if (code === 32 || code === 10 || code === 13 || code === 9) { SPACE.lastIndex = at; SPACE.test(text); at = SPACE.lastIndex; }
    };

    function string() {
      const start = at++;
      let out = "";
      for (;;) {
        const plain = match(PLAIN)[0];
        out += plain;
        at += plain.length;
        const char = text[at];
        if (char === undefined) fail("Unterminated string starting at", start);
        if (char === "\"") { at++; return out; }
        if (char !== "\\") fail("Invalid control character at");
        out += escape();
      }
    }

    function escape() {
      const char = text[at + 1];
      if (char === "u") {
        const hex = text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) fail("Invalid \\uXXXX escape", at + 1);
        at += 6;
        return String.fromCharCode(parseInt(hex, 16));
      }
      if (char === undefined || !Object.hasOwn(ESCAPES, char)) fail("Invalid \\escape");
      at += 2;
      return ESCAPES[char];
    }

    function object() {
      const found = new Map();
      at++;
      space();
      if (text[at] === "}") { at++; return found; }
      for (;;) {
        if (text[at] !== "\"") fail("Expecting property name enclosed in double quotes");
        const key = string();
        space();
        if (text[at] !== ":") fail("Expecting ':' delimiter");
        at++;
        found.set(key, value()); /* the last of several equal keys counts, in the place of the first */
        if (text[at] === "}") { at++; return found; }
        if (text[at] !== ",") fail("Expecting ',' delimiter");
        at++;
        space();
      }
    }

    function array() {
      const found = [];
      at++;
      space();
      if (text[at] === "]") { at++; return found; }
      for (;;) {
        found.push(value());
        if (text[at] === "]") { at++; return found; }
        if (text[at] !== ",") fail("Expecting ',' delimiter");
        at++;
      }
    }

    /* A number from here on; undefined where there is none. */
    function number() {
      const start = at;
      let end = at, code = text.charCodeAt(end), whole = true;
      while ((code >= 48 && code <= 57) || code === 45 || code === 46 || code === 43 || code === 101 || code === 69) {
        if (code > 57 || code === 46) whole = false;
        code = text.charCodeAt(++end);
      }
      if (end === start) return undefined;
      let digits = text.slice(start, end);
      if (whole && end - start < 4 && digits.charCodeAt(0) !== 45 && digits.charCodeAt(0) !== 43 && !digits.includes("-") && !digits.includes("+")) {
        if (digits.length === 1 || digits.charCodeAt(0) !== 48) { at = end; return SMALL[Number(digits)]; }
      }
      const found = match(NUMBER);
      if (!found) return undefined;
      digits = found[0];
      at += digits.length;
      if (!found[1] && !found[2]) {
        if (digits.length - (digits[0] === "-" ? 1 : 0) > DIGITS) {
          fail(`Exceeds the limit (${DIGITS} digits) for integer string conversion`);
        }
        return BigInt(digits);
      }
      const decimal = Number(digits);
      if (!Number.isFinite(decimal)) huge.push(digits);
      return decimal;
    }

    function word() {
      for (const [name, meaning] of WORDS) {
        if (text.startsWith(name, at)) { at += name.length; return meaning; }
      }
      return fail("Expecting value");
    }

    function value() {
      space();
      const char = text[at];
      let found;
      if (char === "\"") found = string();
      else if (char === "{" || char === "[") {
        if (++depth > DEEPEST) fail("Nested too deeply");
        found = char === "{" ? object() : array();
        depth--;
      } else {
        found = number();
        if (found === undefined) found = word();
      }
      space();
      return found;
    }

    if (text.startsWith("\ufeff")) at = 1; /* the server decodes bytes, with or without this mark */
    const root = value();
    if (at < text.length) fail("Extra data");
    return { value: root, huge };
  }

  /* The rows of a CSV text as lists of cell texts, blank lines left out. Throws SyntaxFault. */
  function parseCSV(text) {
    const rows = [];
    let row = [], at = 0, quoted = false; /* whether the row has a quoted cell: then it is not blank */
    while (at < text.length) {
      let cell;
      if (text.charCodeAt(at) === 34) {
        quoted = true;
        [cell, at] = quotedCell(text, at);
      } else {
        const end = endOfCell(text, at);
        cell = text.slice(at, end);
        at = end;
      }
      row.push(cell);
      if (text.charCodeAt(at) === 44) {
        at++;
        if (at < text.length) continue;
        row.push("");
      }
      if (row.length > 1 || quoted || cell.trim()) rows.push(row);
      if (text[at] === "\r" && text[at + 1] === "\n") at++;
      at++;
      row = [];
      quoted = false;
    }
    return rows;
  }

  function endOfCell(text, start) {
    let at = start, code = text.charCodeAt(at);
    while (code !== 44 && code !== 10 && code !== 13 && at < text.length) code = text.charCodeAt(++at);
    return at;
  }

  /* A cell that starts with a quote, with what follows its closing quote; and where it ends. */
  function quotedCell(text, start) {
    let at = start + 1, cell = "";
    for (;;) {
      const end = text.indexOf("\"", at);
      if (end < 0) throw new SyntaxFault("Error tokenizing data. EOF inside string", text, text.length);
      cell += text.slice(at, end);
      at = end + 1;
      if (text[at] !== "\"") break;
      cell += "\"";
      at++;
    }
    const end = endOfCell(text, at);
    return [cell + text.slice(at, end), end];
  }

  use.tokens = { parseJSON, parseCSV, SyntaxFault };
})();
