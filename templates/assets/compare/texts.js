/* The texts of the compare page that differ from those of the baseline, line by line; they are loaded when somebody opens one. */
(function () {
  "use strict";
  const { make, reveal } = window.sitegen;
  const { differences, shorten } = window.sitegen.textLines;
  const { loadTexts } = window.sitegen.modelVersions;
  const { section } = window.sitegen.compareParts;

  /** Names of texts, and the file of each.
   * @type {[string, string][]} */
  const TEXTS = [["MLmodel", "MLmodel"], ["requirements.txt", "requirements.txt"], ["conda.yaml", "conda.yaml"], ["card", "README.md"]];
  const MAX_TEXTS = 24; /* texts in the list */

  /* The section; null where there is nothing to compare. */
  function changedTexts(choice, blocks) {
    const { columns, base } = choice;
    if (columns.length < 2) return null;
    const [, files] = blocks.find(([title]) => title === "Files") || ["", []];
    const rowOf = (path) => files.find((one) => one.name === path);
    const found = TEXTS.flatMap(([name, path]) => {
      const row = rowOf(path);
      const others = row ? columns.filter((_, place) => place !== base && row.values[place] !== row.values[base]) : [];
      return others.map((one) => [name, one]);
    });
    const same = TEXTS.filter(([, path]) => rowOf(path) && rowOf(path).values.every((value) => value === rowOf(path).values[base])).map(([name]) => name);
    const list = found.slice(0, MAX_TEXTS).map(([name, one]) => folded(choice, name, one));
    const more = found.length > MAX_TEXTS ? found.length - MAX_TEXTS + " more differ. Compare fewer versions to see them." : "";
    const help = "MLmodel, requirements.txt, conda.yaml and the card (README.md), line by line against the baseline.";
    return section("texts", "Changed texts", help, ...list, ...[
      found.length || same.length ? "" : "No version has one of them.", more, same.length ? "Unchanged: " + same.join(", ") + "." : "",
    ].filter(Boolean).map((text) => make("p", { class: "soft" }, text)));
  }

  /* A text of two versions, which is loaded when it is opened. */
  function folded(choice, name, other) {
    const base = choice.columns[choice.base], step = choice.label(base) + " → " + choice.label(other);
    const details = make("details", { class: "more" }, make("summary", { "data-name": "text " + name + " " + choice.key(other) }, name + ": " + step));
    let filled = false;
    details.addEventListener("toggle", async () => {
      if (!details.open || filled) return;
      filled = true;
      try {
        const [before, after] = await Promise.all([base, other].map((one) => loadTexts(choice.up, one)));
        details.append(...shown(name + ": " + step, before.get(name), after.get(name)));
      } catch {
        filled = false;
        details.append(make("p", { class: "soft", role: "status" }, "The texts cannot be loaded; load the page again."));
      }
    });
    return details;
  }

  const SIGNS = { "-": "− ", "+": "+ ", " ": "  " };
  const TAGS = { "-": "del", "+": "ins", " ": "span" };

  /* A line whose indent stays as it is. */
  const visible = (text) => text.replace(/^([ \t]*)([^]*)$/, (_, indent, rest) => indent + reveal(rest));

  function shown(label, before, after) {
    const lines = shorten(differences(before ? before.text : "", after ? after.text : ""));
    const made = lines.map((line) => {
      if (typeof line === "number") return make("span", { class: "soft" }, "… " + line + (line === 1 ? " equal line" : " equal lines") + "\n");
      const [mark, text] = line;
      return make(TAGS[mark], {}, SIGNS[mark] + visible(text) + "\n");
    });
    const cut = [before, after].some((one) => one && one.cut);
    const same = lines.every((line) => typeof line === "number" || line[0] === " ");
    return [
      same ? make("p", { class: "soft" }, "Their published parts are the same.") : make("pre", { class: "diff", tabindex: "0", role: "group", "aria-label": label }, made),
      ...[[before, "before"], [after, "after"]].filter(([one]) => !one).map(([, when]) => make("p", { class: "soft" }, "Not logged " + when + ".")),
      ...(cut ? [make("p", { class: "soft" }, "Only the beginnings are compared: these texts are long.")] : []),
    ];
  }

  window.sitegen.changedTexts = changedTexts;
})();
