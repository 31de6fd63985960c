/*
 * The study as the figures see it: series, one of each mode and placement, whose points lie over the number of
 * threads. A series keeps its colour and symbol in all figures; both differ, for those who do not see the colours.
 */
const SERIES = [
    { mode: "strong", places: "compact", colour: "var(--series-0)", symbol: "circle" },
    { mode: "strong", places: "spread", colour: "var(--series-1)", symbol: "triangle-up" },
    { mode: "weak", places: "compact", colour: "var(--series-2)", symbol: "square" },
    { mode: "weak", places: "spread", colour: "var(--series-3)", symbol: "diamond" },
];
const LAWS = {
    amdahl: { name: "Amdahl", dash: "6 3" },
    gustafson: { name: "Gustafson", dash: "6 3" },
    usl: { name: "Universal Scalability Law", dash: "2 3" },
};

function readStudy() {
    const study = JSON.parse(document.getElementById("study").textContent);
    for (const name of ["warnings", "errors", "points", "fits", "limits"]) study[name] = study[name] || [];
    study.study = study.study || {};
    study.machine = study.machine || {};
    return study;
}

/** The series that the study has points of; of one mode, or of both. */
function seriesOf(study, mode) {
    return SERIES.filter(one => !mode || one.mode === mode).map(one => Object.assign({}, one, {
        name: one.mode + ", " + one.places,
        points: study.points.filter(point => point.mode === one.mode && point.places === one.places)
            .sort((a, b) => a.threads - b.threads),
    })).filter(one => one.points.length > 0);
}

function fitsOf(study, series) {
    return study.fits.filter(fit => fit.mode === series.mode && fit.places === series.places);
}

/** The value of an estimate, which may be a plain number or not there at all; null then. */
function valueOf(estimate) {
    const value = estimate !== null && typeof estimate === "object" ? estimate.value : estimate;
    return isKnown(value) ? value : null;
}

function threadCounts(points) {
    return Array.from(new Set(points.map(point => point.threads))).sort((a, b) => a - b);
}

function pointName(point) {
    return point.mode + ", " + point.places + ", " + threadsText(point.threads);
}

function threadsText(threads) {
    return threads === 1 ? "1 thread" : threads + " threads";
}

/**
 * Of each size of problem the hash that most samples have: the state that all should end in. None where two are as
 * frequent, as nothing tells which is right. The study's errors say in words what this colours.
 */
function commonHashes(study) {
    const counts = {};
    for (const point of study.points) {
        const of = counts[sizeKey(point)] = counts[sizeKey(point)] || {};
        for (const sample of point.samples || []) if (sample.hash) of[sample.hash] = (of[sample.hash] || 0) + 1;
    }
    const common = {};
    for (const size of Object.keys(counts)) {
        const [first, second] = Object.keys(counts[size]).sort((a, b) => counts[size][b] - counts[size][a]);
        common[size] = second !== undefined && counts[size][first] === counts[size][second] ? null : first;
    }
    return common;
}

function sizeKey(point) {
    return point.mode + " " + point.size;
}

/** Points that all their threads have a core for: what a reader may rely on. */
function isSound(point) {
    return !point.oversubscribed;
}
