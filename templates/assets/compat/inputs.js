/* Changes of tables and named tensors: inputs by name, or by position if they have no names;
   sitegen/analysis/compat/inputs.py. */
(function () {
  "use strict";
  const { compat } = window.sitegen;
  const { same, isAny, isArray, isTensor, typeName, typeText, columnsText, haveNames, mergeDuplicates } = compat;
  const { INPUTS, inputPlace, presence, matchMembers, byType, tabular, typeChanges, anyRule, changedInPlace } = compat;

  /* The changes between two tables. */
  function columnChanges(old, next) {
    if (haveNames(old) && haveNames(next)) return byName(old, next, typeChanges);
    if (!haveNames(old) && !haveNames(next)) return byPosition(old, next);
    if (!haveNames(old)) return [INPUTS.change("inputs-named", columnsText(old), columnsText(next))];
    const merged = mergeDuplicates(old), texts = [columnsText(merged), columnsText(next)];
    const optional = merged.slice(0, next.length).some(({ required }) => !required);
    const rules = optional ? ["inputs-unnamed-optional"] : merged.length > 1 ? ["inputs-unnamed"] : [];
    return [...rules.map((rule) => INPUTS.change(rule, ...texts)), ...byPosition(merged, next)];
  }

  /* Types for which MLflow turns null into a value. */
  const NULLS = ["boolean", "string", "bool", "str"];

  /* The breaking changes if the inputs are no longer stated, so that the model gets the data as sent. */
  function unstatedChanges(columns) {
    const text = columns.some(({ type }) => type === "string" || type === "binary");
    const found = text ? [INPUTS.change("csv-untyped", columnsText(columns), null)] : [];
    columns.forEach((column, number) => {
      const { type } = column, rule = anyRule(type), place = inputPlace(column, number);
      if (isTensor(type) && tabular(type) && type.shape.length > 1) found.push(place.change("cells-unread", typeText(type)));
      if (isAny(type) || isArray(type)) found.push(place.change("inputs-ragged", typeText(type)));
      if (rule !== "type-any") found.push(place.change(rule, typeText(type)));
      else if (NULLS.includes(typeName(type))) found.push(place.change("null-altered", typeText(type)));
    });
    return found;
  }

  /* The changes between two sets of named inputs; `compare` is for their types. */
  function byName(old, next, compare) {
    const columns = matchMembers(mergeDuplicates(old), mergeDuplicates(next), byType);
    const before = typesOf(old), after = typesOf(next);
    return [
      ...columns.renamed.map(([from, to]) => inputPlace(from).change(to.required ? "input-renamed" : "input-renamed-optional", from.name, to.name)),
      ...columns.removed.map((column) => inputPlace(column).change("input-removed", typeText(column.type))),
      ...columns.added.map((column) => {
        const rule = column.required ? "input-added" : "input-added-optional";
        return inputPlace(column).change(rule, null, typeText(column.type));
      }),
      ...(columns.reordered ? [INPUTS.change("inputs-reordered", columnsText(old), columnsText(next))] : []),
      ...columns.kept.flatMap(([from, to]) => [
        ...presenceChange(from, to, inputPlace(from)),
        ...inputTypeChanges(before.get(from.name), after.get(to.name), inputPlace(from), compare),
      ]),
    ];
  }

  function presenceChange(old, next, place) {
    if (Boolean(old.required) === Boolean(next.required)) return [];
    return [place.change(next.required ? "input-required" : "input-optional", presence(old.required), presence(next.required))];
  }

  /* The types of each input: usually one, several if its name is repeated. */
  function typesOf(columns) {
    const types = new Map();
    for (const { name, type } of columns) types.set(name, [...(types.get(name) || []), type]);
    return types;
  }

  function inputTypeChanges(old, next, place, compare) {
    if (same(old, next)) return [];
    const text = (types) => types.map(typeText).join(", ");
    if (ambiguous(old) || ambiguous(next)) return [place.change("input-repeated", text(old), text(next))];
    return compare(old[old.length - 1], next[next.length - 1], place);
  }

  /* Whether an input is repeated with an effect: MLflow enforces it once for each repetition. */
  function ambiguous(types) {
    const [first] = types;
    return types.length > 1 && (types.some((type) => !same(type, first)) || first === "binary" || changedInPlace(first));
  }

  function byPosition(old, next) {
    const both = old.slice(0, next.length);
    return [
      ...both.flatMap((column, number) => typeChanges(column.type, next[number].type, inputPlace(column, number))),
      ...old.slice(next.length).map((column, number) => {
        return inputPlace(column, next.length + number).change("input-removed", typeText(column.type));
      }),
      ...next.slice(old.length).map((column, number) => {
        return inputPlace(column, old.length + number).change("input-added", null, typeText(column.type));
      }),
    ];
  }

  Object.assign(compat, { columnChanges, unstatedChanges, byName });
})();
