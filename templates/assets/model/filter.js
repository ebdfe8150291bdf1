/* The filter of the table of versions: words, and conditions such as accuracy > 0.82. */
(function () {
  "use strict";
  const { letters, numbers, versions } = window.sitegen;
  const { data, valueOf } = versions;
  const CONDITION = /(`[^`]+`|[^\s<>=!]+)\s*(<=|>=|!=|=|<|>)\s*('[^']*'|"[^"]*"|[^\s'"<>=!]+)/g;
  const UNFINISHED = /(`[^`]*`?|[^\s<>=!]+)\s*(<=|>=|!=|=|<|>|!)\s*(['"][^'"]*)?$/;
  const JOIN = /(^|\s)(and|,)(?=\s|$)/gi;
  const KINDS = ["metrics", "params", "tags"];
  const TEXTS = ["run_id", "experiment", "description", "flavors", "mlflow"]; /* attributes that words are looked for in */
  const OWN = { version: "name", run: "run", run_name: "run", created: "created", date: "created", time: "created", stage: "stage", problems: "problems", alias: "aliases", aliases: "aliases" };
  const COMPARE = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "=": (a, b) => a === b, "!=": (a, b) => a !== b };

  /* A text as {words, conditions, hint}: the hint says what is missing, or what no version has. */
  function parse(text) {
    const rest = text.replace(CONDITION, " "), unfinished = UNFINISHED.exec(rest);
    const conditions = Array.from(text.matchAll(CONDITION), ([, field, compare, value]) => ({ ...resolve(field.replace(/^`|`$/g, "")), compare, value: value.replace(/^(['"])(.*)\1$/, "$2") }));
    const words = letters.fold(rest.replace(UNFINISHED, " ").replace(JOIN, " ")).split(/\s+/).filter(Boolean);
    const metric = [...data.keys.metrics.keys()].find((key) => words.includes(letters.fold(key)));
    return { words: words.filter((word) => !metric || word !== letters.fold(metric)), conditions: conditions.filter((one) => one.kind && !isText(one)), hint: hintOf(metric, conditions, unfinished) };
  }

  /* What a field names: {kind, key}; kind is empty where no version has it. A metric comes before a hyperparameter or tag of its name. */
  function resolve(field) {
    const dot = field.indexOf("."), prefix = field.slice(0, dot), key = field.slice(dot + 1);
    if (dot > 0 && KINDS.includes(prefix) && data.keys[prefix].has(key)) return { kind: prefix, key, field };
    const kind = KINDS.find((one) => data.keys[one].has(field));
    if (kind) return { kind, key: field, field };
    if (Object.hasOwn(OWN, field.toLowerCase())) return { kind: "own", key: OWN[field.toLowerCase()], field };
    const attribute = field === "flavor" ? "flavors" : field;
    return TEXTS.includes(attribute) ? { kind: "attributes", key: attribute, field } : { kind: "", key: field, field };
  }

  function hintOf(metric, conditions, unfinished) {
    const unknown = conditions.find(({ kind }) => !kind);
    if (unknown) return "No version has a metric, hyperparameter or tag named " + unknown.field + ".";
    const text = conditions.find(isText);
    if (text) return text.field + " is a number: compare it with a number.";
    if (unfinished) return "Add a value, such as " + unfinished[1] + " > 0.5.";
    return metric ? metric + " is a metric. Add a comparison, such as " + metric + " > 0.5." : "";
  }

  const SPECIAL = ["NaN", "Infinity", "-Infinity"];
  const isNumber = (value) => numbers.numeric(value) || SPECIAL.includes(value);
  const isText = ({ kind, value }) => kind === "metrics" && !isNumber(value);

  /* The values that a filter needs, each [kind, key]. */
  function keysOf({ words, conditions }) {
    const keys = conditions.filter(({ kind }) => kind !== "own").map(({ kind, key }) => [kind, key]);
    return words.length ? keys.concat(TEXTS.map((key) => ["attributes", key])) : keys;
  }

  /* Whether a version matches; words are found in its name, run, day, aliases and further properties, and in the `shown` columns. */
  function matches(row, { words, conditions }, shown) {
    return conditions.every((condition) => holds(row, condition)) && words.every((word) => row.text.includes(word) || inValues(row, word, shown));
  }

  function inValues(row, word, shown) {
    return [...TEXTS.map((key) => ["attributes", key]), ...shown].some(([kind, key]) => {
      const value = valueOf(row, kind, key);
      return value !== undefined && letters.fold(String(value)).includes(word);
    });
  }

  /* Whether a condition holds; it never does where the version has no such value, as in MLflow. */
  function holds(row, { kind, key, compare, value }) {
    const found = kind === "own" ? row[key] : valueOf(row, kind, key);
    if (found === undefined || found === "" || (Array.isArray(found) && !found.length)) return false;
    if (key === "aliases" && kind === "own") return found.includes(value.replace(/^@/, "")) === (compare !== "!=");
    if (key === "created" && kind === "own") return COMPARE[compare](found.slice(0, value.length), value);
    if (isNumber(value) && (typeof found === "number" || isNumber(found))) return COMPARE[compare](Number(found), Number(value));
    return typeof found === "string" && COMPARE[compare](found, value);
  }

  Object.assign(versions, { parse, keysOf, matches });
})();
