/* Links to the parts of a page: a click on the name of a row or section, or on the number of a line, goes there and copies
   the link.

   <tr id="metric-rmse"><th><a class="k" href="#metric-rmse">rmse</a></th></tr>
   <div class="raw"><pre><a id="L1" href="#L1">1</a></pre></div> */
(function () {
  "use strict";
  const { make, copyText } = window.sitegen;
  const WAIT = 1500; /* milliseconds until "link copied" disappears */

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a.k, .raw a");
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    copyText(link.href).then((done) => done && report(link));
  });

  function report(link) {
    const next = link.nextElementSibling;
    if (next && next.matches(".k-note")) return; /* the report of an earlier click */
    const note = make("small", { class: "k-note", role: "status" }, "link copied");
    link.after(note);
    setTimeout(() => note.remove(), WAIT);
  }

  /* A part that lies in folded ones is shown: some browsers unfold them only for their own links. */
  function unfold() {
    let part = document.getElementById(location.hash.slice(1));
    const target = part;
    for (; part; part = part.parentElement) {
      if (part instanceof HTMLDetailsElement && part !== target) part.open = true;
    }
    if (target && target.closest("details")) target.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  document.addEventListener("DOMContentLoaded", unfold);
})();
