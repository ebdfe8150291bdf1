/* The table of the compare page: versions side by side, as columns or as rows. */
(function () {
  "use strict";
  const { make } = window.sitegen;
  const { Growing } = window.sitegen.growing;
  const { cellOf, sortButton, within, widthOf, partWidth, cellWidth, nameWidth, headWidth } = window.sitegen.compareCells;

  /* The table of `blocks`. `heads` tells the columns in the order of the table: {place, label, aliases, baseline, make()}. */
  function upright(blocks, heads, base, sort) {
    const rows = blocks.flatMap(([, list]) => list);
    const part = partWidth(rows);
    const column = within(6, Math.max(...rows.map((row) => cellWidth(row, part)), ...heads.map(headWidth)));
    const widths = [within(8, Math.max(...rows.map(nameWidth))), ...heads.map(() => column)];
    const line = (row) => ({
      id: "sort " + row.id,
      first: () => make("th", { scope: "row" }, sortButton(row, sort)),
      cells: (from, to) => heads.slice(from, to).map((head) => cellOf(row, head.place, base)),
    });
    const groups = blocks.map(([title, list]) => ({
      id: anchorOf(title),
      head: make("tr", { class: "group" }, make("th", { scope: "colgroup", colspan: heads.length + 1 }, title)), lines: list.map(line),
    }));
    const top = make("thead", {}, make("tr", {}, make("td"), heads.map((head) => head.make("col"))));
    return new Growing({ class: "cmp" }, top, groups, widths, part);
  }

  /* The id of the rows below a title. */
  const anchorOf = (title) => "rows-" + title.toLowerCase().replace(/ /g, "-");

  /* The same, turned: versions are rows. */
  function flipped(blocks, heads, base, sort) {
    const rows = blocks.flatMap(([, list]) => list);
    const part = partWidth(rows);
    const titled = blocks.flatMap(([title, list]) => list.map((row) => Math.max(nameWidth(row), Math.ceil(widthOf(title) / list.length))));
    const columns = rows.map((row, number) => within(3, Math.max(cellWidth(row, part), titled[number])));
    const widths = [within(8, Math.max(...heads.map(headWidth))), ...columns];
    const titles = blocks.map(([title, list]) => make("th", { scope: "colgroup", colspan: list.length }, title));
    const names = rows.map((row) => make("th", { scope: "col" }, sortButton(row, sort)));
    const top = make("thead", {}, make("tr", {}, make("td"), titles), make("tr", {}, make("td"), names));
    const line = (head) => ({
      id: "",
      first: () => head.make("row"),
      cells: (from, to) => rows.slice(from, to).map((row) => cellOf(row, head.place, base)),
    });
    return new Growing({ class: "cmp flip" }, top, [{ head: null, lines: heads.map(line) }], widths, part);
  }

  window.sitegen.compareTable = { upright, flipped, anchorOf };
})();
