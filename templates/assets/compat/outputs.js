/* Changes of outputs, which MLflow does not enforce; sitegen/analysis/compat/outputs.py. */
(function () {
  "use strict";
  const { compat } = window.sitegen;
  const { same, isArray, isMap, isObject, isTensor, typeText, shapeText, columnsText, kindOf, haveNames, mergeDuplicates } = compat;
  const { presence, matchMembers, byType, Place, OUTPUTS } = compat;

  /* The changes between the outputs of two versions. */
  function outputChanges(old, next) {
    if (kindOf(old) !== kindOf(next) || haveNames(old) !== haveNames(next)) {
      return [OUTPUTS.change("outputs-kind", kindText(old), kindText(next))];
    }
    return haveNames(old) ? members(mergeDuplicates(old), mergeDuplicates(next), OUTPUTS) : byPosition(old, next);
  }
  const kindText = (columns) => (haveNames(columns) ? "named " : "") + kindOf(columns) + ": " + columnsText(columns);

  function byPosition(old, next) {
    const at = (number) => new Place("outputs", "[" + number + "]");
    return [
      ...old.slice(0, next.length).flatMap(({ type }, number) => types(type, next[number].type, at(number))),
      ...old.slice(next.length).map(({ type }, number) => at(next.length + number).change("output-removed", typeText(type))),
      ...next.slice(old.length).map(({ type }, number) => at(old.length + number).change("output-added", null, typeText(type))),
    ];
  }

  /* The changes between named outputs, or between the properties of one output. */
  function members(old, next, outer) {
    const matched = matchMembers(old, next, byType), names = (all) => all.map(({ name }) => String(name)).join(", ");
    const at = ({ name }) => (outer.where ? outer.inside("." + name) : new Place("outputs", name || ""));
    return [
      ...matched.renamed.map(([before, after]) => at(before).change("output-renamed", before.name, after.name)),
      ...matched.removed.map((member) => at(member).change("output-removed", typeText(member.type))),
      ...matched.added.map((member) => at(member).change("output-added", null, typeText(member.type))),
      ...(matched.reordered ? [outer.change("outputs-reordered", names(old), names(next))] : []),
      ...matched.kept.flatMap(([before, after]) => memberChanges(before, after, at(before))),
    ];
  }

  function memberChanges(old, next, place) {
    const found = types(old.type, next.type, place);
    if (Boolean(old.required) === Boolean(next.required)) return found;
    const rule = next.required ? "output-required" : "output-optional";
    return [place.change(rule, presence(old.required), presence(next.required)), ...found];
  }

  function types(old, next, place) {
    if (same(old, next)) return [];
    if (isObject(old) && isObject(next)) return members(old.object, next.object, place);
    if (isArray(old) && isArray(next)) return types(old.array, next.array, place.inside("[]"));
    if (isMap(old) && isMap(next)) return types(old.map, next.map, place.inside(".*"));
    if (isTensor(old) && isTensor(next) && old.dtype === next.dtype) {
      return [place.change("output-reshaped", shapeText(old), shapeText(next))];
    }
    return [place.change("output-retyped", typeText(old), typeText(next))];
  }

  Object.assign(compat, { outputChanges });
})();
