/* Values and conversions as Python has them: int(), float(), str(), repr(), base64. Pure functions.
   A conversion that Python refuses gives a Fault, not an exception: a column may hold 100,000 of them. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};

  class Fault {
    /* The reason as a text, or a function that makes it; what faults of this kind have in common. */
    constructor(why, kindOf) {
      this.reason = why;
      this.kindOf = kindOf;
    }
    get why() { return typeof this.reason === "function" ? this.reason() : this.reason; }
  }
  /* What stops everything; thrown. `path` leads to the place inside a value. */
  class Refusal {
    constructor(why, path) {
      this.why = why;
      this.path = path || "";
    }
  }
  /* A numpy array: values in C order. */
  class NDArray {
    constructor(dtype, shape, values) {
      this.dtype = dtype;
      this.shape = shape;
      this.values = values;
    }
  }
  /* A numpy scalar; its dtype decides how MLflow treats it. */
  class NumpyScalar {
    constructor(dtype, value) {
      this.dtype = dtype;
      this.value = value;
    }
  }
  /* Nanoseconds since 1970; null is NaT. */
  class Timestamp {
    constructor(ns, zone) {
      this.ns = ns;
      this.zone = Boolean(zone);
    }
  }
  /* Bytes, one character each. */
  class Bytes {
    constructor(text) { this.text = text; }
  }

  const BLANKS = "[ \\t\\n\\r\\f\\v\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";
  const INTEGER = new RegExp(`^${BLANKS}([-+]?)([0-9]+(?:_[0-9]+)*)${BLANKS}$`);
  const D = "[0-9]+(?:_[0-9]+)*";
  const FLOAT = new RegExp(`^${BLANKS}([-+]?(?:(?:${D}\\.?(?:${D})?|\\.${D})(?:[eE][-+]?${D})?))${BLANKS}$`);
  const SPECIAL = new RegExp(`^${BLANKS}([-+]?)(inf|infinity|nan)${BLANKS}$`, "i");

  /* Digits of any script are digits to Python. */
  const western = (text) => (/^[\u0000-\u007f]*$/.test(text) ? text : text.replace(/\p{Nd}/gu, (digit) => {
    let first = digit.codePointAt(0);
    while (first > 0 && /^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--;
    return String((digit.codePointAt(0) - first) % 10);
  }));

  function kind(value) {
    if (value === null || value === undefined) return "NoneType";
    switch (typeof value) {
      case "bigint": return "int";
      case "number": return "float";
      case "boolean": return "bool";
      case "string": return "str";
    }
    if (value instanceof NumpyScalar) return value.dtype;
    if (value instanceof NDArray) return "ndarray";
    if (value instanceof Timestamp) return "Timestamp";
    if (value instanceof Bytes) return "bytes";
    return Array.isArray(value) ? "list" : "dict";
  }

  function toInt(value) {
    switch (typeof value) {
      case "bigint": return value;
      case "boolean": return value ? 1n : 0n;
      case "number":
        if (Number.isNaN(value)) return new Fault("cannot convert float NaN to integer");
        return Number.isFinite(value) ? BigInt(Math.trunc(value)) : new Fault("cannot convert float infinity to integer");
      case "string": {
        const found = INTEGER.exec(western(value));
        if (!found) return new Fault(() => `invalid literal for int() with base 10: ${repr(value)}`, "invalid literal");
        const number = BigInt(found[2].replaceAll("_", ""));
        return found[1] === "-" ? -number : number;
      }
    }
    if (value instanceof NumpyScalar) return toInt(value.value);
    return new Fault(`int() argument must be a string, a bytes-like object or a real number, not '${kind(value)}'`);
  }

  function toFloat(value) {
    switch (typeof value) {
      case "number": return value;
      case "boolean": return value ? 1 : 0;
      case "bigint": {
        const number = Number(value);
        return Number.isFinite(number) ? number : new Fault("int too large to convert to float");
      }
      case "string": {
        const text = western(value), found = FLOAT.exec(text);
        if (found) return Number(found[1].replaceAll("_", ""));
        const special = SPECIAL.exec(text);
        if (!special) return new Fault(() => `could not convert string to float: ${repr(value)}`, "could not convert string");
        return /nan/i.test(special[2]) ? NaN : special[1] === "-" ? -Infinity : Infinity;
      }
    }
    if (value === null || value === undefined) return NaN; /* numpy's own rule */
    if (value instanceof NumpyScalar) return toFloat(value.value);
    if (Array.isArray(value) || value instanceof NDArray) return new Fault("setting an array element with a sequence");
    return new Fault(`float() argument must be a string or a real number, not '${kind(value)}'`);
  }

  function toBool(value) {
    if (value === null || value === undefined) return false;
    switch (typeof value) {
      case "boolean": return value;
      case "number": return value !== 0;
      case "bigint": return value !== 0n;
      case "string": return value !== "";
    }
    if (value instanceof NumpyScalar) return toBool(value.value);
    if (Array.isArray(value)) return value.length > 0;
    if (value instanceof Map) return value.size > 0;
    if (value instanceof Bytes) return value.text !== "";
    return true;
  }

  function floatText(value) {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
    const [digits, power] = value.toExponential().split("e"), exponent = Number(power);
    if (exponent < -4 || exponent >= 16) {
      return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
    }
    const plain = exponent < 0 ? value.toFixed(Math.max(0, digits.replace(/[-.]/g, "").length - 1 - exponent)) : String(value);
    return plain.includes(".") ? plain : plain + ".0";
  }

  function repr(value) {
    if (typeof value === "string") {
      const quote = value.includes("'") && !value.includes("\"") ? "\"" : "'";
      const body = value.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
      return quote + (quote === "'" ? body.replace(/'/g, "\\'") : body) + quote;
    }
    if (typeof value === "number") return floatText(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value === "boolean") return value ? "True" : "False";
    if (value === null || value === undefined) return "None";
    if (value instanceof NumpyScalar) return repr(value.value);
    if (value instanceof NDArray) return `[${value.values.map(repr).join(" ")}]`;
    if (value instanceof Timestamp) return value.ns === null ? "NaT" : String(value.ns);
    if (value instanceof Bytes) return "b" + repr(value.text);
    if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
    return `{${Array.from(value, ([key, item]) => `${repr(key)}: ${repr(item)}`).join(", ")}}`;
  }

  const toText = (value) => (typeof value === "string" ? value : repr(value));

  /* bytes(text, "utf8") */
  function utf8(text) {
    if (/\p{Surrogate}/u.test(text)) return new Fault("'utf-8' codec can't encode character: surrogates not allowed");
    return new Bytes(Array.from(new TextEncoder().encode(text), (code) => String.fromCharCode(code)).join(""));
  }

  /* base64.decodebytes: signs that are no base64 are skipped, only the padding must be right. */
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  function decode(text) {
    let out = "", bits = 0, held = 0, count = 0, pads = 0;
    const signs = utf8(text);
    if (signs instanceof Fault) return signs;
    for (const sign of signs.text) {
      if (sign === "=") {
        if (count % 4 >= 2 && count % 4 + ++pads >= 4) return new Bytes(out);
        continue;
      }
      const place = ALPHABET.indexOf(sign);
      if (place < 0) continue;
      pads = 0;
      bits = (bits << 6) | place;
      held += 6;
      count++;
      if (held >= 8) {
        held -= 8;
        out += String.fromCharCode((bits >> held) & 255);
        bits &= (1 << held) - 1;
      }
    }
    if (count % 4 === 1) {
      return new Fault(`Invalid base64-encoded string: number of data characters (${count}) cannot be 1 more than a multiple of 4`);
    }
    return count % 4 ? new Fault("Incorrect padding") : new Bytes(out);
  }

  function encode(bytes) {
    let out = "";
    for (let at = 0; at < bytes.text.length; at += 3) {
      const [a, b, c] = [0, 1, 2].map((more) => bytes.text.charCodeAt(at + more));
      const all = (a << 16) | ((b || 0) << 8) | (c || 0);
      out += ALPHABET[all >> 18] + ALPHABET[(all >> 12) & 63];
      out += Number.isNaN(b) ? "=" : ALPHABET[(all >> 6) & 63];
      out += Number.isNaN(c) ? "=" : ALPHABET[all & 63];
    }
    return out;
  }

  use.python = { Fault, Refusal, NDArray, NumpyScalar, Timestamp, Bytes, kind, toInt, toFloat, toBool, toText, repr, floatText, utf8, decode, encode };
})();
