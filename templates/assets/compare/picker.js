/* What the parts of the compare page share, and the first of them: which versions of a model are compared. */
(function () {
  "use strict";
  const { make, own } = window.sitegen;

  function section(id, title, help, ...content) {
    const header = make("header", {}, make("h2", { id: "h-" + id }, title), help ? make("p", {}, help) : null);
    return make("section", { class: "s", id, "aria-labelledby": "h-" + id }, header, make("div", {}, ...content.filter(Boolean)));
  }

  const listed = (names) => names.slice(0, -1).join(", ") + (names.length > 1 ? " and " : "") + names.slice(-1);
  const aliases = (version) => version.aliases.flatMap((alias) => [" ", make("span", { class: "al" }, alias)]);

  /* Check boxes for all versions of the page's model; null on the page for several models. `changed` is called when one
     was ticked. */
  function picker(choice, changed) {
    const data = choice.slug && own(window.sitegenModels, choice.slug);
    if (!data) return null;
    const boxes = data.versions.map((version, place) => box(choice, data, place, changed)).reverse();
    const summary = make("summary", { "data-name": "choose" }, "Choose versions: " + choice.columns.length + " of " + data.versions.length);
    const picks = make("div", { class: "picks", role: "group", "aria-label": "Versions" }, boxes);
    const details = make("details", { class: "more" }, summary, picks);
    details.open = Boolean(choice.picking) || choice.columns.length < 2;
    details.addEventListener("toggle", () => { choice.picking = details.open; });
    const older = "The newest " + data.versions.length + "; " + data.left_out + " older ones are in the API.";
    return make("div", { class: "choose" }, details, data.left_out ? make("p", { class: "soft" }, older) : null);
  }

  function box(choice, data, place, changed) {
    const version = data.versions[place], chosen = choice.columns.some((one) => one.place === place);
    const input = make("input", { type: "checkbox", "data-name": "v " + version.name, checked: chosen });
    input.addEventListener("change", () => {
      choice.pick(data, place, input.checked);
      changed();
    });
    return make("label", { class: "pick" }, input, " " + version.label, aliases(version));
  }

  window.sitegen.compareParts = { section, listed, aliases, picker };
})();
