/* Changes of params: the same from Python and over REST; sitegen/analysis/compat/params.py. A param is
   {name, type, shape, default, key}: `default` is its JSON text; equal defaults have equal keys. */
(function () {
  "use strict";
  const { compat } = window.sitegen;
  const { casts } = window.sitegenCompat;
  const { same, isObject, typeName, matchMembers, Place, propertyChanges } = compat;

  const alike = ({ type, shape }) => JSON.stringify([type, shape]);
  const placeOf = ({ name }) => new Place("params", name, true);
  const text = ({ type, shape }) => (shape === null ? "" : "list of ") + typeName(type);

  /* The changes between the params of two versions. Each has a default, so that callers may omit it. */
  function paramChanges(old, next) {
    const params = matchMembers(old, next, alike);
    return [
      ...params.renamed.map(([before, after]) => placeOf(before).change("param-renamed", before.name, after.name)),
      ...params.removed.map((param) => placeOf(param).change("param-removed", text(param))),
      ...params.added.map((param) => placeOf(param).change("param-added", null, param.default)),
      ...params.kept.flatMap(([before, after]) => [...typeChange(before, after), ...defaultChange(before, after)]),
    ];
  }

  function typeChange(old, next) {
    const place = placeOf(old);
    if (!same(old.shape, next.shape)) return [place.change("param-list", text(old), text(next))];
    if (isObject(old.type) && isObject(next.type)) return propertyChanges(old.type.object, next.type.object, place);
    if (same(old.type, next.type)) return [];
    const pair = typeName(old.type) + " " + typeName(next.type);
    const rule = casts.paramWidenings.includes(pair) ? "param-widened" : casts.paramNarrowings.includes(pair) ? "param-narrowed" : "param-retyped";
    return [place.change(rule, typeName(old.type), typeName(next.type))];
  }

  function defaultChange(old, next) {
    return old.key === next.key ? [] : [placeOf(old).change("param-default", old.default, next.default)];
  }

  Object.assign(compat, { paramChanges });
})();
