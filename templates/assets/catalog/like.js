/* LIKE and ILIKE: % stands for any text, _ for one letter. As `_pattern` in sitegen/domain/filter.py. */
(function () {
  "use strict";
  const escaped = (letter) => (letter === "_" ? "[^]" : letter.replace(/[.*+?^${}()|[\]\\/]/, "\\$&"));
  const source = (part) => Array.from(part, escaped).join("");

  /* A function that tells whether a text matches. What follows each % is found once, from left to right: trying all places
     would take exponential time and match nothing else. */
  function like(pattern, ignoreCase) {
    const flags = ignoreCase ? "iu" : "u", [first, ...rest] = pattern.split("%"), last = rest.pop();
    const start = new RegExp(source(first), flags + "y"), end = last === undefined ? null : new RegExp("(?:" + source(last) + ")$", flags + "g");
    const middle = rest.filter(Boolean).map((part) => new RegExp(source(part), flags + "g"));
    return (text) => {
      start.lastIndex = 0;
      if (!start.test(text)) return false;
      let at = start.lastIndex;
      for (const part of middle) {
        part.lastIndex = at;
        if (!part.test(text)) return false;
        at = part.lastIndex;
      }
      if (end === null) return at === text.length;
      end.lastIndex = at;
      return end.test(text);
    };
  }

  window.sitegen.catalog.like = like;
})();
