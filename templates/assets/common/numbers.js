/* What is a number, and how all pages show one. */
(function () {
  "use strict";

  /* Whether a value is a finite number, or a text of one. */
  const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;
  function numeric(value) {
    if (typeof value === "number") return isFinite(value);
    return typeof value === "string" && NUMBER.test(value) && isFinite(Number(value));
  }

  /* The decimals that all numbers among `values` have, so that the largest has about five digits; null: three digits each. */
  function decimalsOf(values) {
    const numbers = values.filter(numeric).map(Number), largest = Math.max(0, ...numbers.map(Math.abs));
    if (largest < 1e9 && numbers.every(Number.isInteger)) return 0;
    if (largest < 1e-3 || largest >= 1e9) return null;
    return Math.max(0, 4 - Math.max(0, Math.floor(Math.log10(largest))));
  }

  /* A number as Python's pages show it; what would lose its digits beside the largest of its row has three of its own. */
  function shownNumber(value, places) {
    if (!numeric(value)) return String(value) === "Infinity" ? "∞" : String(value) === "-Infinity" ? "−∞" : String(value);
    const size = Math.abs(value), small = size > 0 && size < 10 ** (1 - places);
    const text = places === null || small ? threeDigits(size) : toEven(size.toFixed(places), size.toFixed(100), places);
    return (value < 0 ? "−" : "") + text;
  }
  const shownChange = (change, places) => (change > 0 ? "+" : "−") + shownNumber(Math.abs(change), places);

  /* Three digits, as few zeros as can be, and an exponent of two digits where the number is very small or large. */
  function threeDigits(size) {
    const [digits, power] = toEven(size.toExponential(2), size.toExponential(100), 2).split("e");
    if (power >= -4 && power < 3) return String(Number(digits + "e" + power));
    return Number(digits) + "e" + power[0].replace("-", "−") + power.slice(1).padStart(2, "0");
  }

  /* Of a number that lies just between two others JavaScript shows the larger, and Python the even one. */
  function toEven(text, exact, places) {
    const end = exact.indexOf(".") + (places ? places + 1 : 0), [rest, power] = exact.slice(end).replace(".", "").split("e");
    const tie = /^50*$/.test(rest) && /[02468]$/.test(exact.slice(0, end));
    return tie ? exact.slice(0, end) + (power ? "e" + power : "") : text;
  }

  window.sitegen.numbers = { numeric, decimalsOf, shownNumber, shownChange };
})();
