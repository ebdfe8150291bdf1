/* The table of the compare page with its controls. */
(function () {
  "use strict";
  const { make } = window.sitegen;
  const { orderOf, nextSort } = window.sitegen.compareRows;
  const { upright, flipped } = window.sitegen.compareTable;
  const { section, aliasMarks } = window.sitegen.compareParts;

  const HELP = "Underlined: differs from the baseline. Metrics show the difference instead; runs and times are not marked. • marks the "
    + "best value. Click a row name to sort the versions by that row.";

  /* The section, and the table that is to grow in it, null where nothing differs. `changed` is called when a control has
     changed the choice; `rebased` tells it that the baseline is another. */
  function sideBySide(choice, blocks, changed) {
    const { columns, base } = choice;
    const differs = (row) => row.values.some((value) => value !== row.values[base]);
    const kept = (rows) => (choice.only && columns.length > 1 ? rows.filter(differs) : rows);
    const shown = blocks.map(([title, rows]) => [title, kept(rows)]).filter(([, rows]) => rows.length);
    const count = (list) => list.reduce((sum, [, rows]) => sum + rows.length, 0);
    const hidden = count(blocks) - count(shown);
    const heads = orderOf(blocks, columns, choice.sort).map((place) => head(choice, place));
    const growing = shown.length ? table(choice, shown, heads, changed) : null;
    const element = section("side", "Side by side", HELP, controls(choice, changed),
      growing ? growing.element : make("p", { class: "soft" }, "Nothing differs."),
      hidden ? make("p", {}, make("small", {}, hidden + (hidden === 1 ? " row is hidden: its values are" : " rows are hidden: their values are") + " the same in all versions.")) : null);
    return { element, growing, titles: shown.map(([title]) => title) };
  }

  function table(choice, blocks, heads, changed) {
    const made = (choice.flip ? flipped : upright)(blocks, heads, choice.base, choice.sort);
    made.flip = choice.flip;
    made.element.addEventListener("click", (event) => {
      const button = event.target.closest(".sort");
      if (!button) return;
      choice.sort = nextSort(button.dataset.name.slice("sort ".length), choice.sort);
      changed();
    });
    return made;
  }

  function head(choice, place) {
    const one = choice.columns[place], label = choice.label(one), baseline = place === choice.base && choice.columns.length > 1;
    const href = choice.up + "models/" + encodeURIComponent(one.data.slug) + "/" + one.version.url;
    const element = (scope) => make("th", { scope }, make("a", { href }, label), aliasMarks(one.version.aliases),
      baseline ? make("span", { class: "soft" }, " baseline") : null);
    return { place, label, aliases: one.version.aliases, baseline, make: element };
  }

  /* --- controls ---------------------------------------------------------------------------------------------------- */

  function controls(choice, changed) {
    return make("p", { class: "bar" },
      make("label", {}, box(choice, "only", changed), " Only differences"),
      make("label", {}, box(choice, "flip", changed), " Versions as rows"),
      make("label", {}, "Baseline ", baseSelect(choice, changed)));
  }

  function box(choice, name, changed) {
    const input = make("input", { type: "checkbox", "data-name": name, checked: choice[name] });
    input.addEventListener("change", () => {
      choice[name] = input.checked;
      changed();
    });
    return input;
  }

  function baseSelect(choice, changed) {
    const options = choice.columns.map((one, place) => make("option", { value: place, selected: place === choice.base }, choice.label(one)));
    const select = make("select", { "data-name": "base" }, options);
    select.addEventListener("change", () => {
      choice.base = Number(select.value);
      changed({ rebased: true });
    });
    return select;
  }

  window.sitegen.sideBySide = sideBySide;
})();
