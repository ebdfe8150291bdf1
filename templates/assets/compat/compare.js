/* What differs between two signatures, and the verdict: sitegen/analysis/compat/compare.py in JavaScript, so that any two
   versions of a site can be compared. A browser test compares both for the cases and random pairs.
   A signature is {inputs, outputs, params, unreadable, refused, hinted}: a side is null where it is not stated; `unreadable` and
   `refused` name the sides that cannot be read and that MLflow refuses; `hinted`: it comes from Python type hints, so
   that MLflow does not enforce its inputs. */
(function () {
  "use strict";
  const { compat } = window.sitegen;
  const { same, columnsText, kindOf, INPUTS, OUTPUTS, PARAMS, acceptedForms, forForms, worsens, verdictOf } = compat;
  const { columnChanges, unstatedChanges, tensorChanges, tableToTensors, tensorsToTable, formChanges, outputChanges, paramChanges } = compat;

  /* The changes from one signature to another: {python, rest, outputs, changes}. */
  function compareSignatures(old, next) {
    const changes = forForms(allChanges(old, next), acceptedForms(old.inputs));
    return { ...verdictOf(changes), changes };
  }

  function allChanges(old, next) {
    return [...inputSide(old, next), ...paramSide(old, next), ...side(OUTPUTS, old, next)];
  }

  function inputSide(old, next) {
    const found = side(INPUTS, old, next);
    if (!old.hinted && !next.hinted) return found;
    const unknown = found.map((one) => ({ ...one, python: "unknown", rest: "unknown" }));
    return [INPUTS.change("inputs-type-hint", sideText(old.inputs), sideText(next.inputs)), ...unknown];
  }

  const has = (name, area, ...signatures) => signatures.some((signature) => signature[name].includes(area));
  const sideText = (columns) => (columns === null ? null : columnsText(columns));

  /* The changes of inputs or outputs. An unreadable side is a change, too, even if it was unreadable before. */
  function side(place, old, next) {
    const { area } = place, before = old[area], after = next[area], texts = [sideText(before), sideText(after)];
    if (has("unreadable", area, old, next)) return [place.change(area + "-unreadable", ...texts)];
    if (before === null || after === null) {
      const open = place === INPUTS && before && before.length && after === null && !has("refused", area, old);
      return [place.change(area + "-unstated", ...texts), ...(open ? unstatedChanges(before) : [])];
    }
    if (has("refused", area, old, next)) return [place.change(area + "-refused", ...texts)];
    if (same(before, after)) return [];
    return place === OUTPUTS ? outputChanges(before, after) : inputChanges(before, after);
  }

  function inputChanges(old, next) {
    const general = generalChanges(old, next);
    return [...general, ...formChanges(old, next).filter((change) => worsens(change, general))];
  }

  function generalChanges(old, next) {
    const nameless = next.some(({ name }) => name === "");
    const found = nameless ? [INPUTS.change("input-nameless", columnsText(old), columnsText(next))] : [];
    const columns = [kindOf(old) === "columns", kindOf(next) === "columns"];
    const judge = columns[0] ? (columns[1] ? columnChanges : tableToTensors) : columns[1] ? tensorsToTable : tensorChanges;
    return [...found, ...judge(old, next)];
  }

  function paramSide(old, next) {
    if (has("unreadable", "params", old, next)) return [PARAMS.change("params-unreadable")];
    if (has("refused", "params", old, next)) return [PARAMS.change("params-refused")];
    return paramChanges(old.params || [], next.params || []);
  }

  Object.assign(compat, { compareSignatures });
})();
