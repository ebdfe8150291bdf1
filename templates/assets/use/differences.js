/* Whether a model gets the value that a caller sent. Pure functions.
   Equal: 1 and 1.0; a fraction and the nearest number of a narrower float; a date and its text; bytes and their base64;
   null and "missing" where the type has no null of its own. Different: all else, so true and 1, 48.5 and 48, null and NaN. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { NDArray, NumpyScalar, Timestamp, Bytes, encode, kind } = use.python;
  const { nested } = use.arrays;

  const PRECISION = { float16: 2 ** -11, float32: 2 ** -24, float: 2 ** -24 };
  const NUMERIC = /^(u?int|float|double|integer|long)/;
  const GAP = Symbol("nothing was sent");

  const isMissing = (value) => value === null || value === undefined || Number.isNaN(value) || (value instanceof Timestamp && value.ns === null);

  function shown(value) {
    if (value instanceof Timestamp) return value.ns === null ? "NaT" : dateText(value.ns);
    if (value instanceof Bytes) return `the bytes ${JSON.stringify(value.text.slice(0, 40))}`;
    if (typeof value === "string") return JSON.stringify(value.length > 40 ? value.slice(0, 40) + "…" : value);
    if (typeof value === "number") return use.python.floatText(value).replace("inf", "Infinity").replace("nan", "NaN");
    if (typeof value === "boolean") return String(value);
    if (value === null || value === undefined) return "None";
    return typeof value === "bigint" ? String(value) : kind(value);
  }

  function dateText(ns) {
    const second = 1000000000n, whole = ns >= 0n || ns % second === 0n ? ns / second : ns / second - 1n;
    const date = new Date(Number(whole) * 1000).toISOString().slice(0, 19), rest = ns - whole * second;
    return rest ? `${date}.${String(rest).padStart(9, "0").replace(/0+$/, "")}` : date;
  }

  function sameNumber(sent, got, name) {
    // eslint-disable-next-line eqeqeq
    if (sent == got) return true; /* a BigInt and a number are compared by value, exactly */
    if (typeof sent === "bigint" || typeof got === "bigint") return false;
    return Number.isFinite(sent) && Number.isFinite(got) && Math.abs(got - sent) <= Math.abs(sent) * (PRECISION[name] || 2 ** -51);
  }

  /* Why a number differs, in a few words. */
  function numberReason(sent, got) {
    if (typeof got === "bigint" && typeof sent === "number" && BigInt(Math.trunc(Number.isFinite(sent) ? sent : 0)) === got) {
      return "the fraction is cut";
    }
    if (typeof got === "bigint") return "out of range";
    if (!Number.isFinite(got) && typeof got === "number") return "out of range";
    return typeof sent === "bigint" ? "the last digits are lost" : "too small for the type";
  }

  /* null where a value arrives as it was sent, else a reason. `name` is the type of the value. */
  function differ(sent, given, name) {
    if (sent === given && sent !== null && typeof sent !== "object" && sent !== undefined) return null;
    const got = given instanceof NumpyScalar ? given.value : given;
    if (sent === null || sent === undefined) {
      if (!isMissing(got)) return `null arrives as ${shown(got)}`;
      return typeof got === "number" && NUMERIC.test(name) ? "missing: arrives as NaN" : null;
    }
    if (Number.isNaN(sent) && typeof sent === "number") return isMissing(got) ? null : `NaN arrives as ${shown(got)}`;
    if (typeof sent === "number" || typeof sent === "bigint") {
      if (typeof got !== "number" && typeof got !== "bigint") return `the number arrives as ${shown(got)}`;
      return sameNumber(sent, got, name) ? null : `${numberReason(sent, got)}: arrives as ${shown(got)}`;
    }
    if (typeof sent === "boolean") return got === sent ? null : `arrives as ${shown(got)}`;
    if (typeof sent === "string") return differText(sent, got);
    return `arrives as ${shown(got)}`;
  }

  function differText(sent, got) {
    if (sent === got) return null;
    if (got instanceof Timestamp) {
      if (use.dates.MOMENT.test(sent.trim())) return "arrives as the moment of the call";
      const meant = use.dates.alone(sent);
      return meant instanceof Timestamp && meant.ns === got.ns ? null : `arrives as ${shown(got)}`;
    }
    if (got instanceof Bytes) return encode(got) === sent.replace(/\n/g, "") ? null : `arrives as ${shown(got)}`;
    return typeof got === "number" || typeof got === "bigint" ? `the text arrives as the number ${shown(got)}` : `the text arrives as ${shown(got)}`;
  }

  /* A cell of CSV has no type of its own: it is read as the type wants it. */
  function differCell(text, given, name) {
    const got = given instanceof NumpyScalar ? given.value : given, { csv } = use;
    if (text === "") return differ(null, got, name);
    if (typeof got === "number" && Math.abs(got) < 2 ** 53 && Number(text) === got) return null;
    if (typeof got === "bigint" && text === String(got)) return null;
    if (typeof got === "string") return text === got ? null : `arrives as ${shown(got)}`;
    if (csv.MISSING.has(text) && isMissing(got)) {
      return NUMERIC.test(name) || !/^(NaN|nan)$/.test(text) ? `${text} is read as missing: arrives as NaN` : null;
    }
    if (typeof got === "boolean") {
      return csv.BOOL.test(text) && (text.toLowerCase() === "true") === got ? null : `arrives as ${shown(got)}`;
    }
    if (!csv.isNumber(text)) return `arrives as ${shown(got)}`;
    const number = csv.INTEGER.test(text) ? csv.integer(text) : csv.float(text);
    if (typeof number === "number" && !Number.isFinite(number) && !/inf/i.test(text)) {
      return "beyond the range of a double: arrives as Infinity";
    }
    return differ(number, got, name);
  }

  const itemsOf = (value) => (value instanceof NDArray ? (value.shape.length ? nested(value) : value.values[0]) : value);

  /* Each value in lists and objects: `tell(path, sent, reason)` hears of differences. */
  function compare(sent, given, type, path, tell) {
    if (sent === given && sent !== null && typeof sent !== "object" && sent !== undefined) return undefined;
    const got = itemsOf(given);
    if (Array.isArray(got) || Array.isArray(sent)) return compareLists(sent, got, type, path, tell);
    if (got instanceof Map || sent instanceof Map) return compareMaps(sent, got, type, path, tell);
    const why = differ(sent, got, type.name);
    return why && tell(path, sent, why);
  }

  function compareLists(sent, got, type, path, tell) {
    const inner = type.kind === "array" ? type.items : type;
    if (!Array.isArray(sent) || !Array.isArray(got) || sent.length !== got.length) {
      return tell(path, sent, `arrives as ${shown(got)}`);
    }
    for (let place = 0; place < sent.length; place++) compare(sent[place], got[place], inner, `${path}[${place}]`, tell);
    return undefined;
  }

  function compareMaps(sent, got, type, path, tell) {
    if (!(sent instanceof Map) || !(got instanceof Map)) return tell(path, sent, `arrives as ${shown(got)}`);
    const members = type.properties && new Map(type.properties.map((one) => [one.name, one.type]));
    for (const [name, value] of sent) {
      const inner = members ? members.get(name) || type : type.items || type;
      compare(value, got.get(name), inner, path ? `${path}.${name}` : name, tell);
    }
    return undefined;
  }

  /* The values of a tensor in C order against those that were sent. */
  function compareTensor(sent, got, dtype, tell) {
    const whole = use.arrays.shapeOf(sent), flat = whole.ragged ? [] : whole.leaves;
    const walk = (value) => { if (Array.isArray(value)) for (const item of value) walk(item); else flat.push(value); };
    if (whole.ragged) walk(sent);
    let values = got.values;
    if (got.dtype === "object") {
      values = [];
      const dig = (value) => { if (Array.isArray(value)) value.forEach(dig); else values.push(value); };
      got.values.forEach(dig);
    }
    const close = PRECISION[dtype] || 2 ** -51;
    for (let place = 0; place < Math.max(flat.length, values.length); place++) {
      const one = flat[place], other = values[place];
      const numbers = typeof one === "number" && typeof other === "number" && Number.isFinite(one);
      if (numbers && Math.abs(one - other) <= Math.abs(one) * close) continue;
      const why = place < flat.length && place < values.length ? differ(flat[place], values[place], dtype) : "not as many values as were sent";
      if (why) tell(place, flat[place], why);
    }
  }

  use.differences = { differ, differCell, compare, compareTensor, shown, GAP };
})();
