/* Texts as searches compare them, lower case and without accents, and counts as pages write them. */
(function () {
  "use strict";
  const ASCII = /^[\x00-\x7f]*$/, ACCENTS = /[\u0300-\u036f]/g;

  const fold = (text) => (ASCII.test(text) ? text : text.normalize("NFD").replace(ACCENTS, "")).toLowerCase();
  /* A count with separators; toLocaleString would load the rules of a language first. */
  const number = (value) => String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
  const plural = (count, word) => number(count) + " " + word + (count === 1 ? "" : "s");

  window.sitegen.letters = { fold, number, plural };
})();
