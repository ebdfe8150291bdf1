/* Levels of compatibility in words: people read "compatible" and "may differ" where the API says "safe" and "behaviour". */
(function () {
  "use strict";
  const { make } = window.sitegen;
  const GLYPHS = { breaking: "✕ ", lossy: "◐ ", behaviour: "≈ ", safe: "✓ ", unknown: "? " };
  const WORDS = { safe: "compatible", behaviour: "may differ" };

  const levelWord = (level) => WORDS[level] || level;
  const levelLabel = (level) => make("span", { class: "v v-" + level }, GLYPHS[level] + levelWord(level));

  Object.assign(window.sitegen, { levelWord, levelLabel });
})();
