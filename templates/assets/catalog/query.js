/* MLflow's search syntax, as sitegen/domain/filter.py reads it: text to conditions, or a fault that says where and why. */
(function () {
  "use strict";
  const { catalog } = window.sitegen;
  const { data, number, like, valueOf } = catalog;

  const CONDITION = /\s*(?:(?<kind>[A-Za-z_]+)\.)?(?:`(?<ticked>[^`]+)`|"(?<quoted>[^"]+)"|(?<bare>[^\s<>=!()'"`,]+))\s*(?<compare><=|>=|!=|=|<|>|\b(?:not\s+in|in|i?like|is\s+not\s+null|is\s+null)\b)\s*(?<value>'[^']*'|"[^"]*"|\(\s*'[^']*'(?:\s*(?:,\s*)?'[^']*')*\s*,?\)|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)?\s*/iy;
  const FIELD = /\s*(?:(?<kind>[A-Za-z_]+)\.)?(?:`(?<ticked>[^`]*)`?|"(?<quoted>[^"]*)"?|(?<bare>[^\s<>=!()'"`,]*))/y;
  const JOIN = /and\b/iy;
  const KINDS = { metrics: "metrics", metric: "metrics", params: "params", param: "params", parameters: "params", parameter: "params", tags: "tags", tag: "tags",
    model_tags: "model_tags", model_tag: "model_tags", inputs: "inputs", input: "inputs", attributes: "attributes", attribute: "attributes", attr: "attributes", run: "attributes" };
  const NUMBERS = ["version_number", "created", "start_time", "end_time"];
  const ATTRIBUTES = ["name", "version", "source_path", "stage", "run_id", "run_name", "experiment", "status", "user_id", "alias", "flavor", ...NUMBERS];
  const ORDER = ["<", "<=", ">", ">=", "=", "!="], TEXT_ORDER = ["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"];
  const WHAT = { metrics: "metric", params: "hyperparameter", tags: "tag", model_tags: "tag of a model", inputs: "input" };
  const PREFIXES = "metrics., params., tags., model_tags. or inputs.", LONG = 200; /* inputs of a signature in the first index */
  const STARTS = new RegExp("^\\s*(?:(?:" + Object.keys(KINDS).join("|") + ")\\.|(?:" + ATTRIBUTES.join("|") + ")\\s*(?:[=!<>]|(?:not|in|i?like|is)\\b))", "i");

  /* Why a text is no query: a place in it, a message, and repairs {text, label, note}. */
  class Fault extends Error {
    constructor(at, message, fixes) {
      super(message);
      this.at = at;
      this.fixes = fixes || [];
    }
  }

  const looksLikeQuery = (text) => STARTS.test(text);
  const isNumber = (kind, key) => kind === "metrics" || (kind === "attributes" && NUMBERS.includes(key));
  const quoteKey = (key) => (/^[^\s<>=!()'"`,]+$/.test(key) ? key : "`" + key + "`");
  const keysOf = (kind) => data.keys[kind === "model_tags" ? "tags" : kind] || new Map();

  /* The conditions of a query. Throws a Fault. */
  function parse(text) {
    const conditions = [];
    for (let place = 0; ;) {
      CONDITION.lastIndex = place;
      const match = CONDITION.exec(text);
      if (!match) throw faultIn(text, place, conditions.length);
      const end = match.index + match[0].length;
      conditions.push(condition(text, match, end));
      if (end === text.length) return conditions;
      JOIN.lastIndex = end;
      if (!JOIN.test(text)) throw joinFault(text, end);
      place = JOIN.lastIndex;
    }
  }

  function joinFault(text, at) {
    const word = (/^\w+/.exec(text.slice(at)) || [""])[0].toUpperCase();
    if ("AND".startsWith(word) && word && at + word.length === text.length) return new Fault(text.length, "Join conditions with AND.");
    if (word === "OR" || word === "NOT") return new Fault(at, "MLflow's syntax has no " + word + ". For several values write IN ('a', 'b'), or use the filters.");
    const fixes = word ? [{ text: text.slice(0, at) + "AND " + text.slice(at), label: "add AND" }] : [];
    return new Fault(at, "Join conditions with AND.", fixes);
  }

  /* The fault in a text where a condition should start. */
  function faultIn(text, place, count) {
    if (!text.slice(place).trim()) return new Fault(text.length, count ? "Add a condition after AND." : "Add a condition.");
    FIELD.lastIndex = place;
    const { groups, index, 0: all } = FIELD.exec(text), end = index + all.length, at = end - all.trimStart().length;
    const key = groups.ticked ?? groups.quoted ?? groups.bare, kind = KINDS[(groups.kind || "attributes").toLowerCase()];
    if (!kind) return new Fault(at, groups.kind + ". is not a prefix. Use " + PREFIXES);
    if (end < text.trimEnd().length) {
      return new Fault(end, "Add a comparison after " + all.trim() + ": =, !=, <, <=, >, >=, LIKE, ILIKE, IN or IS NULL.");
    }
    if (kind === "attributes") {
      if (ATTRIBUTES.includes(key)) return new Fault(text.length, "Add a comparison, such as = 'text'.");
      return new Fault(text.length, "Fields: metrics., params., tags., model_tags., inputs., " + ATTRIBUTES.join(", ") + ".", twins(text, at, end, key));
    }
    if (text.length > end && keysOf(kind).has(key)) return comparisonFault(text, kind);
    const others = nearest(kind, key).map(([name, { count: models }]) => ({ text: text.slice(0, at) + kind + "." + quoteKey(name) + " ", label: kind + "." + quoteKey(name), note: number(models) + (models === 1 ? " model" : " models") }));
    if (keysOf(kind).has(key)) return comparisonFault(text, kind);
    return new Fault(text.length, (key ? "Which " : "Name a ") + WHAT[kind] + (others.length ? ":" : key ? "?" : "."), kind.endsWith("tags") ? others.map((one) => ({ ...one, note: "" })) : others);
  }
  const comparisonFault = (text, kind) => new Fault(text.length, "Add a comparison, such as " + (kind === "metrics" ? "< 0.5." : "= 'text' or LIKE '%text%'."));

  /* Keys of other kinds that a field without prefix may mean. */
  function twins(text, at, end, key) {
    return ["metrics", "params", "tags", "inputs"].filter((kind) => keysOf(kind).has(key)).map((kind) => {
      const label = kind + "." + quoteKey(key);
      return { text: text.slice(0, at) + label + text.slice(end), label };
    });
  }

  /* The known keys that are nearest to a key, those of most models first. */
  function nearest(kind, key) {
    const low = key.toLowerCase(), room = Math.max(2, key.length / 3);
    return Array.from(keysOf(kind)).map((entry) => {
      const name = entry[0].toLowerCase();
      const far = name.startsWith(low) ? -1 : name.includes(low) ? 0 : Math.abs(name.length - low.length) > room ? 99 : distance(name, low);
      return { entry, far };
    }).filter(({ far }) => far <= room).sort((a, b) => a.far - b.far || b.entry[1].count - a.entry[1].count).slice(0, 5).map(({ entry }) => entry);
  }

  /* How many letters must be added, removed or replaced to make one text of the other. */
  function distance(a, b) {
    let last = Array.from({ length: b.length + 1 }, (_, column) => column);
    for (let row = 1; row <= a.length; row++) {
      const next = [row];
      for (let column = 1; column <= b.length; column++) next[column] = Math.min(last[column] + 1, next[column - 1] + 1, last[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1));
      last = next;
    }
    return last[b.length];
  }

  function condition(text, match, end) {
    const { kind: prefix, ticked, quoted, bare, value } = match.groups, key = ticked || quoted || bare;
    const kind = KINDS[(prefix || "attributes").toLowerCase()], compare = match.groups.compare.toUpperCase().split(/\s+/).join(" ");
    const start = match.index + match[0].length - match[0].trimStart().length, field = (prefix ? prefix + "." : "") + quoteKey(key);
    if (!kind) throw new Fault(start, prefix + ". is not a prefix. Use " + PREFIXES);
    if (kind === "attributes" && !ATTRIBUTES.includes(key)) {
      throw new Fault(start, key + " is not a field. Fields: metrics., params., tags., model_tags., inputs., " + ATTRIBUTES.join(", ") + ".", twins(text, start, start + field.length, key));
    }
    const at = value === undefined ? end : text.lastIndexOf(value, end);
    return { kind, key, compare, value: right({ text, at, end, kind, key, compare, value }), known: kind === "attributes" || keysOf(kind).has(key) || keysOf(kind).size >= 300, at: start };
  }

  /* The value on the right. Throws a Fault where key or comparison does not accept it. */
  function right(one) {
    const { text, at, end, kind, key, compare, value } = one;
    if (compare.endsWith("NULL")) {
      if (value !== undefined) throw new Fault(at, compare + " takes no value.");
      return "";
    }
    if (value === undefined) throw missingValue(one);
    const swap = (other) => [{ text: text.slice(0, at) + other + text.slice(at + value.length), label: other }];
    if (isNumber(kind, key)) {
      const bare = key === "version_number" && /^'\d+'$/.test(value) ? value.slice(1, -1) : value;
      if (!ORDER.includes(compare)) throw new Fault(at, key + " is a number. Compare it with =, !=, <, <=, > or >=.");
      if (/^['"(]/.test(bare)) throw new Fault(at, "Write the number without quotes:", /^['"]/.test(bare) ? swap(bare.slice(1, -1)) : []);
      return Number(bare);
    }
    if (!TEXT_ORDER.includes(compare)) throw new Fault(at, key + " is text. Compare it with =, !=, LIKE, ILIKE or IN.");
    if (compare.endsWith("IN")) {
      if (value[0] !== "(") throw new Fault(at, compare + " takes a list, such as ('a', 'b').", /^'/.test(value) ? swap("(" + value + ")") : []);
      return Array.from(value.matchAll(/'([^']*)'/g), (item) => item[1]);
    }
    if (value[0] === "(") throw new Fault(at, compare + " takes one value, not a list.");
    if (!/^['"]/.test(value)) throw new Fault(end > at ? at : end, "Put text in quotes:", swap("'" + value + "'"));
    return value.slice(1, -1);
  }

  function missingValue({ text, end, kind, key, compare }) {
    const rest = text.slice(end), word = (/^[^\s'"`]+/.exec(rest) || [""])[0], open = /^\(|^['"]/.test(rest);
    const wanted = isNumber(kind, key) ? "Add a number." : compare.endsWith("IN") ? "Add a list, such as ('a', 'b')." : "Add text in quotes, such as 'x'.";
    if (rest.startsWith("=")) return new Fault(end, "Write = to compare.", [{ text: text.slice(0, end) + rest.slice(1), label: "use =" }]);
    if (!rest || open) return new Fault(text.length, open ? (compare.endsWith("IN") ? "Close the list with )." : "Close this quote.") : wanted, open && !compare.endsWith("IN") ? [{ text: text + rest[0], label: "add " + rest[0] }] : []);
    if (isNumber(kind, key)) return new Fault(end, "Add a number instead of " + word + ".");
    return new Fault(end, "Put text in quotes:", [{ text: text.slice(0, end) + "'" + word + "'" + rest.slice(word.length), label: "'" + word + "'" }]);
  }

  /* The value of a model's latest version that a condition is about; undefined where it has none. */
  function found(row, { kind, key }) {
    if (kind === "inputs") return inputType(row, key);
    if (kind !== "attributes") return valueOf(row, kind, key);
    if (key === "name" || key === "version") return row[key];
    if (key === "version_number") return /^v?\d{1,18}$/.test(row.version) ? Number(row.version.replace("v", "")) : undefined;
    return valueOf(row, kind, key);
  }

  /* The type of an input column, without the shape of a tensor; of many columns the second index has the last ones. */
  function inputType(row, key) {
    const { inputs } = data.signatures[row.signature], more = inputs.length < LONG || !data.texts ? [] : catalog.texts(row)[3].split("\n");
    const all = [...inputs, ...more.map((line) => [line.slice(0, line.lastIndexOf(": ")), line.slice(line.lastIndexOf(": ") + 2)])];
    const last = all.filter(([name]) => name === key).pop();
    return last && key ? last[1].replace(/\[[-\d, ]*\]$/, "") : undefined;
  }

  /* Whether a query is about inputs that only the second index may have. */
  const needsTexts = (conditions) => conditions.some(({ kind }) => kind === "inputs") && data.signatures.some(({ inputs }) => inputs.length >= LONG);

  const COMPARE = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "=": (a, b) => a === b, "!=": (a, b) => a !== b,
    IN: (a, b) => b.includes(a), "NOT IN": (a, b) => !b.includes(a) };

  /* A condition as a function of a row. */
  function tester(one) {
    const { compare, value } = one;
    if (compare.endsWith("NULL")) return (row) => (found(row, one) === undefined) === (compare === "IS NULL");
    const accepts = compare.endsWith("LIKE") ? like(value, compare === "ILIKE") : (text) => COMPARE[compare](text, value);
    const every = compare === "!=" || compare === "NOT IN"; /* of several aliases or flavors */
    return (row) => {
      const text = found(row, one);
      if (Array.isArray(text)) return every ? text.every(accepts) : text.some(accepts);
      return text !== undefined && accepts(text);
    };
  }

  /* The keys of conditions whose values must be loaded, each [kind, key]. */
  const keysIn = (conditions) => conditions.filter(({ kind }) => kind !== "inputs").filter(({ kind, key }) => kind !== "attributes" || !["name", "version", "version_number"].includes(key)).map(({ kind, key }) => [kind, key]);

  /* The scores of all models, as of `search`: 0 where all conditions hold for the latest version, else -1. */
  function evaluate(conditions) {
    const tests = conditions.map(tester);
    return Float32Array.from(data.rows, (row) => (row.version && tests.every((test) => test(row)) ? 0 : -1));
  }

  Object.assign(catalog, { Fault, looksLikeQuery, parse, keysIn, needsTexts, evaluate, nearest, quoteKey });
})();
