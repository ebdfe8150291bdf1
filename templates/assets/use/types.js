/* Types of a signature: the text of the API (`double`, `array<T>`, `map<T>`, `object{"a":T,"b"?:T}`) as a tree. Pure functions. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};

  const NUMPY = { boolean: "bool", integer: "int32", long: "int64", float: "float32", double: "float64", string: "U", binary: "S",
    datetime: "datetime64[ns]" };
  const PANDAS = { ...NUMPY, string: "object", binary: "object" };
  const SIZE = { bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, float16: 2, int32: 4, uint32: 4, float32: 4, int64: 8, uint64: 8, float64: 8 };
  const WORD = /[a-z_]+/y;

  /* {kind: "scalar"|"array"|"map"|"object"|"any", name, items, properties: [{name, type, required}]}; null where unreadable. */
  function parseType(text) {
    let at = 0;
    const next = (sign) => (text[at] === sign ? Boolean(++at) : false);
    function name() {
      const start = at++;
      while (at < text.length && text[at] !== "\"") at += text[at] === "\\" ? 2 : 1;
      return JSON.parse(text.slice(start, ++at));
    }
    function members() {
      const found = [];
      at++;
      while (!next("}")) {
        const member = { name: name(), required: !next("?"), type: null };
        if (!next(":")) throw new SyntaxError(text);
        member.type = type();
        found.push(member);
        if (!next(",") && text[at] !== "}") throw new SyntaxError(text);
      }
      return found;
    }
    function type() {
      WORD.lastIndex = at;
      const word = WORD.exec(text);
      if (!word) throw new SyntaxError(text);
      at += word[0].length;
      if (word[0] === "object" && text[at] === "{") return { kind: "object", name: "object", properties: members() };
      if ((word[0] === "array" || word[0] === "map") && next("<")) {
        const items = type();
        if (!next(">")) throw new SyntaxError(text);
        return { kind: word[0], name: word[0], items };
      }
      if (word[0] === "any") return { kind: "any", name: "any" };
      if (word[0] === "sparkml_vector") return { kind: "array", name: "array", items: { kind: "scalar", name: "double" } };
      if (!Object.hasOwn(NUMPY, word[0])) throw new SyntaxError(text);
      return { kind: "scalar", name: word[0] };
    }
    try {
      const found = type();
      return at === text.length ? found : null;
    } catch {
      return null;
    }
  }

  const typeText = (type) => {
    if (type.kind === "array" || type.kind === "map") return `${type.kind}<${typeText(type.items)}>`;
    return type.kind === "object" ? `object{${type.properties.map((one) => one.name + (one.required ? "" : "?")).join(", ")}}` : type.name;
  };

  const dtypeKind = (dtype) => {
    if (dtype === "bool") return "b";
    if (dtype === "str" || dtype === "object") return "O";
    if (dtype === "U" || dtype === "S") return dtype;
    return dtype.startsWith("datetime") ? "M" : dtype[0];
  };

  /* The inputs of a signature as MLflow's Schema; null without inputs. `unknown` says that a type cannot be read here. */
  function parseSchema(inputs) {
    if (!inputs || !inputs.length) return null;
    const tensors = Array.isArray(inputs[0].shape);
    const named = inputs[0].name !== null && inputs[0].name !== undefined;
    const specs = inputs.map((one, place) => ({
      name: named ? one.name : BigInt(place),
      required: tensors || one.required === true || one.required === undefined,
      type: tensors ? null : parseType(one.type),
      dtype: tensors ? ({ str: "U", bytes: "S" }[one.type] || one.type) : null,
      shape: tensors ? one.shape : null,
      text: one.type,
    }));
    const isDtype = (dtype) => Object.hasOwn(SIZE, dtype) || ["U", "S", "object", "datetime64[ns]"].includes(dtype);
    const unknown = specs.filter((spec) => !(tensors ? isDtype(spec.dtype) : spec.type)).map((spec) => spec.text);
    return { tensors, named, specs, unknown, byName: new Map(specs.map((spec) => [spec.name, spec])) };
  }

  use.types = { NUMPY, PANDAS, SIZE, parseType, parseSchema, typeText, dtypeKind };
})();
