/* Changes of tensors: name, dtype and shape; sitegen/analysis/compat/tensors.py. */
(function () {
  "use strict";
  const { compat, own } = window.sitegen;
  const { casts } = window.sitegenCompat;
  const { same, isTensor, typeText, shapeText, columnsText, haveNames, mergeDuplicates } = compat;
  const { Place, INPUTS, inJson, tabular, anyRule, byName } = compat;

  const ONLY = new Place("inputs", "[0]"); /* the only tensor, which has no name */
  const ANYTHING = { dtype: "object", shape: [-1] }; /* the tensor that accepts any array */
  const INTEGERS = /^u?int(8|16|32|64)$/;

  /* The changes between two sets of tensors. Without names there is exactly one. */
  function tensorChanges(old, next) {
    const texts = [columnsText(old), columnsText(next)], array = () => arrayChanges(old[0].type, next[0].type, ONLY);
    if (haveNames(old)) return haveNames(next) ? byName(old, next, arrayChanges) : [INPUTS.change("tensors-unnamed", ...texts)];
    if (!haveNames(next)) return array();
    if (mergeDuplicates(next).length > 1) return [INPUTS.change("inputs-named", ...texts)];
    const { name } = next[0], place = new Place("inputs", name || "");
    return [
      place.change("tensor-named", null, name),
      ...(tabular(old[0].type) ? [place.change("tensor-named-table", null, name)] : []),
      INPUTS.change("sparse-refused", typeText(old[0].type), texts[1]),
      ...array(),
    ];
  }

  /* The changes between two types of arrays. */
  function arrayChanges(old, next, place) {
    if (same(old, next) || !isTensor(old) || !isTensor(next)) return [];
    if (same(next, ANYTHING)) return openChanges(old, place);
    if (old.shape.length === 1 && next.shape.slice(1).includes(-1) && [old.dtype, next.dtype].includes("object")) {
      return [place.change("tensor-ragged", typeText(old), typeText(next))];
    }
    const found = [];
    if (old.dtype !== next.dtype) found.push(place.change(dtypeRule(old.dtype, next.dtype), old.dtype, next.dtype));
    if (!same(old.shape, next.shape)) {
      found.push(place.change(shapeRule(old.shape, next.shape, tabular(old)), shapeText(old), shapeText(next)));
    }
    return found;
  }

  /* The changes from an array to one of any kind. */
  function openChanges(old, place) {
    const wide = tabular(old) && old.shape.slice(1).reduce((product, size) => product * size, 1) !== 1;
    const texts = [typeText(old), typeText(ANYTHING)];
    const found = [place.change(wide ? "tensor-anything-table" : "tensor-anything", ...texts)];
    if (anyRule(old) !== "type-any") found.push(place.change(anyRule(old), ...texts));
    else if (own(casts.dtypes, old.dtype + " object") !== "yes") {
      found.push(place.change(["bool", "str"].includes(old.dtype) ? "null-altered" : "nan-altered", ...texts));
    }
    return found;
  }

  /* The rule for a change of dtype: it always breaks Python callers. */
  function dtypeRule(old, next) {
    if (!inJson.has(old) || !inJson.has(next)) return "tensor-foreign";
    const cell = own(casts.dtypes, old + " " + next);
    if (cell === "yes") return "tensor-cast";
    if (cell === "no") return "tensor-refused";
    if (INTEGERS.test(old) && (INTEGERS.test(next) || next === "float16")) return "tensor-narrowed";
    if (cell === "alters") return "tensor-altered";
    /* nulls are refused, numbers are rounded */
    return old.startsWith("float") && next.startsWith("int") ? "tensor-altered" : "tensor-refused";
  }

  /* The rule for a change of shape: the worst over its dimensions. `table`: callers may also send a DataFrame. */
  function shapeRule(old, next, table) {
    if (old.length !== next.length) return "tensor-rank";
    const changed = old.map((size, place) => [size, next[place]]).filter(([before, after]) => before !== after);
    if (changed.some((sizes) => !sizes.includes(-1))) return "tensor-resized";
    if (changed.some(([before]) => before === -1)) return "tensor-fixed";
    return table && next.slice(1).includes(-1) ? "tensor-freed-table" : "tensor-freed";
  }

  Object.assign(compat, { tensorChanges });
})();
