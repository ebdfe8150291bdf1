/* Forms of calls: which of them a signature accepts, and what a change means for each; sitegen/analysis/compat/forms.py. */
(function () {
  "use strict";
  const { compat, own } = window.sitegen;
  const { casts, forms: known } = window.sitegenCompat;
  const { isScalar, isArray, isObject, isVector, isTensor, isMapOfVectors, typeName, kindOf, worst } = compat;
  const inJson = new Set(casts.inJson), ofSparse = new Set(casts.ofSparse);

  const fromPython = (form) => known.python.includes(form) || known.params.includes(form);

  /* The facts about the inputs of a signature that decide which forms it accepts. */
  function inputsOf(columns) {
    const types = columns.map(({ type }) => typeName(type)), all = columns.map(({ type }) => type);
    return {
      columns, types,
      tensors: kindOf(columns) === "tensors",
      named: columns.some(({ name }) => name !== null),
      width: columns[0].name === null ? columns.length : new Set(columns.map(({ name }) => name)).size,
      oneRow: all.some((type) => isArray(type) || isObject(type) || isVector(type) || isMapOfVectors(type)),
      flat: all.every(isScalar),
      narrow: types.some((name) => name === "integer" || name === "float"),
    };
  }

  /* Whether columns of a table can carry a tensor: any number of rows, each of one size. */
  function tabular(type) {
    if (!isTensor(type) || type.shape[0] !== -1) return false;
    const { dtype, shape: [, ...sizes] } = type;
    if (sizes.length === 1 && /^(datetime|timedelta)64/.test(dtype)) return sizes[0] > 1 && /\[(s|ms|us|ns)\]$/.test(dtype);
    return (inJson.has(dtype) || dtype.startsWith("float") || sizes.length === 1) && !sizes.includes(-1);
  }

  const cast = (old, next) => own(casts.python, old + " " + next);

  /* Whether lists of values are accepted where columns have no names: MLflow casts all to the first type. */
  const hasLists = ({ types: [first, ...others] }) => others.every((other) => (cast(first, other) || "no") !== "no");
  const hasUncastRecords = ({ narrow, types }) => !narrow && !types.includes("binary") && !types.includes("datetime");
  const hasTables = ({ tensors, columns }) => !tensors || columns.every(({ type }) => tabular(type));
  const hasInputs = (inputs) => inputs.tensors || inputs.named || hasLists(inputs) || hasUncastRecords(inputs);
  const hasCsv = ({ flat, columns }) => flat && !columns.some(({ required, type }) => required && type === "datetime");

  function hasSeries(inputs) {
    if (!inputs.named || inputs.tensors) return inputs.width === 1 && hasTables(inputs);
    return new Set(inputs.columns.filter(({ required }) => required).map(({ name }) => name)).size <= 1;
  }
  function isSparse({ columns: [{ type }], named }) {
    return isTensor(type) && type.shape.length === 2 && !named && ofSparse.has(type.dtype);
  }

  /** The forms of data, each with the signatures that accept it.
   * @type {[string, (inputs: any) => boolean][]} */
  const ACCEPTED = [
    ["dataframe", hasTables],
    ["series", hasSeries],
    ["dict", (inputs) => inputs.named || !inputs.tensors],
    ["records", (inputs) => !inputs.tensors],
    ["ndarray", (inputs) => (inputs.tensors && inputs.named ? inputs.width === 1 : !inputs.named)],
    ["list", (inputs) => !(inputs.tensors || inputs.named || inputs.narrow)],
    ["sparse", isSparse],
    ["dataframe_split", hasTables],
    ["dataframe_records", hasTables],
    ["inputs", hasInputs],
    ["instances", (inputs) => hasInputs(inputs) && (inputs.tensors || !inputs.oneRow)],
    ["csv", (inputs) => !inputs.tensors && hasCsv(inputs)],
  ];

  /* The forms of data that a signature accepts; all of them where its inputs are not known. */
  function acceptedForms(columns) {
    if (!columns || !columns.length) return ACCEPTED.map(([form]) => form);
    const inputs = inputsOf(columns);
    return ACCEPTED.filter(([, accepts]) => accepts(inputs)).map(([form]) => form);
  }

  /* Changes limited to the accepted forms, without those that concern none of them. */
  function forForms(changes, accepted) {
    return changes.flatMap((change) => {
      if (!change.forms.length) return [change];
      const possible = change.area === "params" ? known.params : accepted;
      const forms = possible.filter((form) => change.forms.includes(form));
      return forms.length ? [limited(change, forms, possible)] : [];
    });
  }

  function limited(change, forms, possible) {
    const python = forms.some(fromPython) ? change.python : "safe";
    const rest = forms.some((form) => known.rest.includes(form)) ? change.rest : "safe";
    return { ...change, python, rest, forms: forms.length === possible.length ? [] : forms };
  }

  /* The level of a change for callers of one form; null if it does not concern them. */
  function levelFor(change, form) {
    if (change.forms.length && !change.forms.includes(form)) return null;
    return fromPython(form) ? change.python : change.rest;
  }

  /* Whether a change of single forms is worse for one of them than all other changes. */
  function worsens(change, others) {
    return change.forms.some((form) => {
      const rest = others.map((other) => levelFor(other, form));
      return worst([levelFor(change, form), ...rest]) !== worst(rest);
    });
  }

  Object.assign(compat, { inputsOf, tabular, cast, inJson, acceptedForms, forForms, worsens });
})();
