/* The compare page: versions side by side, of one model or of several, with a verdict and charts. */
(function () {
  "use strict";
  const { make, steady, Choice, verdicts, sideBySide, comparePlots, commonMetrics, changedTexts, severalModels } = window.sitegen;
  const { blocksOf } = window.sitegen.compareRows;
  const { HIGH } = window.sitegen.growing;
  const { anchorOf } = window.sitegen.compareTable;
  const { loadSteps } = window.sitegen.modelVersions;
  const { listed, picker } = window.sitegen.compareParts;

  document.addEventListener("DOMContentLoaded", async () => {
    const main = document.getElementById("compare");
    if (!main) return;
    const page = new Page(main);
    /* A plain #name is a place on this page; the state comes back into the address. */
    window.addEventListener("hashchange", () => (location.hash.includes("=") || !location.hash ? page.open() : page.choice.keep()));
    window.addEventListener("beforeprint", () => { if (page.grown) page.grown.finish(); });
    window.addEventListener("resize", () => { if (page.grown) page.grown.fit(); });
    await page.open();
  });

  class Page {
    constructor(element) {
      this.element = element;
      this.choice = new Choice(element.dataset.model || "", element.dataset.up);
      this.status = document.getElementById("compare-status");
      this.charts = document.getElementById("charts");
      this.heading = document.querySelector("h1").textContent;
      document.getElementById("open-studio").addEventListener("click", () => this.openStudio(true));
    }

    /* Show what the address says, and say what of it was not found. */
    async open() {
      const lost = await this.choice.read();
      if (!lost) return;
      this.status.textContent = lost.length ? "Not found: " + lost.join(", ") + "." : "";
      this.opened = false;
      this.show();
    }

    /* Everything anew: other versions are compared. */
    show() {
      const { columns } = this.choice;
      this.blocks = blocksOf(columns);
      steady(this.element, () => {
        const table = columns.length ? this.table() : this.advice();
        this.parts = {
          picker: picker(this.choice, () => this.show()),
          contents: columns.length ? this.contents() : null,
          verdict: columns.length ? verdicts(this.choice, this.blocks) : null,
          charts: this.charts,
          table,
          texts: columns.length ? changedTexts(this.choice, this.blocks) : null,
        };
        this.plot();
        this.replace(() => this.element.replaceChildren(...Object.values(this.parts).filter(Boolean)));
      });
      if (columns.length) document.title = this.names() + " compared · " + document.title.split(" · ").pop();
      document.querySelector("h1").textContent = columns.length > 1 ? this.names() + " compared" : this.heading;
      this.choice.keep();
      this.openStudio(Boolean(this.choice.charts.length));
    }

    /* The table anew, and what depends on the baseline where that is another. */
    showTable(rebased) {
      steady(this.element, () => {
        const { contents, verdict, table, texts } = this.parts;
        this.parts.table = this.table();
        this.parts.contents = this.contents();
        if (rebased) Object.assign(this.parts, { verdict: verdicts(this.choice, this.blocks), texts: changedTexts(this.choice, this.blocks) });
        this.replace(() => {
          if (verdict !== this.parts.verdict) verdict.replaceWith(this.parts.verdict);
          contents.replaceWith(this.parts.contents);
          if (texts !== this.parts.texts) texts.replaceWith(this.parts.texts);
          table.replaceWith(this.parts.table);
        });
        this.plot();
      });
      this.choice.keep();
    }

    table() {
      const { element, growing, titles } = sideBySide(this.choice, this.blocks, (change) => this.showTable(change && change.rebased));
      this.growing = growing;
      this.titles = titles;
      return element;
    }

    /* Links to the parts of the page, and to the groups of rows in the table. */
    contents() {
      const several = this.choice.columns.length > 1, judged = several ? [["#verdict", "Compatibility"]] : [], texts = several ? [["#texts", "Changed texts"]] : [];
      const groups = this.choice.flip ? [] : this.titles.map((title) => ["#" + anchorOf(title), title]);
      const links = [...judged, ["#charts", "Charts"], ["#side", "Side by side"], ...groups, ...texts];
      return make("nav", { class: "toc", "aria-label": "On this page" }, links.map(([href, text]) => make("a", { href }, text)));
    }

    /* Put the new table into the page, scrolled as the old one was, and let it grow. */
    replace(action) {
      const before = this.grown, next = this.growing;
      if (next) next.reserve(before && before.flip === next.flip ? before.high() : HIGH);
      const { scrollLeft = 0, scrollTop = 0 } = before ? before.element : {}, { activeElement: active } = document;
      this.grown = next;
      action();
      if (!next) return;
      next.fit();
      next.element.scrollLeft = scrollLeft;
      next.element.scrollTop = scrollTop;
      next.begin(active instanceof HTMLElement ? active.dataset.name : undefined);
    }

    advice() {
      const catalog = make("a", { href: this.choice.up + "index.html" }, "the catalog");
      this.growing = null;
      return make("p", { class: "lede" }, this.choice.slug ? "Choose the versions to compare." : ["Select models in ", catalog, ", then follow the link to compare them."]);
    }

    names() {
      const names = this.choice.columns.map((one) => this.choice.label(one));
      return names.length > 6 ? names.length + " versions" : listed(names);
    }

    /* --- charts -------------------------------------------------------------------------------------------------- */

    /* The charts that need no library; they are there in print, too. */
    plot() {
      const { columns } = this.choice, found = columns.length > 1 ? comparePlots(this.choice, this.blocks) : [];
      this.charts.hidden = !columns.length;
      document.getElementById("plots").replaceChildren(...found);
      const none = document.getElementById("no-plots");
      none.hidden = found.length > 0;
      none.textContent = columns.length < 2 ? "Choose another version to see charts of both." : commonMetrics(this.blocks) ? "The metrics that they have in common are equal." : "They have no metric in common.";
    }

    /* The chart builder in place of them; it draws anew where it is open. */
    async openStudio(wanted) {
      const place = document.getElementById("studio"), start = document.getElementById("start-studio");
      if (this.charts.hidden || (place.hidden && !wanted)) return;
      if (this.opened) { this.studio.draw(); return; }
      this.opened = true;
      place.hidden = false;
      start.hidden = true;
      this.context = this.context || this.chartContext(place);
      this.context.data = this.chartData();
      this.studio = this.studio || window.sitegen.studio(place, this.context);
      window.sitegen.openStudio = this.studio;
      await this.studio.open(this.choice.charts);
    }

    chartData() {
      const { choice } = this;
      return this.oneFile() ? choice.columns[0].data : severalModels.joined(choice.columns, (one) => choice.key(one), (one) => choice.label(one));
    }
    chartContext(place) {
      const { choice } = this;
      const changed = (texts) => {
        choice.charts = texts;
        choice.keep();
      };
      const context = window.sitegen.chartContext(place, this.chartData(), () => this.drawn(), changed);
      const steps = () => (this.oneFile() ? loadSteps(choice.up, choice.columns[0].data) : severalModels.histories(choice.columns, choice.up));
      return { ...context, steps };
    }
    /* Whether one file has all that is compared, of a page for one model: charts may show its other versions, too. */
    oneFile() {
      const { slug, columns } = this.choice;
      return Boolean(slug) && columns.every((one) => one.data === columns[0].data);
    }
    /* The places of the versions to draw: those that are compared; all of the model where only one is chosen. */
    drawn() {
      const { columns } = this.choice;
      if (!this.oneFile()) return columns.map((_, place) => place);
      return columns.length > 1 ? columns.map((one) => one.place) : columns[0].data.versions.map((_, place) => place);
    }
  }
})();
