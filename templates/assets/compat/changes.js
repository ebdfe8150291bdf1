/* Changes with the levels of their rules, the places where they are, and the verdict: sitegen/domain/comparison.py,
   sitegen/analysis/compat/location.py and rules/table.py in JavaScript. */
(function () {
  "use strict";
  const { compat, own, reveal } = window.sitegen;
  const { rules } = window.sitegenCompat;

  const LEVELS = ["breaking", "unknown", "lossy", "behaviour", "safe"]; /* worst first */

  /* The worst level, safe where there is none. */
  function worst(levels) {
    const stated = levels.filter(Boolean).map((level) => LEVELS.indexOf(level));
    return LEVELS[Math.min(LEVELS.length - 1, ...stated)];
  }

  /** A place in a signature; `nested`: inside another type, where the scoring server casts nothing. */
  class Place {
    constructor(area, where, nested = false) {
      this.area = area;
      this.where = where;
      this.nested = nested;
    }
    inside(step) { return new Place(this.area, this.where + step, true); }
    change(rule, old = null, next = null) {
      const { python, rest, outputs, forms } = own(rules, rule);
      return { rule, area: this.area, where: this.where, old, new: next, python, rest, outputs, forms };
    }
  }

  const verdictOf = (changes) => ({
    python: worst(changes.map((one) => one.python)),
    rest: worst(changes.map((one) => one.rest)),
    outputs: worst(changes.map((one) => one.outputs)),
  });

  const reasonOf = (change) => fillIn(own(rules, change.rule).reason, change);
  const fixOf = (change) => fillIn(own(rules, change.rule).fix, change);

  /* The sentence of a rule with the texts of a change; null where the rule has none. */
  function fillIn(template, change) {
    if (template === null) return null;
    const texts = { where: reveal(change.where), old: reveal(change.old || "nothing"), new: reveal(change.new || "nothing") };
    return template.replace(/\{(where|old|new)\}/g, (_, name) => texts[name]);
  }

  const INPUTS = new Place("inputs", ""), OUTPUTS = new Place("outputs", ""), PARAMS = new Place("params", "");

  /* The place of an input: its name, or its number where it has none. */
  const inputPlace = ({ name }, number = 0) => new Place("inputs", name === null ? "[" + number + "]" : name);

  Object.assign(compat, { worst, Place, verdictOf, reasonOf, fixOf, INPUTS, OUTPUTS, PARAMS, inputPlace });
})();
