/* What the parts of the compare page share, and the first of them: which versions of a model are compared. */
(function () {
  "use strict";
  const { make, own, reveal } = window.sitegen;
  const { countOf, nameAt, labelAt, aliasesAt } = window.sitegen.modelVersions;

  const SHOWN = 100; /* versions that the list shows at a time */

  function section(id, title, help, ...content) {
    const header = make("header", {}, make("h2", { id: "h-" + id }, title), help ? make("p", {}, help) : null);
    return make("section", { class: "s", id, "aria-labelledby": "h-" + id }, header, make("div", {}, ...content.filter(Boolean)));
  }

  const listed = (names) => names.slice(0, -1).join(", ") + (names.length > 1 ? " and " : "") + names.slice(-1);
  const aliasMarks = (aliases) => aliases.flatMap((alias) => [" ", make("span", { class: "al" }, reveal(alias))]);
  const number = (count) => count.toLocaleString("en");

  /* Checkboxes for the versions of the page's model; null on the page for several models. `changed` is called when one
     was ticked. */
  function picker(choice, changed) {
    const model = choice.slug && own(window.sitegenModels, choice.slug);
    if (!model) return null;
    const text = "Choose versions: " + number(choice.columns.length) + " of " + number(countOf(model));
    const details = make("details", { class: "more" }, make("summary", { "data-name": "choose" }, text));
    details.append(...list(choice, model, changed));
    details.open = Boolean(choice.picking) || choice.columns.length < 2;
    details.addEventListener("toggle", () => { choice.picking = details.open; });
    return make("div", { class: "choose" }, details);
  }

  /* The newest versions, or those that match what is written in the box. */
  function list(choice, model, changed) {
    const picks = make("div", { class: "picks", role: "group", "aria-label": "Versions" }), count = countOf(model);
    const note = make("p", { class: "soft", role: "status" });
    const show = () => {
      const found = matching(model, choice.finding || ""), shown = found.slice(0, SHOWN);
      picks.replaceChildren(...shown.map((place) => box(choice, model, place, changed, note)));
      const more = found.length > SHOWN ? number(SHOWN) + " of " + number(found.length) + " shown. Type a part of a name to find others." : "";
      note.textContent = found.length ? more : "No version has this in its name or aliases.";
    };
    show();
    if (count <= SHOWN) return [picks, note];
    const find = make("input", { type: "search", "data-name": "find", value: choice.finding || "", placeholder: "Name or alias" });
    find.addEventListener("input", () => {
      choice.finding = find.value;
      show();
    });
    return [make("label", {}, "Find a version ", find), picks, note];
  }

  /* The numbers of the versions with a text in their names or aliases, newest first. */
  function matching(model, text) {
    const wanted = text.trim().toLowerCase(), has = (words) => words.some((word) => word.toLowerCase().includes(wanted));
    const found = [];
    for (let place = countOf(model) - 1; place >= 0; place -= 1) {
      if (!wanted || has([labelAt(model, place), nameAt(model, place), ...aliasesAt(model, place)])) found.push(place);
    }
    return wanted ? exactFirst(found, model, wanted) : found;
  }
  /* The version of exactly this name comes first: 59 is found among 5900 to 5999. */
  function exactFirst(found, model, wanted) {
    const exact = (place) => [labelAt(model, place), nameAt(model, place)].some((name) => name.toLowerCase() === wanted);
    return [...found.filter(exact), ...found.filter((place) => !exact(place))];
  }

  function box(choice, model, place, changed, note) {
    const chosen = choice.columns.some((one) => one.number === place);
    const input = make("input", { type: "checkbox", "data-name": "v " + nameAt(model, place), checked: chosen });
    input.addEventListener("change", async () => {
      if (await choice.pick(model, place, input.checked)) changed();
      else {
        input.checked = false;
        note.textContent = "The data of " + labelAt(model, place) + " cannot be loaded.";
      }
    });
    return make("label", { class: "pick" }, input, " " + labelAt(model, place), aliasMarks(aliasesAt(model, place)));
  }

  window.sitegen.compareParts = { section, listed, aliasMarks, picker };
})();
