/* Types and columns of a signature, as sitegen/domain/signature.py has them, and short texts for them.
   A type is "long" for a scalar, or {array: type}, {map: type}, {object: [member]}, {any: true}, {vector: true},
   {dtype, shape}. A member is {name, type, required}; so is a column, whose name may be null. */
(function () {
  "use strict";
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  const isScalar = (type) => typeof type === "string";
  const isArray = (type) => !isScalar(type) && "array" in type;
  const isMap = (type) => !isScalar(type) && "map" in type;
  const isObject = (type) => !isScalar(type) && "object" in type;
  const isAny = (type) => !isScalar(type) && "any" in type;
  const isVector = (type) => !isScalar(type) && "vector" in type;
  const isTensor = (type) => !isScalar(type) && "dtype" in type;
  const isMapOfVectors = (type) => isMap(type) && isVector(type.map);

  /* A type as one line: `double`, `array<T>`, `map<T>`, `object{"a":T,"b"?:T}`, a tensor's dtype. */
  function typeName(type) {
    if (isScalar(type)) return type;
    if (isArray(type)) return "array<" + typeName(type.array) + ">";
    if (isMap(type)) return "map<" + typeName(type.map) + ">";
    if (isObject(type)) return "object{" + type.object.map(memberName).join(",") + "}";
    if (isAny(type)) return "any";
    return isVector(type) ? "sparkml_vector" : type.dtype;
  }
  const memberName = ({ name, type, required }) => JSON.stringify(name) + (required ? "" : "?") + ":" + typeName(type);

  const shapeText = ({ shape }) => "(" + shape.join(", ") + ")";
  const typeText = (type) => (isTensor(type) ? type.dtype + " " + shapeText(type) : typeName(type));

  const MANY = 12; /* columns that are listed by name */

  function columnsText(columns) {
    const first = columns.slice(0, MANY).map(({ name, type }) => (name === null ? typeText(type) : name));
    return first.join(", ") + (columns.length > MANY ? " and " + (columns.length - MANY) + " more" : "");
  }

  /* The kind of one side of a signature: columns, tensors, mixed or none. */
  function kindOf(columns) {
    if (!columns || !columns.length) return "none";
    const count = columns.filter(({ type }) => isTensor(type)).length;
    return count === columns.length ? "tensors" : count ? "mixed" : "columns";
  }
  const haveNames = (columns) => columns.some(({ name }) => name !== null);

  /* Merge columns of one name, as MLflow does: the last type counts, and one that is required. */
  function mergeDuplicates(columns) {
    const last = new Map(columns.map((column) => [column.name, column]));
    if (last.size === columns.length || !haveNames(columns)) return columns;
    const required = new Set(columns.filter((column) => column.required).map(({ name }) => name));
    return [...last].map(([name, { type }]) => ({ name, type, required: required.has(name) }));
  }

  const presence = (required) => (required ? "required" : "optional");

  window.sitegen.compat = {
    same, isScalar, isArray, isMap, isObject, isAny, isVector, isTensor, isMapOfVectors, typeName, typeText, shapeText, columnsText,
    kindOf, haveNames, mergeDuplicates, presence,
  };
})();
