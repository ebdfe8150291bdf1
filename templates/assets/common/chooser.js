/* Menus above tables, which a click elsewhere closes, and the column chooser: groups of columns, each with a checkbox. */
(function () {
  "use strict";
  const { all, make, letters } = window.sitegen;
  const { fold, number } = letters;
  const LONG = 13;

  /* Show the groups [title, [[id, label, count]], what is counted]; `chosen` are ids. */
  function showChooser(place, groups, chosen, onchange) {
    place.replaceChildren(...groups.map(([title, items, unit]) => {
      const labels = items.map(([id, text, count]) => {
        const box = make("input", { type: "checkbox", value: id, checked: chosen.includes(id), onchange: () => onchange(id, box.checked) });
        return make("label", { title: text.length > 20 ? text : null }, box, " ", make("span", {}, text), make("span", { class: "n soft" }, count));
      });
      const search = make("input", { type: "search", placeholder: "Find in " + number(items.length), "aria-label": "Find in " + title, oninput: () => {
        labels.forEach((label, place_) => { label.hidden = !fold(items[place_][1]).includes(fold(search.value)); });
      } });
      const options = make("div", { class: "options", tabindex: "0", role: "group", "aria-label": title }, labels.length ? labels : make("p", { class: "soft" }, "none"));
      return make("fieldset", {}, make("legend", {}, title, unit && labels.length ? make("small", {}, unit) : null), items.length > LONG ? search : null, options);
    }));
  }

  document.addEventListener("click", ({ target }) => {
    for (const menu of all("details.pop[open]")) if (target instanceof Node && !menu.contains(target)) menu.open = false;
  });

  window.sitegen.showChooser = showChooser;
})();
