/* The chart studio: charts one below the other, whose choices are kept in the address. */
(function () {
  "use strict";
  const { make, linkButton, script, onTheme, Panel } = window.sitegen;
  const { standard, toText, fromText } = window.sitegen.chartState;

  const NOT_LOADED = "The charts cannot be loaded; load the page again."; /* a site made anew since has other files */

  class Studio {
    constructor(place, context) {
      this.context = context;
      this.panels = [];
      this.list = make("div", { class: "charts" });
      this.note = make("p", { class: "soft", role: "status" });
      this.adding = linkButton("Add a chart", () => this.addStandard());
      place.append(this.list, this.note, make("p", { class: "links" }, this.adding));
      this.adding.hidden = true;
      this.drawAgain();
    }

    /* Show the charts that these texts mean, the standard one where there is none. Only now is Vega loaded; whether it
       could be is the answer. */
    async open(texts) {
      try {
        await Promise.all([script(this.context.charts), script(this.context.vega)]);
      } catch {
        this.note.textContent = NOT_LOADED;
        return false;
      }
      this.adding.hidden = false;
      this.panels.splice(0).forEach(discard);
      const found = (texts.length ? texts : [""]).map((text) => fromText(text, this.context.data));
      found.forEach((one) => this.add(one.chart));
      const lost = found.flatMap((one) => one.lost);
      this.note.textContent = lost.length ? "Not available: " + lost.join(", ") + "." : "";
      return true;
    }

    draw() { this.panels.forEach((panel) => panel.draw()); }

    /* The specifications of the charts as they are drawn. */
    specifications() { return this.panels.map((panel) => panel.spec); }

    /* Drawings have the colours and the width of the page. */
    drawAgain() {
      onTheme(() => this.draw());
      let width = innerWidth;
      window.addEventListener("resize", () => {
        if (innerWidth === width) return;
        width = innerWidth;
        this.draw();
      });
    }

    keep() { this.context.changed(this.panels.map((panel) => toText(panel.chart))); }

    add(chart) {
      const redraw = (each) => {
        each.draw();
        this.keep();
      };
      const panel = new Panel(chart, this.context, redraw, (each) => this.remove(each));
      this.panels.push(panel);
      this.list.append(panel.element);
      panel.draw();
      return panel;
    }

    addStandard() {
      const panel = this.add(standard(this.context.data));
      panel.element.querySelector("select").focus();
      this.keep();
    }

    remove(panel) {
      this.panels.splice(this.panels.indexOf(panel), 1);
      discard(panel);
      this.keep();
      this.adding.focus();
    }
  }

  function discard(panel) {
    panel.clear();
    panel.element.remove();
  }

  /* Puts a studio into `place`. `context` has data, places() (the versions to draw), vega and charts (addresses of
     scripts), steps() (loads the histories), and changed(texts) which keeps the charts' texts in the address. */
  window.sitegen.notLoaded = NOT_LOADED;
  window.sitegen.studio = (place, context) => new Studio(place, context);
})();
