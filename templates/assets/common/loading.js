/* Data and libraries come as classic scripts, since fetch() does not work from file://. */
(function () {
  "use strict";
  const { make } = window.sitegen;
  const loading = {};

  /* Load the script of an address once; the promise is rejected where it cannot be loaded. */
  function script(address) {
    loading[address] = loading[address] || new Promise((resolve, reject) => {
      const element = make("script", { src: address });
      element.onload = resolve;
      element.onerror = () => {
        delete loading[address]; /* the next who asks for it tries again */
        reject(new Error(address + " could not be loaded"));
      };
      document.head.append(element);
    });
    return loading[address];
  }

  /* Between two parts of a long work: lets the browser paint and answer once a slice of time is used up. */
  const SLICE = 8; /* milliseconds; on a telephone they are four times as many */
  const channel = new MessageChannel(), waiting = [];
  let until = 0;
  channel.port1.onmessage = () => {
    until = performance.now() + SLICE;
    waiting.splice(0).forEach((go) => go());
  };
  function pause() {
    return performance.now() < until ? undefined : new Promise((go) => { waiting.push(go); channel.port2.postMessage(null); });
  }

  /* Values by key, where keys come from a registry or an address: no key means what objects inherit. */
  const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);

  Object.assign(window.sitegen, { script, own, pause });
})();
