/* The models that are selected for a comparison: they stay selected whatever the list shows. */
(function () {
  "use strict";
  const { all, catalog } = window.sitegen;
  const { data, number } = catalog;
  const slugOf = (tick) => tick.slice(0, tick.lastIndexOf("@"));

  function showSelection(selected) {
    const ticks = Array.from(selected.values()), link = document.getElementById("compare-selected");
    const names = ticks.map((tick) => {
      const row = data.rows.find(({ slug }) => slug === slugOf(tick));
      return row ? row.name + (data.names.get(row.name) > 1 && row.store ? " in " + row.store : "") : tick;
    });
    document.getElementById("tray").hidden = !ticks.length;
    document.getElementById("selected").textContent = number(ticks.length) + " selected: " + names.join(", ");
    link.hidden = ticks.length < 2;
    link.textContent = "Compare " + number(ticks.length) + " models";
    link.setAttribute("href", data.up + "compare/index.html#" + new URLSearchParams(ticks.map((tick) => ["m", tick])).toString());
  }

  /* Select or unselect the model of a checkbox. */
  function toggle(selected, box) {
    if (box.checked) selected.set(slugOf(box.dataset.tick), box.dataset.tick); else selected.delete(slugOf(box.dataset.tick));
    showSelection(selected);
  }

  function clearSelection(selected) {
    selected.clear();
    all("[data-tick]").forEach((box) => { box.checked = false; });
    showSelection(selected);
  }

  Object.assign(catalog, { slugOf, showSelection, toggle, clearSelection });
})();
