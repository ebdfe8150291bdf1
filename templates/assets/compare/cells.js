/* The cells of the compare page's table, and how wide they are: stated, so that none needs to be measured. */
(function () {
  "use strict";
  const { make, reveal } = window.sitegen;
  const { missing } = window.sitegen.chartFields;
  const { bestOf } = window.sitegen.compareRows;
  const { numeric, digitsOf, shownNumber, shownChange } = window.sitegen.numbers;

  const digits = (row) => row.digits || (row.digits = digitsOf(row.values));

  /* What differs from the baseline is underlined; who does not see that hears it. */
  const differs = () => make("span", { class: "vh" }, " differs");

  /* Values and differences stand in parts of a fixed width, so that digits are below digits. */
  function metricCell(row, place, base) {
    const value = row.values[place], before = row.values[base];
    row.best = row.best || bestOf(row);
    const best = row.best.has(place);
    const changed = place !== base && value !== before, measured = changed && numeric(value) && numeric(before);
    const looks = "by" + (best ? " best" : "") + (changed && !measured ? " chg" : "");
    const dataset = row.datasets ? row.datasets[place] : null, title = dataset === null ? value : value + " on " + dataset;
    const cell = make("td", { class: "n" }, make("data", { value, title, class: looks }, shownNumber(value, digits(row))));
    if (best) cell.append(make("span", { class: "vh" }, " best"));
    if (changed && !measured) cell.append(differs());
    const other = place !== base && numeric(before) && row.datasets && row.datasets[base] !== dataset;
    if (other) cell.append(" ", make("span", { class: "d" }, "other dataset"));
    else if (measured) {
      const change = Number(value) - Number(before);
      cell.append(" ", make("span", { class: "d by" }, shownChange(change, digits(row))));
      if (row.direction) cell.append(make("span", { class: "d" }, (change > 0) === (row.direction === "lower") ? " worse" : " better"));
    }
    return cell;
  }

  const LONG = 120; /* characters; longer texts are folded */

  function folded(text, mark) {
    const summary = make("summary", { class: mark }, text.length + " characters");
    return make("details", { class: "more" }, summary, make("pre", { tabindex: "0" }, text));
  }

  /* What stands where a version has no value: a signature and a registry state names, all else is logged. */
  const nothing = (row) => (row.code || row.id === "about.aliases" ? "not there" : missing());

  function cellOf(row, place, base) {
    const value = row.values[place], none = value === null || value === undefined;
    if (row.kind === "metrics" && !none) return metricCell(row, place, base);
    const changed = place !== base && !row.own && value !== row.values[base], mark = changed ? "chg" : null;
    const text = none ? nothing(row) : value === "" ? "empty string" : reveal(String(value));
    const cell = make("td", { class: none ? "no" : row.code || row.kind === "files" ? "type" : null });
    if (text.length <= LONG) cell.append(mark ? make("span", { class: mark }, text) : text);
    else cell.append(folded(text, mark));
    if (changed) cell.append(differs());
    return cell;
  }

  function sortButton(row, sort) {
    const current = sort.replace(/^-/, "") === row.id, down = sort.startsWith("-");
    const better = row.direction === "lower" ? " ↓ better" : row.direction === "higher" ? " ↑ better" : "";
    const attributes = { type: "button", class: "sort", "data-name": "sort " + row.id, "aria-pressed": String(current) };
    return make("button", attributes, make("code", {}, reveal(row.name)), current ? (down ? " ↓" : " ↑") : better);
  }

  /* --- widths ------------------------------------------------------------------------------------------------------ */

  const WIDEST = 44, TEXT = 18, PADDING = 3; /* in widths of a digit; texts are as wide as TEXT and go on below */

  function widthOf(text) {
    let width = 0;
    for (const letter of text) width += letter.codePointAt(0) > 0x2e7f ? 2 : 1;
    return width;
  }
  const within = (least, width) => Math.max(least, Math.min(WIDEST, width)) + PADDING;
  const textWidth = (text) => Math.min(TEXT, widthOf(text));

  /* How wide the values of a row are at most. */
  function valueWidth(row) {
    if (row.width === undefined) {
      const width = (value) => (row.kind === "metrics" ? widthOf(shownNumber(value, digits(row))) : textWidth(String(value)));
      row.width = Math.max(0, ...row.values.map((value) => (value === null ? 0 : width(value))));
    }
    return row.width;
  }
  const missingWidth = (row) => (row.values.includes(null) ? widthOf(nothing(row)) : 0);
  /* How wide the part of a value is in a cell, where all metrics have the same. */
  const partWidth = (rows) => Math.max(3, ...rows.filter((row) => row.kind === "metrics").map(valueWidth));
  const wordsWidth = (row) => (row.datasets ? 14 : row.direction ? 7 : 0); /* "other dataset", "better" */
  const numberWidth = (row, part) => 2 * part + 4 + wordsWidth(row);
  const cellWidth = (row, part) => Math.max(row.kind === "metrics" ? numberWidth(row, part) : valueWidth(row), missingWidth(row));
  const nameWidth = (row) => Math.min(26, widthOf(row.name) + (row.direction ? 9 : 2));
  const headWidth = (head) => Math.max(textWidth(head.label), head.baseline ? 8 : 0, ...head.aliases.map((alias) => textWidth(alias) + 1));

  window.sitegen.compareCells = { cellOf, sortButton, within, widthOf, partWidth, cellWidth, nameWidth, headWidth };
})();
