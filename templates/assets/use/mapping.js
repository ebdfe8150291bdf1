/* Which of the reader's columns feeds which input, and the code that follows from it. Pure functions. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};

  const plain = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  /** @type {[string, (name: string) => string][]} */
  const LEVELS = [["exact", (name) => name], ["case", (name) => name.toLowerCase()], ["signs", plain]];

  /* The ends of a name that begin with a word of it: `patient_s6` has `s6`. */
  function endsOf(name) {
    const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    return new Set(words.slice(1).map((_, place) => plain(words.slice(place + 1).join(""))));
  }

  const unquoted = (name) => name.trim().replace(/^(["'`])(.*)\1$/s, "$2");

  /* The names in a pasted text: the first line of CSV, a JSON list or record, or one name a line (with a type behind it). */
  function readHeader(text) {
    const trimmed = text.trim();
    if (!trimmed) return [];
    const names = fromJSON(trimmed) || fromLines(trimmed);
    return Array.from(new Set(names)).filter(Boolean);
  }

  function fromJSON(text) {
    if (!/^[[{]/.test(text)) return null;
    try {
      const { value } = use.tokens.parseJSON(text), first = Array.isArray(value) ? value[0] : value;
      const split = value instanceof Map ? value.get("dataframe_split") || value : null;
      if (split instanceof Map && Array.isArray(split.get("columns"))) return split.get("columns").map(String);
      if (first instanceof Map) return Array.from(first.keys());
      return value.filter((name) => typeof name === "string");
    } catch (error) {
      if (!(error instanceof use.tokens.SyntaxFault)) throw error;
      return null;
    }
  }

  function fromLines(text) {
    const lines = text.replace(/^\[|\]$/g, "").split(/\r\n|\n|\r/), [first] = lines;
    const sign = [",", ";", "\t", "|"].find((one) => first.includes(one));
    if (sign === ",") {
      try {
        return use.tokens.parseCSV(first)[0].map(unquoted);
      } catch (error) {
        if (!(error instanceof use.tokens.SyntaxFault)) throw error;
      }
    }
    if (sign) return first.split(sign).map(unquoted);
    if (lines.length === 1) return [unquoted(first)];
    return lines.map((line) => unquoted(line.trim().split(/\s*:\s+|\s{2,}|\t/)[0]));
  }

  /* {input, column, how, candidates} for each input. `how`: exact, case, signs (other punctuation), end (the column has more
     words in front), or null where nothing, or more than one column, fits: those stay open. */
  function matchColumns(inputs, columns) {
    const found = inputs.map((input) => ({ input, column: null, how: null, candidates: [] }));
    const free = new Set(columns);
    const levels = LEVELS.map(([how, key]) => ({ how, keys: (column) => [key(column)], key }));
    for (const { how, keys, key } of [...levels, { how: "end", keys: endsOf, key: plain }]) {
      const open = found.filter((one) => one.column === null && !one.candidates.length && key(one.input.name));
      const columnsByKey = new Map();
      free.forEach((column) => keys(column).forEach((each) => columnsByKey.set(each, [...(columnsByKey.get(each) || []), column])));
      const fits = open.map((one) => columnsByKey.get(key(one.input.name)) || []);
      open.forEach((one, place) => {
        const rivals = open.some((other, at) => at !== place && fits[at].some((column) => fits[place].includes(column)));
        if (fits[place].length === 1 && !rivals) Object.assign(one, { column: fits[place][0], how });
        else one.candidates = fits[place];
      });
      found.forEach((one) => free.delete(one.column));
    }
    return found;
  }

  const python = (text) => JSON.stringify(text);
  const sql = (text) => "`" + text.replace(/`/g, "``") + "`";

  /* What a table from a file is cast to: it has int64, float64 and texts, which MLflow does not cast. */
  const DTYPES = { integer: "int32", float: "float32", double: "float64", datetime: "datetime64[ns]" };

  /* The code for a choice of columns: a Map from the name of an input to a column. `pandas` and `sql` choose the columns;
     `forms` are the texts that stand in the code of "Use it", by the form that is written there. */
  function mappingCode(inputs, chosen) {
    const pairs = inputs.filter((input) => chosen.get(input.name)).map((input) => [chosen.get(input.name), input.name]);
    const renamed = pairs.filter(([column, name]) => column !== name).map(([column, name]) => `${python(column)}: ${python(name)}`);
    const names = pairs.map(([, name]) => python(name)).join(", ");
    const twice = new Set(pairs.map(([column]) => column)).size < pairs.length; /* one column for two inputs: rename cannot */
    const assign = pairs.map(([column, name]) => `${python(name)}: data[${python(column)}]`).join(", ");
    const rename = renamed.length ? `.rename(columns={${renamed.join(", ")}})` : "";
    const aliased = ([column, name]) => (column === name ? sql(name) : `${sql(column)} AS ${sql(name)}`);
    const pandas = twice ? `data = pd.DataFrame({${assign}})` : `data = data${rename}[[${names}]]`;
    if (!pairs.length) return { pandas: "", sql: "", forms: null };
    const dtypes = inputs.filter((input) => chosen.get(input.name) && DTYPES[input.type])
      .map((input) => `${python(input.name)}: "${DTYPES[input.type]}"`);
    const casts = dtypes.length ? [`data = data.astype({${dtypes.join(", ")}})`] : [];
    return {
      pandas,
      sql: `SELECT ${pairs.map(aliased).join(", ")} FROM your_table`,
      forms: {
        pandas: ['data = pd.read_csv("your_table.csv")', pandas, ...casts].join("\n"),
        spark: `table = spark.table("your_table").selectExpr(${pairs.map((pair) => python(aliased(pair))).join(", ")})`,
        columns: `columns = [${pairs.map(([column]) => python(column)).join(", ")}]`,
      },
    };
  }

  /* One sentence about a mapping. */
  function mappingText(inputs, columns, chosen, matches) {
    const needed = inputs.filter((input) => input.required !== false && input.required !== null);
    const open = needed.filter((input) => !chosen.get(input.name)), used = new Set(chosen.values());
    const unsure = matches.filter((one) => (one.how === "signs" || one.how === "end") && chosen.get(one.input.name) === one.column);
    const spare = columns.filter((column) => !used.has(column));
    const list = (names) => names.slice(0, 6).join(", ") + (names.length > 6 ? ` and ${names.length - 6} more` : "");
    const wanted = open.length ? `; choose one for ${list(open.map((input) => input.name))}` : "";
    const parts = [`${needed.length - open.length} of ${needed.length} required inputs have a column${wanted}.`];
    if (unsure.length) parts.push(`Check ${list(unsure.map((one) => `${one.column} for ${one.input.name}`))}: the names differ.`);
    if (spare.length) parts.push(`Not used: ${list(spare)}.`);
    return { complete: !open.length, text: parts.join(" ") };
  }

  use.mapping = { readHeader, matchColumns, mappingCode, mappingText };
})();
