/* Changes that concern only single ways to call a model; sitegen/analysis/compat/form_changes.py. */
(function () {
  "use strict";
  const { compat } = window.sitegen;
  const { same, isObject, isMap, isTensor, typeText, columnsText, mergeDuplicates, INPUTS, inputsOf, cast } = compat;

  /* The changes for callers of single forms, between two sets of inputs that MLflow loads. */
  function formChanges(old, next) {
    const before = inputsOf(mergeDuplicates(old)), after = inputsOf(mergeDuplicates(next));
    const texts = [columnsText(old), columnsText(next)], found = after.flat ? [] : [INPUTS.change("csv-refused", ...texts)];
    if (before.tensors) return after.tensors ? found : [...found, ...toColumns(before, after)];
    if (after.tensors) return [...found, INPUTS.change("columns-to-tensor-dict", ...texts)];
    return [...found, ...betweenTables(before, after)];
  }

  function betweenTables(old, next) {
    const texts = [columnsText(old.columns), columnsText(next.columns)], found = [];
    if (old.oneRow !== next.oneRow) found.push(INPUTS.change("dict-rows", ...texts));
    if (old.named && next.named) found.push(...named(old, next, texts));
    else if (old.named) found.push(INPUTS.change("names-dropped", ...texts));
    else if (!next.named && castApart(old, next)) found.push(INPUTS.change("list-cast", ...texts));
    return found;
  }

  function named(old, next, texts) {
    const found = [], [first] = old.columns;
    if (old.width === 1 && !isObject(first.type) && !isMap(first.type)) {
      if (next.width > 1) found.push(INPUTS.change("list-single", ...texts));
      else if (first.name !== next.columns[0].name && !same(old.types, next.types)) found.push(INPUTS.change("list-renamed", ...texts));
    }
    const names = new Set(next.columns.map(({ name }) => name)), removed = old.columns.some(({ name }) => !names.has(name));
    if (removed && !old.oneRow && !next.oneRow) found.push(INPUTS.change("row-removed", ...texts));
    return found;
  }

  const JSON_CASTS = ["integer", "float", "binary", "datetime"]; /* types to which JSON values must be cast */

  /* Whether values do not fit if the columns of a request have no names. */
  function castApart(old, next) {
    const types = next.types.slice(0, old.columns.length), [first] = next.types;
    if (first === "any" && types.some((type) => JSON_CASTS.includes(type))) return true;
    const pairs = [...types.map((type) => [first, type]), ...types.map((type, place) => [old.types[place], type])];
    return pairs.some(([before, after]) => (cast(before, after) || "yes") !== "yes");
  }

  /* The changes if an array becomes columns. */
  function toColumns(old, next) {
    const { type } = old.columns[0], found = [INPUTS.change("sparse-refused", columnsText(old.columns), columnsText(next.columns))];
    if (isTensor(type) && type.shape.length > 1) found.push(INPUTS.change("cells-refused", typeText(type), columnsText(next.columns)));
    return found;
  }

  Object.assign(compat, { formChanges });
})();
