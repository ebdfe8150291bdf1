/* Dates as pandas.to_datetime and numpy.datetime64 read them. Pure functions. */
(function () {
  "use strict";
  const use = window.sitegenUse = window.sitegenUse || {};
  const { Fault, Timestamp } = use.python;

  const NAT = new Timestamp(null);
  const LOWEST = -(2n ** 63n) + 1n, HIGHEST = 2n ** 63n - 1n;
  const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
  const ISO = /^(\d{4})(?:(-)(\d{1,2})(?:-(\d{1,2}))?|(\d{2})(\d{2}))?(?:([Tt ])(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:([.,])(\d*))?)?)?)?\s*([Zz]|[-+]\d{2}(?::?\d{2})?)?$/;
  const NUMPY = /^([-+]?\d+)(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d*))?)?)?(Z|[-+]\d{2}(?::?\d{2})?)?[ \t\n\r]*)?)?)?$/;
  const MOMENT = /^(today|now)$/i; /* the moment of the call */
  const LOCAL = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
  const SLASHED = /^(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
  const NAMED = /^(?:[a-z]{3,9},?\s+)?(?:(\d{1,2})[\s-]+([a-z]{3,9})\.?|([a-z]{3,9})\.?\s+(\d{1,2}))[\s,-]+(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/i;

  /* Nanoseconds of the parts of a date; a Fault where one is out of range. */
  function nanoseconds(year, month, day, hour, minute, second, fraction, zone) {
    const [y, mo, d, h, mi, s] = [year, month || 1, day || 1, hour || 0, minute || 0, second || 0].map(Number);
    if (mo < 1 || mo > 12) return new Fault("month must be in 1..12");
    if (d < 1 || d > new Date(Date.UTC(2000 + (y % 400), mo, 0)).getUTCDate()) return new Fault("day is out of range for month");
    if (h > 23) return new Fault("hour must be in 0..23");
    if (mi > 59) return new Fault("minute must be in 0..59");
    if (s > 59) return new Fault("second must be in 0..59");
    const seconds = days(y, mo, d) * 86400n + BigInt(h * 3600 + mi * 60 + s) - BigInt(offset(zone));
    return seconds * 1000000000n + BigInt((fraction || "").padEnd(9, "0").slice(0, 9));
  }

  /* Days since 1970 of a date in any year: Howard Hinnant's days_from_civil. */
  function days(year, month, day) {
    const y = BigInt(month <= 2 ? year - 1 : year), era = (y >= 0n ? y : y - 399n) / 400n, inEra = y - era * 400n;
    const inYear = BigInt(Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1);
    return era * 146097n + inEra * 365n + inEra / 4n - inEra / 100n + inYear - 719468n;
  }

  function offset(zone) {
    if (!zone || /z/i.test(zone)) return 0;
    const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
    return (zone[0] === "-" ? -1 : 1) * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60);
  }

  const within = (ns, text) => (ns < LOWEST || ns > HIGHEST ? new Fault(`Out of bounds nanosecond timestamp: ${text}`) : ns);

  /* A text as pandas reads it: {ns, zone, format}; null for what means "missing"; a Fault. `format` names the form of the
     first text of a column, which all others must have. */
  function read(text) {
    const trimmed = text.trim();
    if (trimmed === "" || /^(nat|nan|<na>)$/i.test(trimmed) || trimmed === "NA") return null;
    if (MOMENT.test(trimmed)) return { ns: BigInt(Date.now()) * 1000000n, zone: "", format: "" };
    const found = ISO.exec(trimmed);
    let parts, zone = "", format;
    if (found) {
      zone = found[13] || "";
      parts = [found[1], found[3] || found[5], found[4] || found[6], found[8], found[9], found[10], found[12], zone];
      const month = found[2] ? "-m" : found[5] ? "m" : "", day = found[4] ? "-d" : found[6] ? "d" : "";
      const time = ["h", "m", "s"].filter((_, place) => found[8 + place] !== undefined).join(":");
      format = ["Y" + month + day, found[7] || "", time, found[12] !== undefined ? found[11] + "f" : "", zone && "z"].join("");
    } else ({ parts, format } = elsewhere(trimmed));
    if (!parts) {
      const number = /^[-+]?\d+(\.\d+)?$/.test(trimmed);
      return new Fault(number ? `Given date string "${text}" not likely a datetime` : `Unknown datetime string format, unable to parse: ${text}`);
    }
    const ns = nanoseconds(...parts);
    return ns instanceof Fault ? new Fault(`${ns.why}: ${text}`) : { ns, zone, format };
  }

  /* Forms that are not ISO 8601: 1/31/2024, 2024/01/31, 31 Jan 2024. */
  function elsewhere(text) {
    let found = LOCAL.exec(text);
    if (found) {
      const [, a, sign, b, year, ...time] = found, swapped = Number(a) > 12;
      return { parts: [year, swapped ? b : a, swapped ? a : b, ...time, ""], format: (swapped ? "d/m/Y" : "m/d/Y") + sign + time.filter(Boolean).length };
    }
    found = SLASHED.exec(text);
    if (found) {
      const [, year, sign, month, day, ...time] = found;
      return { parts: [year, month, day, ...time, ""], format: "Y/m/d" + sign + time.filter(Boolean).length };
    }
    found = NAMED.exec(text);
    const month = found ? MONTHS.indexOf((found[2] || found[3]).slice(0, 3).toLowerCase()) + 1 : 0;
    if (!month) return {};
    return { parts: [found[5], month, found[1] || found[4], found[6], found[7], found[8], ""], format: "named" + Boolean(found[1]) + Boolean(found[6]) };
  }

  /* One text alone, as Series.astype("datetime64[ns]") and pandas.Timestamp read it. */
  function alone(text) {
    const found = read(text);
    if (found === null) return NAT;
    if (found instanceof Fault) return found;
    const ns = within(found.ns, text);
    return ns instanceof Fault ? ns : new Timestamp(ns, found.zone);
  }

  const fromNumber = (value) => {
    if (typeof value === "bigint") {
      return value < LOWEST || value > HIGHEST ? new Fault(`cannot convert input ${value} with the unit 'ns'`) : new Timestamp(value);
    }
    return Math.abs(value) < 2 ** 63 ? new Timestamp(BigInt(Math.trunc(value))) : NAT;
  };

  /* pandas.to_datetime of a column's values: a Timestamp or a Fault for each. */
  function column(values, dtype) {
    const first = values.find((value) => value !== null && value !== undefined && !Number.isNaN(value));
    const whole = typeof first === "string" ? read(first) : null;
    const format = whole && whole.format;
    let zone;
    return values.map((value) => {
      if (value === null || value === undefined || Number.isNaN(value)) return NAT;
      if (value instanceof Timestamp) return value;
      if (dtype === "bool") return new Fault("dtype bool cannot be converted to datetime64[ns]");
      if (typeof value === "string") {
        const found = read(value);
        if (found === null) return NAT;
        if (found instanceof Fault) return format ? new Fault(`time data "${value}" doesn't match format of "${first}"`) : found;
        if (format && found.format !== format) return new Fault(`time data "${value}" doesn't match format of "${first}"`);
        if (zone !== undefined && offset(found.zone) !== offset(zone)) return new Fault("Mixed timezones detected");
        zone = found.zone;
        const ns = within(found.ns, value);
        return ns instanceof Fault ? ns : new Timestamp(ns, found.zone);
      }
      if (typeof value === "number" || typeof value === "bigint") {
        if (format) return new Fault(`time data "${value}" doesn't match format of "${first}"`);
        const date = fromNumber(value);
        return date === NAT && dtype === "object" ? new Fault(`cannot convert input ${value} with the unit 'ns'`) : date;
      }
      return new Fault(`<class '${use.python.kind(value)}'> is not convertible to datetime`);
    });
  }

  /* numpy.datetime64(text, "ns"), wrapped around at 64 bits as numpy does. */
  function numpyText(given) {
    const text = given.replace(/^[ \t\n\r]+/, "");
    if (text === "" || /^nat$/i.test(text)) return NAT;
    if (MOMENT.test(text)) return new Timestamp(BigInt(Date.now()) * 1000000n);
    const found = NUMPY.exec(text), parts = found && nanoseconds(...found.slice(1));
    if (!found || parts instanceof Fault) {
      return new Fault(found ? `${parts.why} in datetime string "${given}"` : `Error parsing datetime string "${given}"`);
    }
    return new Timestamp(BigInt.asIntN(64, parts));
  }

  /* One value into an array of datetime64[ns]. */
  function numpyValue(value) {
    if (value === null || value === undefined) return NAT;
    if (typeof value === "boolean") return new Timestamp(value ? 1n : 0n);
    if (typeof value === "bigint") {
      return value < LOWEST || value > HIGHEST ? new Fault("int too big to convert") : new Timestamp(value);
    }
    if (typeof value === "string") return numpyText(value);
    return value instanceof Timestamp ? value : new Fault("Could not convert object to NumPy datetime");
  }

  use.dates = { NAT, MOMENT, column, alone, read, numpyValue, numpyText };
})();
