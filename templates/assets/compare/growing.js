/* A table that grows: what is in view is made at once and the rest in slices, so that a change shows at once however much
   there is; in the end the whole table is there, to be searched, read and printed. */
(function () {
  "use strict";
  const { make } = window.sitegen;

  const SLICE = 500; /* cells made at a time: some 20 ms of work */
  const AT_ONCE = 1500; /* cells of a table that needs no slices */
  const HIGH = 28; /* pixels that a line is taken for before it is made */
  const idle = window.requestIdleCallback;
  const later = (action) => (idle ? idle(action, { timeout: 200 }) : setTimeout(action, 16));

  /* Lines stand in groups {id, head, lines}; a line {id, first(), cells(from, to)} makes its cells when they are needed.
     `widths` has the width of each column and `part` that of a value, in widths of a digit. */
  class Growing {
    constructor(attributes, head, groups, widths, part) {
      this.count = widths.length - 1;
      this.columns = make("colgroup", {}, widths.map((width) => this.column(width)));
      this.parts = groups.flatMap((group) => this.cut(group));
      this.table = make("table", attributes, this.columns, head, this.parts.map(({ body }) => body));
      this.table.style.setProperty("--least", widths.reduce((sum, width) => sum + width, 0) + "ch");
      this.table.style.setProperty("--part", part + "ch");
      this.element = make("div", { class: "wrap", tabindex: "0", role: "group", "aria-label": "Versions side by side" }, this.table);
    }

    column(width) {
      const column = make("col");
      column.style.width = width + "ch";
      return column;
    }

    /* A group in parts that are made in one go. */
    cut(group) {
      const size = Math.max(1, Math.floor(SLICE / Math.max(1, this.count))), parts = [];
      for (let start = 0; start < group.lines.length; start += size) {
        const lines = group.lines.slice(start, start + size), going = start + size < group.lines.length;
        const body = make("tbody", { class: going ? "on" : null, id: start ? null : group.id });
        parts.push({ head: start ? null : group.head, lines, body, rows: null, from: 0, to: 0 });
      }
      return parts;
    }

    /* Make the lines of a part, from one column to another; an empty cell keeps the room of those before. */
    fill(part, from, to) {
      if (!part.rows) {
        part.rows = part.lines.map((line) => make("tr", {}, line.first(), from ? make("td", { colspan: from }) : null));
        part.body.replaceChildren(...(part.head ? [part.head] : []), ...part.rows);
        part.from = part.to = from;
      }
      part.rows.forEach((row, number) => {
        const { cells } = part.lines[number];
        if (from < part.from) row.cells[1].replaceWith(...cells(from, part.from));
        row.append(...cells(part.to, to));
      });
      part.from = from;
      part.to = to;
    }

    /* Before it stands in the page: take the room that lines of a height need, so that nobody's place is lost. */
    reserve(high) {
      for (const part of this.parts) {
        const room = make("tr");
        room.style.height = part.lines.length * high + "px";
        part.body.append(room);
      }
    }

    /* A table that is not too wide scrolls with the page, another one in a box of its own; in both its head stays in view. */
    fit() {
      this.element.classList.remove("fits");
      this.element.classList.toggle("fits", this.table.offsetWidth <= this.element.clientWidth);
    }

    /* Once it stands there: make what is in view and what has the focus; the rest follows when nothing else is to do. */
    begin(focused) {
      const [from, to] = this.columnsInView();
      const seen = this.parts.filter((part) => {
        const place = part.body.getBoundingClientRect();
        return (place.bottom > 0 && place.top < innerHeight) || part.lines.some((line) => line.id === focused);
      });
      for (const part of seen) this.fill(part, from, to);
      this.waiting = [...seen, ...this.parts.filter((part) => !seen.includes(part))];
      this.element.setAttribute("aria-busy", "true");
      if (this.count * this.parts.reduce((sum, part) => sum + part.lines.length, 0) <= AT_ONCE) this.finish();
      else this.goOnLater();
    }

    columnsInView() {
      const view = this.element.getBoundingClientRect();
      const places = [...[...this.table.tHead.rows].pop().cells].slice(1).map((head) => head.getBoundingClientRect());
      const from = places.findIndex((place) => place.right > view.left);
      return from < 0 ? [0, 0] : [from, places.filter((place) => place.left < view.right).length];
    }

    goOnLater() {
      later(() => { if (this.element.isConnected) this.goOn(SLICE); });
    }
    goOn(budget) {
      for (let left = budget; left > 0 && this.waiting.length;) {
        const part = this.waiting.shift();
        left -= part.lines.length * this.count;
        this.fill(part, 0, this.count);
      }
      if (this.waiting.length) this.goOnLater();
      else this.element.removeAttribute("aria-busy");
    }

    /* Make all that is not there yet, at once. */
    finish() { this.goOn(Infinity); }

    /* The height of a line, as it came out. */
    high() {
      const made = this.parts.filter((part) => part.rows), lines = made.reduce((sum, part) => sum + part.lines.length, 0);
      const top = made.reduce((sum, part) => sum + part.body.offsetHeight, 0);
      return lines ? top / lines : HIGH;
    }
  }

  window.sitegen.growing = { Growing, HIGH };
})();
