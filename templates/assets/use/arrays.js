/* numpy.array(...) and casts between dtypes, with numpy's own rules for ranges, fractions and ragged lists. Pure functions. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault, NDArray, NumpyScalar, Timestamp, Bytes, toInt, toFloat, toBool, toText, kind } = use.python;
  const { dates } = use;

  /** @type {Record<string, any>} */
  const RANGES = Object.fromEntries([8, 16, 32, 64].flatMap((bits) => [
    ["int" + bits, [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n, bits]],
    ["uint" + bits, [0n, 2n ** BigInt(bits) - 1n, bits]],
  ]));
  const isList = (value) => Array.isArray(value) || value instanceof NDArray;
  const isFloat = (dtype) => dtype.startsWith("float");

  function toHalf(value) {
    if (!Number.isFinite(value) || value === 0) return value;
    const size = Math.abs(value), exponent = Math.max(Math.floor(Math.log2(size)), -14);
    const step = 2 ** (exponent - 10), scaled = size / step, floor = Math.floor(scaled), rest = scaled - floor;
    const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2) ? floor + 1 : floor) * step;
    return Math.sign(value) * (rounded >= 65520 ? Infinity : rounded);
  }
  const round = (value, dtype) => (dtype === "float32" ? Math.fround(value) : dtype === "float16" ? toHalf(value) : value);

  /* One Python object into an array of a dtype. */
  function castObject(value, dtype) {
    if (isFloat(dtype)) {
      if (typeof value === "number") return round(value, dtype);
      const number = toFloat(value);
      return number instanceof Fault ? number : round(number, dtype);
    }
    const range = RANGES[dtype];
    if (range) {
      const number = toInt(value);
      if (number instanceof Fault || (number >= range[0] && number <= range[1])) return number;
      return new Fault(number < RANGES.int64[0] || number > RANGES.int64[1] ? "Python int too large to convert to C long" : `Python integer ${number} out of bounds for ${dtype}`);
    }
    if ((dtype === "U" || dtype === "S") && isList(value)) return new Fault("setting an array element with a sequence");
    switch (dtype) {
      case "bool": return toBool(value);
      case "U": return toText(value);
      case "S": {
        const text = toText(value);
        return value instanceof Bytes ? value : /^[\u0000-\u007f]*$/.test(text) ? new Bytes(text) : new Fault("'ascii' codec can't encode characters: ordinal not in range(128)");
      }
      case "datetime64[ns]": return dates.numpyValue(value);
    }
    return value;
  }

  /* One value of a typed array or column into another dtype, as C casts it: integers wrap around, fractions are cut. */
  function castTyped(value, from, to) {
    if (from === to || to === "object") return value;
    if (from === "object" || from === "str" || from === "U" || from === "S" || to === "U" || to === "S") {
      return castObject(value, to);
    }
    if (to === "bool") return toBool(value);
    if (to.startsWith("datetime")) return value instanceof Timestamp ? value : dates.numpyValue(value);
    const number = value instanceof Timestamp ? value.ns : value;
    if (isFloat(to)) return round(Number(number), to);
    const [lowest, , bits] = RANGES[to];
    const wrap = lowest ? BigInt.asIntN : BigInt.asUintN;
    if (typeof number === "boolean") return number ? 1n : 0n;
    if (typeof number === "bigint") return wrap(bits, number);
    const cut = Number.isFinite(number) ? BigInt(Math.trunc(number)) : null;
    if (lowest && (cut === null || cut < lowest || cut > RANGES[to][1])) {
      return bits >= 32 ? lowest : wrap(bits, cut === null ? 0n : cut);
    }
    return wrap(bits, cut === null ? 0n : cut);
  }

  /* Lists as nested arrays; the dtype of arrays among them. */
  function plain(value, seen) {
    if (value instanceof NDArray) {
      seen.add(value.dtype);
      return nested(value);
    }
    if (!Array.isArray(value)) return value;
    if (pure.has(value)) return value;
    if (hasArray(value)) return value.map((item) => plain(item, seen));
    pure.add(value);
    return value;
  }
  const pure = new WeakSet(); /* lists that were looked through and hold no array */
  const hasArray = (value) => typeof value === "object" && (value instanceof NDArray || (Array.isArray(value) && value.some(hasArray)));

  /* An array as lists in lists. */
  function nested({ shape, values }) {
    if (!shape.length) return values[0];
    const build = (depth, start, size) => {
      const each = size / (shape[depth] || 1);
      if (depth === shape.length - 1) return values.slice(start, start + shape[depth]);
      return Array.from({ length: shape[depth] }, (_, place) => build(depth + 1, start + place * each, each));
    };
    return build(0, 0, values.length);
  }

  /* How deep lists are of one length each: {shape, ragged, leaves}. Remembered: both routes ask for it. */
  const shapes = new WeakMap();
  function shapeOf(value) {
    if (!Array.isArray(value)) return { shape: [], ragged: false, leaves: [value] };
    if (!shapes.has(value)) shapes.set(value, findShape(value));
    return shapes.get(value);
  }

  function findShape(value) {
    const shape = [];
    let level = [value];
    while (level.length && Array.isArray(level[0])) {
      const size = level[0].length, even = level.every((item) => Array.isArray(item) && item.length === size);
      if (!even) return { shape, ragged: true, leaves: level };
      shape.push(size);
      level = flatten(level, size);
    }
    return { shape, ragged: level.some(Array.isArray), leaves: level };
  }

  function flatten(lists, size) {
    if (lists.length === 1) return lists[0];
    const all = new Array(lists.length * size);
    let place = 0;
    for (const list of lists) for (const item of list) all[place++] = item;
    return all;
  }

  /* The dtype that numpy finds for objects. */
  function commonDtype(values) {
    let ints = 0, unsigned = 0, negative = 0, floats = 0, bools = 0, texts = 0, others = 0;
    for (const value of values) {
      switch (typeof value) {
        case "bigint":
          if (value > RANGES.uint64[1] || value < RANGES.int64[0]) others++;
          else if (value > RANGES.int64[1]) unsigned++;
          else { ints++; if (value < 0n) negative++; }
          break;
        case "number": floats++; break;
        case "boolean": bools++; break;
        case "string": texts++; break;
        default: others++;
      }
    }
    if (others) return "object";
    if (texts) return "U";
    if (floats) return "float64";
    if (unsigned) return negative || ints || bools ? (negative || bools || ints ? "float64" : "uint64") : "uint64";
    if (ints) return "int64";
    return bools ? "bool" : "float64";
  }

  /* numpy.array(value, dtype): an NDArray, or a Fault; `faults` receives [place in C order, Fault] of each bad value. */
  function array(value, dtype, faults) {
    const seen = new Set(), lists = plain(value, seen), { shape, ragged, leaves } = shapeOf(lists);
    const given = seen.size === 1 && leaves.every((leaf) => leaf !== null) ? Array.from(seen)[0] : null;
    if (ragged && dtype !== "object") {
      return new Fault(`setting an array element with a sequence. The requested array has an inhomogeneous shape after ${shape.length} dimensions`);
    }
    const to = dtype || given || commonDtype(leaves);
    const from = given || "object";
    const values = to === "object" ? leaves.slice() : new Array(leaves.length);
    let first = null;
    if (to !== "object") {
      for (let place = 0; place < leaves.length; place++) {
        const leaf = leaves[place];
        if (to === "float64" && typeof leaf === "number") { values[place] = leaf; continue; }
        const cast = from === "object" ? castObject(leaf, to) : castTyped(leaf, from, to);
        if (cast instanceof Fault) {
          first = first || cast;
          if (faults) faults.push([place, cast]); else return cast;
        }
        values[place] = cast;
      }
    }
    return first || new NDArray(to, shape, values);
  }

  const scalar = (value, dtype) => {
    const cast = castObject(value, dtype);
    return cast instanceof Fault ? cast : new NumpyScalar(dtype, cast);
  };

  /* (2, 3), and (2,) for one axis. */
  const shapeText = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

  use.arrays = { RANGES, array, nested, scalar, castObject, castTyped, shapeOf, shapeText, commonDtype, isFloat, isList, kind };
})();
