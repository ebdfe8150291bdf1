/* The sentence with blanks: the choices of a chart as words and controls, which change the chart. */
(function () {
  "use strict";
  const { make, linkButton, steady } = window.sitegen;
  const { fieldsOf, offered } = window.sitegen.chartFields;
  const types = window.sitegen.chartTypes;
  const { uses } = window.sitegen.chartState;

  const NOTHING = ["", "nothing"];
  const SCALES = [["", "linear"], ["1", "log"]];
  const ORDERS = [["", "the order of versions"], ["down", "value, highest first"], ["up", "value, lowest first"]];

  /* A blank to be filled from `entries`, pairs of value and text. */
  function blank(label, entries, value, change) {
    const options = entries.map(([id, text]) => make("option", { value: id, selected: id === value }, text));
    const select = make("select", { "aria-label": label }, options);
    select.value = value;
    select.addEventListener("change", () => change(select.value));
    return select;
  }

  class Sentence {
    /* `changed` is called after each change of `chart`. */
    constructor(chart, data, changed) {
      this.chart = chart;
      this.data = data;
      this.changed = changed;
      this.open = ["color", "size", "facet", "sort", "logx", "logy", "title"].some((name) => Boolean(chart[name]));
      this.element = make("form", { class: "plot", onsubmit: (event) => event.preventDefault() });
      this.fill();
    }

    fill() { this.element.replaceChildren(...this.subject(), ...this.details()); }

    /* The sentence anew: other blanks are in it. A button that had the keyboard and is gone leaves it to its neighbour. */
    refill() {
      const within = () => this.element.contains(document.activeElement), held = within();
      steady(this.element, () => this.fill());
      if (held && !within()) this.element.querySelector("button").focus();
      this.changed();
    }

    entries(test) {
      return fieldsOf(this.data).filter(test).map((field) => [field.id, field.title]);
    }

    /* --- words ----------------------------------------------------------------------------------------------------- */

    subject() {
      const { chart } = this, keys = this.entries(offered.y);
      const ys = chart.y.flatMap((id, number) => [number ? ", " : "", this.y(id, number, keys)]);
      const words = ["Draw a ", this.type(), " of ", ...ys, " "];
      const next = keys.find(([id]) => !chart.y.includes(id));
      if (next) words.push(this.more(next[0]));
      if (chart.y.length > 1) words.push(" or ", this.less());
      return words;
    }

    /* What else the type of chart can show; what few readers change is folded, unless something of it is chosen. */
    details() {
      const words = [];
      if (uses(this.chart, "x")) words.push(" against ", this.choice("x", "X", this.entries(offered.x)));
      if (uses(this.chart, "baseline")) words.push(", with the baseline ", this.choice("baseline", "Baseline", this.baselines()));
      const others = this.others().flatMap((phrase, number) => [number ? ", " : "", ...phrase]);
      const more = make("details", { class: "more", open: this.open }, make("summary", {}, "More choices"), make("p", {}, others, "."));
      more.addEventListener("toggle", () => { this.open = more.open; });
      return [...words, ".", more];
    }

    others() {
      const phrases = [];
      const offer = (name, phrase) => { if (uses(this.chart, name)) phrases.push(phrase()); };
      offer("logy", () => ["with a ", this.scale("logy", "Scale of Y"), " scale for Y"]);
      offer("logx", () => ["a ", this.scale("logx", "Scale of X"), " scale for X"]);
      offer("color", () => ["coloured by ", this.choice("color", "Colour", [NOTHING, ...this.entries(types[this.chart.type].colours)])]);
      offer("size", () => ["sized by ", this.choice("size", "Size", [NOTHING, ...this.entries(offered.size)])]);
      offer("facet", () => ["split by ", this.choice("facet", "Facet", [NOTHING, ...this.entries(offered.facet)])]);
      offer("sort", () => ["sorted by ", this.choice("sort", "Sort", ORDERS)]);
      return [...phrases, ["titled ", this.title()]];
    }

    baselines() {
      const aliases = (version) => version.aliases.map((alias) => " @" + alias).join("");
      const versions = this.data.versions.map((version) => [version.name, version.label + aliases(version)]);
      return [["", "no baseline"], ...versions];
    }

    /* --- blanks ---------------------------------------------------------------------------------------------------- */

    choice(name, label, entries) {
      return blank(label, entries, this.chart[name], (value) => {
        this.chart[name] = value;
        this.changed();
      });
    }

    scale(name, label) {
      return blank(label, SCALES, this.chart[name] ? "1" : "", (value) => {
        this.chart[name] = value === "1";
        this.changed();
      });
    }

    type() {
      const names = Object.entries(window.sitegenCharts.types);
      return blank("Type of chart", names, this.chart.type, (value) => this.become(value));
    }

    y(id, number, keys) {
      return blank(number ? "Y " + (number + 1) : "Y", keys, id, (value) => {
        this.chart.y[number] = value;
        this.refill();
      });
    }

    more(id) {
      const add = () => {
        this.chart.y.push(id);
        this.refill();
      };
      return linkButton("and another", add, { "data-name": "more" });
    }

    less() {
      const remove = () => {
        this.chart.y.pop();
        this.refill();
      };
      return linkButton("less", remove, { "aria-label": "Remove the last Y" });
    }

    title() {
      const attributes = { "aria-label": "Title", value: this.chart.title, size: 24, placeholder: "a title of your own" };
      const input = make("input", { type: "text", ...attributes });
      input.addEventListener("input", () => {
        this.chart.title = input.value;
        this.changed();
      });
      return input;
    }

    /* Another type of chart, with the choices that it needs. A colour that only the former type needed goes with it. */
    become(type) {
      const { chart, lent } = this;
      chart.type = type;
      if (lent && chart.color === lent.color) chart.color = lent.before;
      const before = chart.color;
      types[type].ready(chart, this.data);
      this.lent = chart.color === before ? null : { color: chart.color, before };
      this.refill();
    }
  }

  window.sitegen.Sentence = Sentence;
})();
