/* Changes of types, at any depth of nesting; sitegen/analysis/compat/types.py. */
(function () {
  "use strict";
  const { compat, own } = window.sitegen;
  const { casts } = window.sitegenCompat;
  const { same, isScalar, isArray, isMap, isObject, isAny, isVector, isTensor, isMapOfVectors, typeName, presence } = compat;
  const { matchMembers, byType, inJson } = compat;

  /* Columns that pandas stores as objects, so that MLflow accepts lists and mappings in them. */
  const LOOSE = ["string", "binary", "boolean"];
  /* Rules about single forms for columns of these types if any value is accepted now. */
  const OPEN_RULES = { string: "text-any", boolean: "null-altered", float: "nan-altered", double: "nan-altered" };

  const loaded = (type) => (isMapOfVectors(type) ? { vector: true } : type); /* as MLflow loads it */
  const isList = (type) => isArray(type) || isVector(type);

  /* The changes for values of type `old` if `next` is expected; not for tensors. */
  function typeChanges(before, after, place) {
    const old = loaded(before), next = loaded(after);
    if (same(old, next)) return [];
    if (isScalar(old) && isScalar(next)) return [place.change(scalarRule(old, next, place.nested), old, next)];
    if (isAny(next)) return openedType(old, place);
    if (isAny(old)) return [place.change("type-from-any", "any", typeName(next))];
    if (isList(old) && isList(next)) return listChanges(old, next, place);
    if (isMap(old) && isMap(next)) return typeChanges(old.map, next.map, place.inside(".*"));
    if (isObject(old) && isObject(next)) return propertyChanges(old.object, next.object, place);
    if (isObject(old) && isMap(next)) return objectToMap(old, next, place);
    if (isMap(old) && isObject(next)) return [place.change("map-to-object", typeName(old), typeName(next))];
    const loose = LOOSE.includes(next) && !isScalar(old) && !place.nested;
    return [place.change(loose ? "type-accident" : "type-refused", typeName(old), typeName(next))];
  }

  /* The rule for a change of the scalar type of a column, or of a value nested in one. */
  function scalarRule(old, next, nested) {
    const pair = old + " " + next, python = own(casts.python, pair);
    if (casts.accidents.includes(pair)) return "type-accident";
    if (nested) return python === "yes" ? "type-widened" : "type-refused";
    const inTables = own(casts.tables, pair), inLists = own(casts.lists, pair);
    if (inTables === "yes" && inLists === "yes") return python === "yes" ? "type-widened" : "type-cast";
    if (inTables === "yes") return "type-text";
    if (old === "boolean" && own(casts.csv, pair) === "yes") return "type-null";
    return inTables === "alters" || casts.rounding.includes(pair) ? "type-altered" : "type-refused";
  }

  /* The changes for values of a type if any value is accepted now. */
  function openedType(old, place) {
    const name = typeName(old), found = [place.change(anyRule(old, place.nested), name, "any")];
    if (!place.nested && own(OPEN_RULES, name)) found.push(place.change(OPEN_RULES[name], name, "any"));
    return found;
  }

  /* The rule for a type that becomes any: the model now gets the values exactly as sent. */
  function anyRule(old, nested = false) {
    if (isTensor(old)) return inJson.has(old.dtype) ? "type-any" : "tensor-unread";
    if (hasArrayOf("datetime", old)) return "type-any-dates";
    const undecoded = (["binary", "datetime"].includes(old) && !nested) || hasArrayOf("binary", old);
    return undecoded ? "type-any-undecoded" : "type-any";
  }

  function hasArrayOf(scalar, type) {
    if (isArray(type)) return type.array === scalar || hasArrayOf(scalar, type.array);
    if (isMap(type)) return hasArrayOf(scalar, type.map);
    return isObject(type) && type.object.some((member) => hasArrayOf(scalar, member.type));
  }

  /* Types that MLflow does not recognize in the lists that it makes from arrays. */
  const LOST_IN_LISTS = ["integer", "float", "datetime"];

  /* Whether MLflow changes a value in place while enforcing its type, so that a second enforcement refuses it. */
  function changedInPlace(type, inside = false) {
    if (isArray(type)) return (inside && LOST_IN_LISTS.includes(type.array)) || changedInPlace(type.array, inside);
    if (isMap(type)) return changedInPlace(type.map, inside);
    return isObject(type) && type.object.some((member) => changedInPlace(member.type, true));
  }

  function listChanges(old, next, place) {
    const [before, after] = [old, next].map((type) => (isVector(type) ? "double" : type.array));
    const found = isVector(old) === isVector(next) ? [] : [place.change("array-vector", typeName(old), typeName(next))];
    const inner = place.inside("[]");
    if (isAny(after) && !same(before, after)) return [...found, inner.change(anyRule(old), typeName(before), "any")];
    return [...found, ...typeChanges(before, after, inner)];
  }

  function objectToMap(old, next, place) {
    const rule = old.object.every((member) => member.required) ? "object-to-map" : "object-to-map-null";
    const members = old.object.flatMap(({ name, type }) => typeChanges(type, next.map, place.inside("." + name)));
    return [place.change(rule, typeName(old), typeName(next)), ...members];
  }

  /* The changes of objects: unlike tables, they accept no properties that they do not state. */
  function propertyChanges(old, next, place) {
    const members = matchMembers(old, next, byType), at = ({ name }) => place.inside("." + name);
    return [
      ...members.renamed.map(([before, after]) => at(before).change("property-renamed", before.name, after.name)),
      ...members.removed.map((member) => at(member).change("property-removed", typeName(member.type))),
      ...members.added.map((member) => {
        const rule = member.required ? "property-added" : "property-added-optional";
        return at(member).change(rule, null, typeName(member.type));
      }),
      ...members.kept.flatMap(([before, after]) => memberChanges(before, after, at(before))),
    ];
  }

  function memberChanges(old, next, place) {
    const types = typeChanges(old.type, next.type, place);
    if (old.required === next.required) return types;
    const rule = next.required ? "property-required" : "property-optional";
    return [place.change(rule, presence(old.required), presence(next.required)), ...types];
  }

  Object.assign(compat, { typeChanges, anyRule, changedInPlace, propertyChanges });
})();
