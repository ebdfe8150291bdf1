/* What is a number, and how all pages show one. */
(function () {
  "use strict";

  /* Whether a value is a finite number, or a text of one. */
  const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;
  function numeric(value) {
    if (typeof value === "number") return isFinite(value);
    return typeof value === "string" && NUMBER.test(value) && isFinite(Number(value));
  }

  /* Values that say something by themselves: no other value is rounded to one of them. */
  const MEANINGFUL = [-100, -1, 0, 1, 100];
  const MAX_EXTRA = 3; /* digits more than a column has, to tell its values apart */

  /* How Python's pages write the numbers among `values` (sitegen/site/display.py): {places, extra, exact}. */
  function digitsOf(values) {
    const finite = new Set(values.filter(numeric).map(Number));
    const largest = [...finite].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest < 1e9 && [...finite].every(Number.isInteger)) return plain(0);
    const places = largest < 1e-3 || largest >= 1e9 ? null : [10, 100, 1e3, 1e4].filter((limit) => largest < limit).length;
    const order = Float64Array.from(new Set([...MEANINGFUL, ...finite])).sort();
    const apart = places === null ? Infinity : 1.5 * tenTo(-places);
    const close = [...order.subarray(1)].map((b, place) => [order[place], b]).filter(([a, b]) => b - a <= apart);
    return close.length ? refine(places, close, finite) : plain(places);
  }
  const tenTo = (exponent) => Number("1e" + exponent);
  const plain = (places, extra = 0) => ({ places, extra, exact: new Set() });

  /* As few digits as tell apart all pairs of values that MAX_EXTRA more do; the values of other pairs are written in full. */
  function refine(places, close, finite) {
    const alike = close.filter((pair) => equal(pair, plain(places, MAX_EXTRA))), exact = new Set(alike.flat().filter((one) => finite.has(one)));
    const rest = close.filter((pair) => !alike.includes(pair));
    let extra = 0;
    while (rest.some((pair) => equal(pair, plain(places, extra)))) extra += 1;
    return { places, extra, exact };
  }

  /* Whether two values, the lower first, are one number when they are written with these digits. */
  function equal([a, b], digits) {
    const { places, extra } = digits, small = places === null ? Infinity : tenTo(1 - places);
    const near = b - a <= (places === null ? 0 : 1.5 * tenTo(-places - extra)) || (-small < a && b < small);
    return near && rounded(a, digits) === rounded(b, digits);
  }
  const rounded = (value, digits) => Math.sign(value) * Number(roundText(Math.abs(value), digits));

  /* A number with these digits; what would lose its digits beside the largest of its column has three of its own. */
  function shownNumber(value, digits) {
    if (!numeric(value)) return String(value) === "Infinity" ? "∞" : String(value) === "-Infinity" ? "−∞" : String(value);
    const size = Math.abs(value), text = digits.exact.has(Number(value)) ? fullText(size) : roundText(size, digits);
    return (value < 0 ? "−" : "") + text.replace("-", "−");
  }
  const shownChange = (change, digits) => (change > 0 ? "+" : "−") + shownNumber(Math.abs(change), digits);

  /* A number in full. */
  const fullNumber = (value) => (value < 0 ? "−" : "") + fullText(Math.abs(value)).replace("-", "−");

  function roundText(size, { places, extra }) {
    if (places === null || (size > 0 && size < tenTo(1 - places))) return significant(size, 3 + extra);
    return toEven(size.toFixed(places + extra), size.toFixed(100), places + extra);
  }

  /* So many digits, as few zeros as can be, and an exponent where the number is very small or large. */
  function significant(size, count) {
    const [digits, exponent] = toEven(size.toExponential(count - 1), size.toExponential(100), count - 1).split("e");
    if (Number(exponent) >= -4 && Number(exponent) < count) return String(Number(digits + "e" + exponent));
    return padExponent(Number(digits) + "e" + exponent);
  }

  /* A number so that reading it gives the same number again. */
  const fullText = (size) => (size === 0 || (size >= 1e-4 && size < 1e16) ? String(size) : padExponent(size.toExponential()));
  /* With an exponent of two digits or more, as in Python. */
  const padExponent = (text) => text.replace(/\d+$/, (digits) => digits.padStart(2, "0"));

  /* Of a number that lies just between two others JavaScript shows the larger, and Python the even one. */
  function toEven(text, exact, places) {
    const end = exact.indexOf(".") + (places ? places + 1 : 0), [rest, power] = exact.slice(end).replace(".", "").split("e");
    const tie = /^50*$/.test(rest) && /[02468]$/.test(exact.slice(0, end));
    return tie ? exact.slice(0, end) + (power ? "e" + power : "") : text;
  }

  window.sitegen.numbers = { numeric, digitsOf, shownNumber, shownChange, fullNumber };
})();
