/* Changes from tables to tensors, and from tensors to tables; sitegen/analysis/compat/table_tensor.py. */
(function () {
  "use strict";
  const { compat, own } = window.sitegen;
  const { casts } = window.sitegenCompat;
  const { same, isScalar, isTensor, typeName, typeText, columnsText, haveNames, mergeDuplicates, INPUTS, cast, anyRule } = compat;

  /* The dtype to which the scoring server casts an array, by the type of its first column. */
  const DTYPE_OF_TYPE = { ...casts.dtypeOfScalar, string: "str" };
  /* The type of a column that is made from an array, by dtype; smaller dtypes are cast like the next larger type. */
  const SCALAR_OF_DTYPE = {
    ...Object.fromEntries(Object.entries(DTYPE_OF_TYPE).map(([name, dtype]) => [dtype, name])),
    int8: "integer", int16: "integer", uint8: "integer", uint16: "integer", float16: "float",
  };
  const castOver = (old, next) => own(casts.dtypes, old + " " + next);

  /* The changes from columns to one array, or to several named arrays. */
  function tableToTensors(old, next) {
    const columns = mergeDuplicates(old), target = next[0].type;
    if (haveNames(next) || !isTensor(target)) return [INPUTS.change("columns-to-tensors", table(columns), columnsText(next))];
    const rule = ruleToTensor(columns, target), mixed = rule === "columns-to-tensor-alike" && haveNames(old) && columns.length > 1;
    const found = [mixed ? INPUTS.change("columns-to-tensor", columnsText(columns), typeText(target))
      : INPUTS.change(rule, table(columns), typeText(target))];
    const booleans = columns.some(({ type }) => type === "boolean");
    if (rule !== "columns-to-tensor-refused" && booleans && target.dtype !== "object") {
      found.push(INPUTS.change("null-made", table(columns), typeText(target)));
    }
    return found;
  }

  /* The rule for an array that MLflow makes from a table. */
  function ruleToTensor(columns, target) {
    const width = columns.length, dtypes = columns.map(({ type }) => columnDtype(type));
    const single = [[-1], [-1, 1]].some((shape) => same(shape, target.shape)) && isScalar(columns[0].type);
    const several = same(target.shape, [-1, width]) && target.dtype !== "str"; /* pandas stores texts as objects */
    const fits = (width === 1 ? single : several) && columns.every(({ required }) => required);
    if (!fits || dtypes.some((dtype) => castOver(dtype, target.dtype) !== "yes")) return "columns-to-tensor-refused";
    /* a table of several columns must have the same dtype; a single column is cast */
    return width === 1 || common(dtypes) === target.dtype ? "columns-to-tensor-alike" : "columns-to-tensor-cast";
  }

  /* The dtype of a column of a table; empty if an array would have other values than the table. */
  const columnDtype = (type) => own(casts.dtypeOfScalar, typeName(type)) || (anyRule(type) === "type-any" ? "object" : "");

  /* The dtype of the array that pandas makes from columns of these dtypes. */
  function common(dtypes) {
    const kinds = new Set(dtypes);
    if (kinds.size === 1) return dtypes[0];
    if (kinds.has("bool") || kinds.has("object")) return "object";
    return kinds.size === 2 && kinds.has("int32") && kinds.has("int64") ? "int64" : "float64";
  }

  /* The changes from tensors to columns. */
  function tensorsToTable(old, next) {
    const array = old[0].type;
    if (haveNames(old) || haveNames(next) || !isTensor(array)) {
      return [INPUTS.change("tensors-to-columns", columnsText(old), columnsText(next))];
    }
    const rule = ruleToColumns(array, next), found = [INPUTS.change(rule, typeText(array), table(next))];
    if (rule !== "tensor-to-columns-refused" && (array.dtype === "bool" || array.dtype === "str")) {
      found.push(INPUTS.change("null-altered", typeText(array), table(next)));
    }
    if (next.length < widthOf(array)) found.push(INPUTS.change("tensor-to-columns-cut", typeText(array), table(next)));
    return found;
  }

  /* The number of columns made from an array; 0 if it is unknown. */
  function widthOf({ shape }) {
    if (shape.length === 1) return 1;
    return shape.length === 2 && shape[1] > 0 ? shape[1] : 0;
  }

  /* The rule for a table that MLflow makes from an array: the scoring server casts all of it to the first type. */
  function ruleToColumns(array, next) {
    const kind = own(SCALAR_OF_DTYPE, array.dtype), types = next.map(({ type }) => typeName(type)), [first] = types;
    const fits = castOver(array.dtype, own(DTYPE_OF_TYPE, first) || "") === "yes" && acceptsAll(first, types);
    if (kind === undefined || next.length > widthOf(array) || !fits) return "tensor-to-columns-refused";
    return acceptsAll(kind, types) ? "tensor-to-columns" : "tensor-to-columns-cast";
  }
  const acceptsAll = (kind, types) => types.every((type) => cast(kind, type) === "yes");

  /* A table as a short text: `3 columns of long, double`. */
  function table(columns) {
    const kinds = [...new Set(columns.map(({ type }) => typeText(type)))].join(", ");
    return columns.length + " column" + (columns.length > 1 ? "s" : "") + " of " + kinds;
  }

  Object.assign(compat, { tableToTensors, tensorsToTable });
})();
