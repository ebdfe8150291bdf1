/* Versions of different models, or from several files of one, as the chart studio takes them: as if they were the
   versions of one model. */
(function () {
  "use strict";
  const { loadSteps } = window.sitegen.modelVersions;
  const { keyed } = window.sitegen.compareRows;

  /* The chosen versions, under the names that the page and its address have for them. */
  function joined(columns, key, label) {
    const kinds = {};
    for (const kind of ["metrics", "params", "tags"]) {
      const entry = ({ id, direction, values }) => ({ key: id.slice(kind.length + 1), direction, values });
      kinds[kind] = keyed(columns, kind).map(entry);
    }
    const versions = columns.map((one) => ({ ...one.version, name: key(one), label: label(one) }));
    const names = columns.map((one) => one.data.name), models = new Set(columns.map((one) => one.data.slug)).size > 1 ? names : null;
    const steps = columns.some((one) => one.data.steps);
    return { ...kinds, versions, models, main: shared(columns, kinds.metrics), baseline: null, steps };
  }

  /* The main metric of a model that most of the versions have. */
  function shared(columns, metrics) {
    const count = (key) => (metrics.find((one) => one.key === key) || { values: [] }).values.filter((value) => value !== null).length;
    const mains = columns.map((one) => one.data.main).filter((main) => main !== null);
    return mains.reduce((best, main) => (best === null || count(main) > count(best) ? main : best), null);
  }

  /* The histories of the chosen versions, each at the place of its version among them. */
  async function histories(columns, up) {
    const found = new Map();
    for (const [place, one] of columns.entries()) {
      if (!one.data.steps) continue;
      for (const { key, points } of await loadSteps(up, one.data)) {
        if (!found.has(key)) found.set(key, {});
        if (Object.hasOwn(points, one.place)) found.get(key)[place] = points[one.place];
      }
    }
    return [...found].map(([key, points]) => ({ key, points }));
  }

  window.sitegen.severalModels = { joined, histories };
})();
