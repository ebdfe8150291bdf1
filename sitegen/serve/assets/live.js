/* Keeps a page of the preview up to date: loads it again when it, or something that it loaded, has changed. */
(function () {
  "use strict";
  const OWN = "/~sitegen/";
  const mine = document.currentScript.dataset.page;
  let known = window.sitegenLive.build;
  let source = null;
  let stale = false;

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
      const news = JSON.parse(event.data);
      known = event.lastEventId;
      stale = stale || news.changed === null || news.changed.some((path) => loaded().includes(path));
      if (!stale) show(news.problem);
      else if (!window.sitegenLive.busy) location.reload();
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
