/* "Use it" on the page of a version: check a payload, map columns. Entry script.

   files.txt has the order in which the scripts are joined; site.js comes before them.

   Markup (all parts are optional; what is `hidden` is shown by this script, so that nothing stands there without it):

     <section data-use data-signature='{"inputs": [...] or null, "params": [...] or null}'>   as the API's `signature` has them
       <div data-use-check hidden>
         <label for="payload">Check a payload</label> <textarea id="payload" data-use-payload></textarea>
         <button type="button" data-use-example="{...}">Fill in the example</button>           any number; without a value: the
                                                                                                text of [data-use-request]
         <p data-use-verdict role="status"></p>                                               the two verdicts
         <div data-use-findings></div>                                                        mismatches, casts
       </div>
       <div data-use-map hidden>
         <label for="header">Your columns</label> <textarea id="header" data-use-header></textarea>
         <p data-use-mapped role="status"></p>                                                what is still open
         <div data-use-fields></div>                                                          fields, where rows have no cell for them
         <div data-copy hidden><pre><code data-use-pandas></code></pre></div>            a row of its own with a button, or a pre
         <div data-copy hidden><pre><code data-use-sql></code></pre></div>
       </div>
       <tr data-use-input="bmi"> <td data-use-mark></td> <td data-use-column hidden></td>      rows of the signature's table
       <th data-use-column hidden>Your column</th>
     </section>
     <span data-code-table="pandas">data = ...</span>                                         code of "Use it" that follows the choice

   The forms of code are `pandas`, `spark` and `columns`, see mapping.js.

   An unnamed input has its position as name: data-use-input="0". Without named columns (tensors, no signature) the map stays
   hidden. Pure use: window.sitegenUse.check(text, signature), see check.js; mapping.js for names.
   What is pasted stays in the fields: it is not stored, sent, or put into the address. */
(function () {
  "use strict";
  const use = window.sitegenUse;
  const { make, all } = window.sitegen;
  const WAIT = 150; /* milliseconds after the last key */

  document.addEventListener("DOMContentLoaded", () => all("[data-use]").forEach(start));

  const find = (within, name) => within.querySelector(`[data-use-${name}]`);

  /* A field whose text is forgotten with the page, and what happens when it changes. */
  function field(element, changed) {
    let waiting;
    element.autocomplete = "off"; /* not restored from the history */
    element.spellcheck = false; /* not sent to a spelling service */
    element.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(changed, WAIT);
    });
  }

  function start(section) {
    const signature = JSON.parse(section.dataset.signature || "null") || { inputs: null, params: null };
    if (find(section, "check")) startCheck(section, signature);
    if (find(section, "map")) startMap(section, signature);
  }

  /* --- check a payload --- */

  function startCheck(section, signature) {
    const box = find(section, "payload"), verdict = find(section, "verdict"), below = find(section, "findings");
    const judge = () => {
      const found = box.value.trim() ? use.check(box.value, signature) : null;
      verdict.replaceChildren(...(found ? use.report.summary(found).filter(Boolean) : []));
      below.replaceChildren(...(found ? use.report.details(found) : []));
      mark(section, found);
    };
    field(box, judge);
    all("[data-use-example]", section).forEach((button) => button.addEventListener("click", () => {
      box.value = button.dataset.useExample || find(section, "request").textContent;
      judge();
      box.focus();
    }));
    find(section, "check").hidden = false;
    if (box.value) judge();
  }

  /* A sign beside each input whose values are refused or changed. */
  function mark(section, found) {
    const marks = new Map(found ? Array.from(found.marks, ([name, level]) => [String(name), level]) : []);
    all("[data-use-input]", section).forEach((row) => {
      const cell = find(row, "mark"), level = marks.get(row.dataset.useInput);
      if (!cell) return;
      const [sign, word] = level ? use.report.CELLS[level] : [];
      const hidden = () => make("span", { class: "use-hidden" }, `payload: ${word}`);
      cell.replaceChildren(...(level ? [make("span", { class: `use-${level}`, "aria-hidden": "true" }, sign), hidden()] : []));
    });
  }

  /* --- map columns --- */

  function startMap(section, signature) {
    const inputs = (signature.inputs || []).filter((input) => input.name !== null && !Array.isArray(input.shape));
    if (!inputs.length) return;
    const header = find(section, "header"), part = find(section, "map");
    const selects = new Map(inputs.map((input) => [input.name, makeSelect(section, input)]));
    let columns = [], matches = [];
    const chosen = () => new Map(inputs.map((input) => [input.name, columns.length ? selects.get(input.name).value : ""]));
    const follow = () => showMapping(section, inputs, columns, chosen(), matches);
    field(header, () => {
      columns = use.mapping.readHeader(header.value);
      matches = use.mapping.matchColumns(inputs, columns);
      matches.forEach((one) => fill(selects.get(one.input.name), one, columns));
      all("[data-use-column]", section).forEach((cell) => { cell.hidden = !columns.length; });
      follow();
    });
    selects.forEach((select) => select.addEventListener("change", follow));
    part.hidden = false;
  }

  function makeSelect(section, input) {
    const row = all("[data-use-input]", section).find((one) => one.dataset.useInput === input.name);
    const cell = row && find(row, "column"), select = make("select", { "aria-label": `Your column for ${input.name}`, autocomplete: "off" });
    if (cell) cell.append(select);
    else find(section, "fields").append(make("div", { "data-use-column": true, hidden: true }, `${input.name} `, select));
    return select;
  }

  function fill(select, match, columns) {
    const { input, column } = match, optional = input.required === false || input.required === null;
    const options = columns.map((name) => make("option", { value: name }, name));
    select.replaceChildren(make("option", { value: "" }, optional ? "leave out" : "choose"), ...options);
    select.value = column || "";
  }

  function showMapping(section, inputs, columns, chosen, matches) {
    const code = use.mapping.mappingCode(inputs, chosen), told = find(section, "mapped");
    const { complete, text } = use.mapping.mappingText(inputs, columns, chosen, matches);
    told.textContent = columns.length ? `${complete ? "✓" : "◐"} ${text}` : "";
    for (const name of ["pandas", "sql"]) {
      const place = find(section, name);
      if (!place) continue;
      place.textContent = code[name];
      (place.closest("[data-copy]") || place.closest("pre") || place).hidden = !code[name];
    }
    writeTables(code.forms);
  }

  const examples = new WeakMap(); /* the code as the page brought it */

  /* Put the reader's columns into the code of "Use it"; without any, the example stands there again. */
  function writeTables(forms) {
    all("[data-code-table]").forEach((place) => {
      if (!examples.has(place)) examples.set(place, place.textContent);
      place.textContent = forms ? forms[place.dataset.codeTable] : examples.get(place);
    });
  }
})();
