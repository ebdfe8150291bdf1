/* Texts as the search compares them: lower case, without accents. */
(function () {
  "use strict";
  const ASCII = /^[\x00-\x7f]*$/, ACCENTS = /[\u0300-\u036f]/g;

  const fold = (text) => (ASCII.test(text) ? text : text.normalize("NFD").replace(ACCENTS, "")).toLowerCase();
  const number = (value) => value.toLocaleString("en-US");
  const plural = (count, word) => number(count) + " " + word + (count === 1 ? "" : "s");

  window.sitegen.catalog = { fold, number, plural };
})();
