/* Colours in the text of an MLmodel, which is YAML with JSON in it: values have one, punctuation and comments are soft, names
   stand out by having none. The text itself stays as it is: a browser that cannot do so shows it plain.

   <details><div class="raw"> ... <code>run_id: 5ae0</code></div></details> */
(function () {
  "use strict";
  const { all } = window.sitegen;
  const LONGEST = 200000; /* letters; a longer text stays plain */
  const TOKENS = new RegExp([
    /^ *(?:- +)*[^\s"'#,:[\]{}-][^"'#,:[\]{}\n]*(?=:(?: |$))/, /* the name of a member of YAML */
    /"(?:[^"\\\n]|\\.)*"(?=\s*:)/, /* and of JSON */
    /(?<soft>(?<=^|\s)#.*|(?<=^ *)- |[[\]{},']|:(?=\s|$))/,
    /(?<value>"(?:[^"\\\n]|\\.)*"|(?:[^\s'[\]{},:]|:(?!\s|$))+)/,
  ].map((one) => one.source).join("|"), "gm");

  document.addEventListener("DOMContentLoaded", () => {
    if (!("highlights" in CSS)) return;
    for (const code of all(".raw code")) {
      const fold = code.closest("details");
      if (!fold || code.textContent.length > LONGEST) continue;
      if (fold.open) colour(code);
      else fold.addEventListener("toggle", () => colour(code), { once: true });
    }
  });

  /* Lines that a problem is about are elements of their own; no token goes beyond its line. */
  function colour(code) {
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      for (const { index, 0: token, groups } of text.textContent.matchAll(TOKENS)) {
        const kind = groups.soft ? "soft" : groups.value ? "value" : "";
        if (kind) highlight(kind).add(new StaticRange({ startContainer: text, startOffset: index, endContainer: text, endOffset: index + token.length }));
      }
    }
  }

  function highlight(kind) {
    const known = CSS.highlights.get(kind) || new window.Highlight();
    CSS.highlights.set(kind, known);
    return known;
  }
})();
