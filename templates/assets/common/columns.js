/* Values in columns: sitegen/site/columns.py says how they are stored. */
(function () {
  "use strict";

  /* A function from the place of a row to its value in a column. */
  function reader(column) {
    if (Array.isArray(column)) return (place) => column[place];
    if (column.i) return (place) => column.v[column.i[place]];
    if (!column.at) return () => column.v[0];
    const values = new Map(column.at.map((place, number) => [place, column.v[number]]));
    return (place) => values.get(place);
  }

  /* The file that has the values of a key: as `file_of` in Python. */
  function fileOf(kind, key, files) {
    let sum = -1;
    for (const byte of new TextEncoder().encode(kind + "." + key)) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return (~sum >>> 0) % files;
  }

  window.sitegen.columns = { reader, fileOf };
})();
