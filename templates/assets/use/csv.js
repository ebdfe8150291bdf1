/* pandas.read_csv as MLflow's scoring server calls it: a dtype for each column of the signature, or found by pandas. Pure functions. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault } = use.python;
  const { RANGES, castTyped, isFloat } = use.arrays;

  const MISSING = new Set(["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null"]);
  const INTEGER = /^[ \t]*[-+]?[0-9]+[ \t]*$/;
  const FLOAT = /^[ \t]*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[ \t]*$/;
  const INFINITE = /^[ \t]*([-+]?)inf(?:inity)?[ \t]*$/i;
  const BOOL = /^(true|false)$/i;

  const isTrue = (text) => text.toLowerCase() === "true";
  const integer = (text) => BigInt(text.trim().replace("+", ""));
  function float(text) {
    const special = INFINITE.exec(text);
    return special ? (special[1] === "-" ? -Infinity : Infinity) : Number(text);
  }

  /* {header, rows, shift, texts, sent}: the cells of each column, as read and as written. `shift` counts
     the leading fields that pandas takes for its index. A Fault where it refuses. */
  function table(lines) {
    if (!lines.length) return new Fault("No columns to parse from file");
    const seen = new Map(), taken = new Set(lines[0]);
    const header = lines[0].map((name, place) => {
      const base = name === "" ? `Unnamed: ${place}` : name;
      if (!seen.has(base)) { seen.set(base, 0); return base; }
      let unique = base;
      while (seen.has(unique) || (unique !== base && taken.has(unique))) {
        seen.set(base, seen.get(base) + 1);
        unique = `${base}.${seen.get(base)}`;
      }
      seen.set(unique, 0);
      return unique;
    });
    const rows = lines.slice(1), width = rows.length ? Math.max(rows[0].length, header.length) : header.length;
    const long = rows.findIndex((row) => row.length > width);
    if (long >= 0) {
      return new Fault(`Error tokenizing data. C error: Expected ${width} fields in line ${long + 2}, saw ${rows[long].length}`);
    }
    const shift = width - header.length, cell = (row, place) => (row[place] === undefined ? "" : row[place]);
    const texts = header.map((_, place) => rows.map((row) => cell(row, place + shift)));
    const sent = shift ? header.map((_, place) => rows.map((row) => cell(row, place))) : texts;
    return { header, rows, shift, texts, sent };
  }

  /* The dtype that pandas finds for the cells of a column, and their values. Remembered: both routes ask for it. */
  const inferred = new WeakMap();
  function infer(texts) {
    if (!inferred.has(texts)) inferred.set(texts, findDtype(texts));
    return inferred.get(texts);
  }

  function findDtype(texts) {
    const gap = texts.map((text) => MISSING.has(text)), there = texts.filter((_, row) => !gap[row]);
    const gaps = there.length < texts.length, each = (read) => texts.map((text, row) => (gap[row] ? NaN : read(text)));
    if (!texts.length) return { dtype: "object", values: [] };
    if (there.every((text) => INTEGER.test(text))) {
      const numbers = there.map(integer);
      const low = numbers.some((number) => number < 0n), wide = numbers.some((number) => number > RANGES.int64[1]);
      const huge = numbers.some((number) => number > RANGES.uint64[1] || number < RANGES.int64[0]);
      if (huge) return { dtype: "object", values: each(integer) };
      if (wide && (low || gaps)) return { dtype: "str", values: texts };
      if (gaps) return { dtype: "float64", values: each(Number) };
      return { dtype: wide ? "uint64" : "int64", values: numbers };
    }
    if (there.every((text) => FLOAT.test(text) || INFINITE.test(text))) {
      const ints = there.slice(0, there.findIndex((text) => !INTEGER.test(text))).map(integer);
      const early = ints.some((number) => number > RANGES.uint64[1] || number < RANGES.int64[0]); /* pandas gives up at these */
      return early ? { dtype: "str", values: texts } : { dtype: "float64", values: each(float) };
    }
    if (there.every((text) => BOOL.test(text))) return { dtype: gaps ? "object" : "bool", values: each(isTrue) };
    return { dtype: "str", values: each((text) => text) };
  }

  const unsafe = (dtype, from) => `cannot safely convert passed user dtype of ${dtype} for ${from} dtyped data`;

  /* The cells of a column as a dtype: {dtype, values}; `faults` receives [row, Fault]. */
  function typed(texts, dtype, faults) {
    if (!texts.length) return { dtype, values: [] };
    if (dtype.startsWith("datetime")) {
      faults.push([0, new Fault(`the dtype ${dtype} is not supported for parsing: CSV cannot carry dates to MLflow's server`)]);
      return { dtype, values: [] };
    }
    if (dtype === "object") return { dtype, values: texts.map((text) => (MISSING.has(text) ? NaN : text)) };
    const blame = (test, why) => texts.forEach((text, row) => { if (test(text, row)) faults.push([row, new Fault(why(text))]); });
    const number = (text) => MISSING.has(text) || INTEGER.test(text) || FLOAT.test(text) || INFINITE.test(text);
    const found = infer(texts);
    if (isFloat(dtype)) return floats(texts, found, dtype, number, blame);
    if (found.dtype !== "str" && found.dtype !== "object") return narrow(texts, found, dtype, blame);
    if (dtype === "bool") blame((text) => !BOOL.test(text), (text) => (MISSING.has(text) ? "Bool column has NA values" : unsafe(dtype, "object")));
    else if (texts.every((text) => MISSING.has(text) || BOOL.test(text))) blame((text) => MISSING.has(text), () => unsafe(dtype, "bool") + " due to NA values");
    else if (texts.every(number)) blame((text) => INTEGER.test(text) && (integer(text) > RANGES[dtype][1] || integer(text) < RANGES[dtype][0]), () => "Overflow");
    else blame((text) => !number(text), (text) => `invalid literal for int() with base 10: '${text}'`);
    if (!faults.length) faults.push([0, new Fault("Cannot convert to numerical dtype")]);
    return { dtype, values: [] };
  }

  function floats(texts, found, dtype, number, blame) {
    const bools = found.dtype === "bool" || found.dtype === "object" && texts.every((text) => MISSING.has(text) || BOOL.test(text));
    if (!bools) blame((text) => !number(text), (text) => `could not convert string to float: '${text}'`);
    const read = (text) => (MISSING.has(text) ? NaN : bools ? Number(isTrue(text)) : float(text));
    return { dtype, values: texts.map((text) => castTyped(read(text), "float64", dtype)) };
  }

  /* Whole numbers and booleans: nothing may be lost. */
  function narrow(texts, found, dtype, blame) {
    const gaps = texts.some((text) => MISSING.has(text));
    if (dtype === "bool") {
      const zeroOrOne = (value) => typeof value === "boolean" || Number(value) === 0 || Number(value) === 1;
      if (gaps) blame((text) => MISSING.has(text), () => "Bool column has NA values");
      else blame((_, row) => !zeroOrOne(found.values[row]), () => unsafe(dtype, found.dtype));
      return { dtype, values: found.values.map((value) => value === true || Number(value) === 1) };
    }
    if (gaps) blame((text) => MISSING.has(text), () => "Integer column has NA values");
    const fits = (value) => {
      if (typeof value === "boolean") return true;
      if (typeof value === "number") {
        return Number.isInteger(value) && BigInt(value) >= RANGES[dtype][0] && BigInt(value) <= RANGES[dtype][1];
      }
      return value >= RANGES[dtype][0] && value <= RANGES[dtype][1];
    };
    if (!gaps) blame((_, row) => !fits(found.values[row]), () => unsafe(dtype, found.dtype));
    const whole = (value) => (typeof value === "boolean" ? BigInt(value) : Number.isFinite(value) ? BigInt(Math.trunc(value)) : value);
    return { dtype, values: found.values.map(whole) };
  }

  /* A frame of the table. `dtypeOf(name, place)` names the dtype of a column, or null; `refuse(name, faults, texts, place)` hears of bad cells. */
  function toFrame(found, dtypeOf, refuse) {
    const columns = found.header.map((name, place) => {
      const texts = found.texts[place], sent = found.sent[place];
      const dtype = dtypeOf(name, place), faults = [];
      const column = dtype ? typed(texts, dtype, faults) : infer(texts);
      if (faults.length) refuse(name, faults, texts, place);
      return { ...column, sent };
    });
    return { names: found.header, columns, rows: found.rows.length };
  }

  const isNumber = (text) => INTEGER.test(text) || FLOAT.test(text) || INFINITE.test(text);

  use.csv = { table, typed, toFrame, MISSING, INTEGER, BOOL, isNumber, float, integer };
})();
