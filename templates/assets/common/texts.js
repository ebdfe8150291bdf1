/* Texts of a registry as people see them: two that differ look different. sitegen.core.text does the same in Python. */
(function () {
  "use strict";
  const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e\n\t]*[\x21-\x7e])?$/;
  const ENDS = /^\s+|\s+$/gu, UNSEEN = /(?! )[\p{Cf}\p{Zl}\p{Zp}\p{Zs}\ufe00-\ufe0f]/gu, PART = /[\p{M}\u1160-\u11ff]/u;

  const escaped = (text) => Array.from(text, (letter) => "\\u" + (letter.codePointAt(0) || 0).toString(16).padStart(4, "0")).join("");

  /* A text with escapes for blanks at its ends, for characters without a mark, and for accents apart from their letters. */
  function reveal(text) {
    if (!text || PLAIN.test(text)) return text;
    const shown = text.replace(ENDS, escaped).replace(UNSEEN, escaped);
    const apart = (letter) => (PART.test(letter) || letter.normalize("NFC") !== letter ? escaped(letter) : letter);
    return text.normalize("NFC") === text ? shown : Array.from(shown, apart).join("");
  }

  Object.assign(window.sitegen, { reveal });
})();
