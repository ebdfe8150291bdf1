/* The state of the page: key=value pairs behind the # of its address. A plain #name is a place on the page. */
(function () {
  "use strict";

  window.sitegen.state = {
    read() {
      const text = location.hash.slice(1);
      return new URLSearchParams(text.includes("=") ? text : "");
    },
    /* Write parameters in place of those with a name that `mine` accepts; the others are of another part of the page. */
    replace(mine, parameters) {
      const others = Array.from(this.read()).filter(([name]) => !mine(name));
      this.write(new URLSearchParams([...others, ...parameters]));
    },
    write(parameters) {
      const text = parameters.toString();
      const address = text ? "#" + text : location.pathname + location.search;
      try { history.replaceState(null, "", address); } catch { location.hash = text; }
    },
  };
})();
