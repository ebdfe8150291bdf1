/* One sentence about the metrics that two versions have in common, as sitegen/site/metric_sentence.py writes it. */
(function () {
  "use strict";
  const { numbers, letters } = window.sitegen;
  const MACHINE = "system/"; /* what MLflow measures of the machine says nothing about the model */

  /* The metrics in `rows` at two places, by what their change means: a set of keys each. */
  function tally(rows, base, place) {
    const found = { better: new Set(), worse: new Set(), same: new Set(), unjudged: new Set() }, keys = [new Set(), new Set()];
    for (const row of rows) {
      const [before, after] = [base, place].map((at) => row.values[at]), [old, now] = [base, place].map((at) => (row.datasets ? row.datasets[at] : null));
      if (row.key.startsWith(MACHINE)) continue;
      if (before !== null) keys[0].add(row.key);
      if (after !== null) keys[1].add(row.key);
      if (before !== null && after !== null && old === now) found[judgement(row, before, after)].add(row.key + "\n" + (now || ""));
    }
    return { ...found, keys: keys[0].size || keys[1].size ? [...keys[0]].filter((key) => keys[1].has(key)).length : null };
  }

  function judgement({ direction }, before, after) {
    if (!direction || !numbers.numeric(before) || !numbers.numeric(after)) return "unjudged";
    const difference = Number(after) - Number(before);
    if (difference === 0) return "same";
    return (difference > 0) === (direction === "lower") ? "worse" : "better";
  }

  function sentence({ better, worse, same, unjudged, keys }) {
    const counts = [["better", better], ["worse", worse], ["the same", same]].filter(([, found]) => found.size);
    const total = counts.reduce((sum, [, found]) => sum + found.size, 0), which = unjudged.size ? "comparable" : "common";
    if (!total) return keys === null || unjudged.size ? "" : keys ? "No metric in common on the same dataset." : "No metric in common.";
    if (counts.length > 1) return which.replace("c", "C") + " metrics: " + counts.map(([word, found]) => letters.number(found.size) + " " + word).join(", ") + ".";
    const [[word, found]] = counts;
    if (total === 1) return "The only " + which + " metric, " + [...found][0].split("\n")[0] + ", is " + word + ".";
    return (total === 2 ? "Both " : "All " + letters.number(total) + " ") + which + " metrics are " + word + ".";
  }

  /* The sentence about a version beside the baseline; `blocks` are the rows of the page. */
  function metricSentence(blocks, base, place) {
    const [, rows] = blocks.find(([title]) => title === "Metrics") || ["", []];
    return sentence(tally(rows, base, place));
  }

  window.sitegen.metricSentence = metricSentence;
})();
