/* The compare page: versions side by side, of one model or of several, with a verdict and charts. */
(function () {
  "use strict";
  const { make, steady, Choice, verdicts, sideBySide, severalModels } = window.sitegen;
  const { blocksOf } = window.sitegen.compareRows;
  const { HIGH } = window.sitegen.growing;
  const { loadSteps } = window.sitegen.modelVersions;
  const { listed, picker } = window.sitegen.compareParts;

  document.addEventListener("DOMContentLoaded", async () => {
    const main = document.getElementById("compare");
    if (!main) return;
    const page = new Page(main);
    /* A plain #name is a place on this page; the state comes back into the address. */
    window.addEventListener("hashchange", () => (location.hash.includes("=") || !location.hash ? page.open() : page.choice.keep()));
    window.addEventListener("beforeprint", () => { if (page.grown) page.grown.finish(); });
    await page.open();
  });

  class Page {
    constructor(element) {
      this.element = element;
      this.choice = new Choice(element.dataset.model || "", element.dataset.up);
      this.status = document.getElementById("compare-status");
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
        const first = picker(this.choice, () => this.show());
        this.parts = columns.length ? [first, verdicts(this.choice), this.table()] : [first, null, this.advice()];
        this.replace(() => this.element.replaceChildren(...this.parts.filter(Boolean)));
      });
      if (columns.length) document.getElementById("compare-title").textContent = this.titleText();
      this.choice.keep();
      this.openStudio();
    }

    /* The table anew, and the verdicts where the baseline is another. */
    showTable(rebased) {
      steady(this.element, () => {
        const [, judged, table] = this.parts, made = [rebased ? verdicts(this.choice) : judged, this.table()];
        this.parts.splice(1, 2, ...made);
        this.replace(() => {
          if (rebased && judged) judged.replaceWith(made[0]);
          table.replaceWith(made[1]);
        });
      });
      this.choice.keep();
    }

    table() {
      const { element, growing } = sideBySide(this.choice, this.blocks, (change) => this.showTable(change && change.rebased));
      this.growing = growing;
      return element;
    }

    /* Put the new table into the page, scrolled as the old one was, and let it grow. */
    replace(action) {
      const before = this.grown, next = this.growing;
      if (next) next.reserve(before && before.flip === next.flip ? before.high() : HIGH);
      const left = before ? before.element.scrollLeft : 0, { activeElement: active } = document;
      this.grown = next;
      action();
      if (!next) return;
      next.element.scrollLeft = left;
      next.begin(active instanceof HTMLElement ? active.dataset.name : undefined);
    }

    advice() {
      const text = this.choice.slug ? "Choose the versions to compare." : "Tick models in the catalog, then follow the link to compare them.";
      this.growing = null;
      return make("p", { class: "lede" }, text);
    }

    titleText() {
      const names = this.choice.columns.map((one) => this.choice.label(one));
      return (names.length > 6 ? names.length + " versions" : listed(names)) + " compared";
    }

    /* --- charts -------------------------------------------------------------------------------------------------- */

    openStudio() {
      const place = document.getElementById("studio"), section = place.closest("section");
      section.hidden = !this.choice.columns.length;
      if (section.hidden) return;
      if (this.opened) { this.studio.draw(); return; }
      this.opened = true;
      this.context = this.context || this.chartContext(place);
      this.context.data = this.chartData();
      this.studio = this.studio || window.sitegen.studio(place, this.context);
      window.sitegen.openStudio = this.studio;
      const open = () => this.studio.open(this.choice.charts);
      if (this.choice.charts.length || this.seen) open();
      else window.sitegen.whenSeen(place, () => { this.seen = true; open(); });
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
