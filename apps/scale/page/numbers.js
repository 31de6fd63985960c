/*
 * Numbers as people read them: three digits, SI prefixes, intervals in brackets. What is not there (null) is a dash,
 * never a word that a program would print.
 */
const NOT_THERE = "–";
const PREFIXES = { "-12": "p", "-9": "n", "-6": "µ", "-3": "m", "0": "", "3": "k", "6": "M", "9": "G", "12": "T", "15": "P" };
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function isKnown(value) {
    return typeof value === "number" && isFinite(value);
}

function exponentOf(value) {
    return value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) + 1e-12);
}

function powerOfTen(exponent) {
    const digits = String(Math.abs(exponent)).split("").map(digit => SUPERSCRIPTS[digit]).join("");
    return "10" + (exponent < 0 ? "⁻" : "") + digits;
}

/** "6.68", "0.0421", "1048576", "2.2×10⁻⁵": so many significant digits, integers whole. */
function plain(value, digits = 3) {
    if (!isKnown(value)) return NOT_THERE;
    const exponent = exponentOf(value);
    if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
    if (exponent < -4 || exponent > 6)
        return (value / Math.pow(10, exponent)).toFixed(digits - 1) + "×" + powerOfTen(exponent);
    return value.toFixed(Math.max(0, digits - 1 - exponent));
}

/** "79.2 GB/s", "20.3 ms". */
function withPrefix(value, unit, digits = 3) {
    if (!isKnown(value)) return NOT_THERE;
    if (value === 0) return "0 " + unit;
    const power = Math.max(-12, Math.min(15, 3 * Math.floor(exponentOf(value) / 3)));
    const scaled = value / Math.pow(10, power);
    return scaled.toFixed(Math.max(0, digits - 1 - exponentOf(scaled))) + " " + PREFIXES[power] + unit;
}

/** "79 GB/s" at ticks: no more digits than needed. */
function tickWithPrefix(value, unit) {
    if (value === 0) return "0";
    const power = Math.max(-12, Math.min(15, 3 * Math.floor(exponentOf(value) / 3)));
    return Number((value / Math.pow(10, power)).toPrecision(3)) + " " + PREFIXES[power] + unit;
}

function percent(value) {
    return isKnown(value) ? plain(100 * value) + " %" : NOT_THERE;
}

const seconds = value => withPrefix(value, "s");
const bytesPerSecond = value => withPrefix(value, "B/s");
const flopsPerSecond = value => withPrefix(value, "flop/s");
const joules = value => withPrefix(value, "J");

/** 1024-based, as memory and caches are sold: "24 MiB". */
function binaryBytes(value) {
    if (!isKnown(value)) return NOT_THERE;
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let step = 0;
    for (; value >= 1024 && step < units.length - 1; step++) value /= 1024;
    return Number(value.toPrecision(4)) + " " + units[step];
}

/** "[6.54, 6.81]" of an estimate, or "". */
function interval(estimate, format = plain) {
    if (!estimate || !isKnown(estimate.low) || !isKnown(estimate.high)) return "";
    return "[" + format(estimate.low) + ", " + format(estimate.high) + "]";
}

/** "6.68 [6.54, 6.81]". */
function withInterval(estimate, format = plain) {
    const value = estimate ? estimate.value : null;
    return isKnown(value) ? (format(value) + " " + interval(estimate, format)).trim() : NOT_THERE;
}
