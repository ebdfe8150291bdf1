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

  /* Values by key, where keys come from a registry or an address: no key means what objects inherit. */
  const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);

  Object.assign(window.sitegen, { script, own });
})();
