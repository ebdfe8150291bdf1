/* Keeps a page of the preview up to date when it, or something that it loaded, has changed. */
(function () {
  "use strict";
  const OWN = "/~sitegen/";
  let mine = document.currentScript.dataset.page;
  let known = window.sitegenLive.build;
  let source = null;
  let stale = false;
  let latest = null;
  let renewals = 0;

  const file = (path) => decodeURIComponent(path).replace(/^\//, "").replace(/(^|\/)$/, "$1index.html");

  /* The files that this page is made of, as the server names them. */
  function loaded() {
    const entries = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
    return [location, ...entries.filter((url) => url.origin === location.origin)].map((url) => file(url.pathname));
  }

  function connect() {
    if (source || document.hidden) return; /* a browser has six connections: those are for the pages that are seen */
    const query = new URLSearchParams({ since: known, path: file(location.pathname), page: mine });
    source = new EventSource(OWN + "events?" + query);
    source.onmessage = (event) => {
      latest = JSON.parse(event.data);
      known = event.lastEventId;
      const files = loaded();
      const changed = latest.changed && latest.changed.filter((path) => files.includes(path)); /* null: perhaps all */
      stale = stale || !changed || changed.length > 0;
      if (!stale) show(latest.problem);
      else if (!window.sitegenLive.busy) renew(changed);
    };
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return; /* the browser tries again by itself */
      disconnect();
      setTimeout(connect, 1000);
    };
  }

  function disconnect() {
    if (source) source.close();
    source = null;
  }

  /* Parts that scripts for callers fill in: compared as they came, and left alone with what the reader has pasted or chosen. */
  const TOOLS = "main > [data-use], main > #use";
  const tools = (page) => Array.from(page.querySelectorAll(TOOLS), (part) => part.outerHTML).join("\n");
  const myTools = tools(document); /* before scripts put buttons there: this one stands at the end of the page */

  /* A page that is made by no script takes in place what is new of it; any other is loaded again. */
  async function renew(changed) {
    const alone = changed && changed.every((path) => path === file(location.pathname));
    if (!alone || !plain(document)) return location.reload();
    const number = ++renewals;
    const next = await fetched();
    if (number !== renewals) return; /* asked again meanwhile: the later answer counts, whichever comes last */
    if (window.sitegenLive.busy) return; /* somebody has begun to write meanwhile: the page stays stale */
    if (!next || !plain(next) || frame(next) !== frame(document) || tools(next) !== myTools) return location.reload();
    const parts = next.querySelectorAll(PARTS);
    document.querySelectorAll(PARTS).forEach((part, place) => {
      if (!part.matches(TOOLS) && part.innerHTML !== parts[place].innerHTML) part.replaceChildren(...parts[place].childNodes);
    });
    document.title = next.title;
    mine = next.querySelector(OURS).getAttribute("data-page");
    stale = false;
    show(latest.problem);
  }

  async function fetched() {
    try {
      const answer = await fetch(location.pathname, { cache: "no-cache" });
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    } catch {
      return null; /* the server has gone: to load the page again says so */
    }
  }

  const OURS = "script[data-page]";
  const PARTS = "main > :not(.toc)";
  const MADE = "script[defer]:not([src*='/assets/use-'], [src*='/assets/code-']), [data-needs-script]";
  const plain = (page) => Boolean(page.querySelector(OURS)) && !page.querySelector(MADE);

  /* What stays as it is where parts are exchanged: what the page loads, the site's title, which parts there are. */
  function frame(page) {
    const kept = Array.from(page.querySelectorAll("head link, head script, header.top a"), (element) => element.outerHTML);
    const parts = Array.from(page.querySelectorAll(PARTS), (element) => element.tagName + element.id);
    return [...kept, ...parts, ...Array.from(page.querySelectorAll(".toc a"), (link) => link.getAttribute("href"))].join("\n");
  }

  /* What keeps the site from being built lies over the page, which stays as it was. */
  let overlay = null;
  function show(problem) {
    if (overlay) overlay.remove();
    overlay = null;
    if (!problem) return;
    overlay = document.createElement("div");
    overlay.id = "sitegen-problem";
    overlay.setAttribute("role", "alert");
    const root = overlay.attachShadow({ mode: "open" });
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: OWN + "live.css" });
    const box = Object.assign(document.createElement("div"), { className: "problem" });
    const title = Object.assign(document.createElement("strong"), { textContent: "The site could not be built" });
    const text = Object.assign(document.createElement("pre"), { textContent: problem });
    const hint = Object.assign(document.createElement("p"), { textContent: "This page is the last one that could." });
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Hide" });
    close.addEventListener("click", () => show(null));
    box.append(title, text, hint, close);
    root.append(style, box);
    document.body.append(overlay);
  }

  /* Somebody writes in this page: it is not loaded anew before they have done. */
  window.sitegenLive.setBusy = (busy) => {
    window.sitegenLive.busy = busy;
    if (stale && !busy) location.reload();
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", connect); /* also of a page that comes back out of the browser's memory */
  if (window.sitegenLive.edit && /^\/models\/[^/]+\/([^/]+\/)?(index\.html)?$/.test(location.pathname)) {
    document.body.append(Object.assign(document.createElement("script"), { src: OWN + "edit.js" }));
  }
  connect();
})();
