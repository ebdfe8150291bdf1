/* What stands beside the lines of a chart: their names at their ends and that of the baseline, none over another. */
(function () {
  "use strict";
  const { digitsOf, shownNumber } = window.sitegen.numbers;

  const MAX_NAMES = 6; /* series that carry their names; a legend names more */
  const MAX_VERSIONS = 12; /* lines of parallel coordinates that do, which have no legend */
  const HIGH = 1 / 14; /* a line of text, as a part of a chart's height */

  /* Put the texts into the rows of a chart. `baseline` is what the line of the baseline is called, `names` whether the
     ends of lines have names, `log` whether Y is on a log scale, `zero` whether Y starts at zero. */
  function labelLines(rows, { baseline, names = false, log = false, zero = false }) {
    const named = names && countOf(rows, "series") <= MAX_NAMES, reach = reachOf(rows, zero);
    for (const some of grouped(rows, "facet")) {
      if (named) lastOf(some, "series").forEach((row) => { row.end = row.series; });
      nameBaseline(some, baseline, reach);
      const texts = textsOf(some);
      grouped(texts, "x").forEach((one) => place(one, reach, log));
    }
  }

  function grouped(rows, name) {
    const found = new Map();
    for (const row of rows) {
      const group = found.get(row[name]) || [];
      group.push(row);
      found.set(row[name], group);
    }
    return [...found.values()];
  }
  const countOf = (rows, name) => new Set(rows.map((row) => row[name])).size;
  /* Whether lines carry their names. */
  const hasNames = (rows) => rows.some((row) => "end" in row);
  const lastOf = (rows, name) => [...new Map(rows.map((row) => [row[name], row])).values()];

  /* --- lines ------------------------------------------------------------------------------------------------------- */

  /* The lines of a baseline say what they are: of more than a few only the highest, and of those that are next to each
     other one, for they all are the same version's. */
  function nameBaseline(rows, text, { low, high }) {
    const lines = lastOf(rows.filter((row) => "baseline" in row), "baseline").sort((a, b) => b.baseline - a.baseline);
    let above = null;
    for (const row of lines.slice(0, lines.length > MAX_NAMES ? 1 : undefined)) {
      if (above !== null && above - row.baseline < 1.3 * HIGH * (high - low)) continue;
      row.beside = text;
      above = row.baseline;
    }
  }

  /* The least and the greatest of what is drawn along Y. */
  function reachOf(rows, zero) {
    const values = rows.flatMap((row) => [row.y, row.baseline ?? row.y]);
    if (zero) values.push(0);
    return { low: values.reduce((a, b) => Math.min(a, b), Infinity), high: values.reduce((a, b) => Math.max(a, b), -Infinity) };
  }

  /* The texts beside lines, and where they want to stand: those of baselines where the last lines end. */
  function textsOf(rows) {
    const end = endOf(rows);
    return rows.flatMap((row) => [
      ...("end" in row ? [{ row, name: "end_y", x: row.x, y: row.y }] : []),
      ...("beside" in row ? [{ row, name: "beside_y", x: end, y: row.baseline }] : []),
    ]);
  }

  /* Put texts that begin at the same place along X above each other. */
  function place(texts, reach, log) {
    const scaled = log ? Math.log : Number, back = log ? Math.exp : Number;
    const places = apart(texts.map(({ y }) => scaled(y)), { low: scaled(reach.low), high: scaled(reach.high) });
    texts.forEach(({ row, name, y }, number) => { row[name] = texts.length > 1 ? back(places[number]) : y; });
  }

  /* The last place along X. */
  function endOf(rows) {
    const places = [...new Set(rows.map((row) => row.x))];
    return places.every((one) => typeof one === "number") ? Math.max(...places) : places[places.length - 1];
  }

  /* Places as near to those that are wanted as can be, none nearer to another than a line is high, and all in reach. Those
     that would be too near are moved as one (the pool-adjacent-violators algorithm). */
  function apart(wanted, { low, high }) {
    const order = wanted.map((_, number) => number).sort((a, b) => wanted[a] - wanted[b]);
    const gap = Math.min((high - low) * HIGH, (high - low) / Math.max(1, wanted.length - 1));
    const pools = [];
    order.forEach((number, rank) => {
      let pool = { sum: wanted[number] - rank * gap, count: 1 };
      while (pools.length && mean(pools[pools.length - 1]) > mean(pool)) {
        const before = pools.pop();
        pool = { sum: pool.sum + before.sum, count: pool.count + before.count };
      }
      pools.push(pool);
    });
    const free = pools.flatMap((pool) => Array(pool.count).fill(mean(pool)));
    const room = high - (wanted.length - 1) * gap, places = [];
    order.forEach((number, rank) => { places[number] = Math.max(low, Math.min(room, free[rank])) + rank * gap; });
    return places;
  }
  const mean = (pool) => pool.sum / pool.count;

  /* --- parallel coordinates ---------------------------------------------------------------------------------------- */

  function labelParallel(rows) {
    labelAxes(rows);
    breakLines(rows);
    if (countOf(rows, "label") > MAX_VERSIONS) return;
    for (const some of grouped(rows, "facet")) {
      const last = lastOf(some, "label");
      last.forEach((row) => { row.end = row.label; });
      const texts = last.map((row) => ({ row, name: "end_y", x: row.series, y: row.share }));
      grouped(texts, "x").forEach((one) => place(one, { low: 0, high: 1 }, false));
    }
  }

  /* Each axis tells its least and its most; where it has one value it tells that, in its middle. */
  function labelAxes(rows) {
    for (const some of grouped(rows, "series")) {
      const values = some.map((row) => row.y), digits = digitsOf(values);
      const least = Math.min(...values), most = Math.max(...values), one = least === most;
      some.forEach((row) => { row.share = one ? 0.5 : (row.y / 2 - least / 2) / (most / 2 - least / 2); });
      for (const [first] of grouped(some, "facet")) {
        if (one) first.only = (values.length > 1 ? "all " : "only ") + shownNumber(least, digits);
        else Object.assign(first, { least: shownNumber(least, digits), most: shownNumber(most, digits) });
      }
    }
  }

  /* Rows of a version have one part as long as no value between them is missing. */
  function breakLines(rows) {
    const series = [...new Set(rows.map((row) => row.series))], counts = new Map();
    for (const row of rows) {
      const count = counts.get(row.label) || 0;
      row.part = series.indexOf(row.series) - count;
      counts.set(row.label, count + 1);
    }
  }

  window.sitegen.chartLabels = { labelLines, labelParallel, countOf, hasNames };
})();
