/*
 * The tables: all numbers of the study, with their intervals. A cell keeps the number as the study has it in
 * data-value, beside the text that rounds it.
 */

/** A column: its head, what a row has there, and how that reads. Estimates show their interval below the value. */
function column(head, get, format = String) {
    return { head: head, get: get, format: format };
}

function fillCell(cell, value, format) {
    const number = value !== null && typeof value === "object" ? valueOf(value) : value;
    const isNumber = typeof number === "number";
    const isMissing = number === null || number === undefined || (isNumber && !isKnown(number));
    cell.append("span").text(isMissing ? NOT_THERE : format(number));
    if (isNumber) cell.attr("data-value", number);
    if (isNumber && typeof value === "object" && interval(value, format))
        cell.attr("data-low", value.low).attr("data-high", value.high)
            .append("span").attr("class", "interval").text(" " + interval(value, format));
}

/** A titled table of `rows`; `mark` gives a row's class. Columns in which no row has anything are left out. */
function drawTable(parent, name, title, columns, rows, mark = () => null) {
    if (rows.length === 0) return;
    const shown = columns.filter(one => rows.some(row => {
        const value = one.get(row);
        return value !== null && value !== undefined && !(typeof value === "object" && valueOf(value) === null);
    }));
    const table = parent.append("div").attr("class", "scroll").attr("tabindex", 0).attr("role", "region").attr("aria-label", title)
        .append("table").attr("id", "table-" + name);
    const head = table.append("thead").append("tr"), body = table.append("tbody");
    for (const one of shown) {
        one.side = rows.some(row => valueOf(one.get(row)) !== null) ? "number" : null;
        head.append("th").attr("scope", "col").attr("class", one.side).text(one.head);
    }
    for (const row of rows) {
        const line = body.append("tr").attr("class", mark(row));
        for (const one of shown) {
            const cell = line.append("td").attr("class", one.side);
            fillCell(cell, one.get(row), one.format);
            if (one.mark) cell.classed(one.mark(row), true);
        }
    }
}

function section(parent, title, isOpen = true) {
    const details = parent.append("details").attr("open", isOpen ? "" : null);
    details.append("summary").append("h2").text(title);
    return details;
}

const POINT_COLUMNS = [
    column("mode", point => point.mode),
    column("places", point => point.places),
    column("threads", point => point.threads),
];

function hashColumn(common) {
    const one = column("hash of the state", row => row.hash || null);
    one.mark = row => row.hash && row.hash !== common[sizeKey(row.point || row)] ? "hash differs" : "hash";
    return one;
}

function pointColumns(study) {
    const unit = study.study.unit || "unit", traffic = key => point => point.traffic ? point.traffic[key] : null;
    return POINT_COLUMNS.concat([
        column("size", point => point.size),
        column("time a step", point => point.seconds_per_step, seconds),
        column(`${unit}-steps/s`, point => point.rate, value => withPrefix(value, "")),
        column("speed-up", point => point.speedup, plain),
        column("efficiency", point => point.efficiency, plain),
        column("serial fraction (Karp-Flatt)", point => point.karp_flatt, plain),
        column("declared traffic", traffic("declared_bytes_per_second"), bytesPerSecond),
        column("of bandwidth", traffic("fraction"), percent),
        column("energy a step", point => point.joules_per_step, joules),
        hashColumn(commonHashes(study)),
    ]);
}

const oversubscribedMark = point => point.oversubscribed ? "oversubscribed" : null;

function drawPointTable(parent, study) {
    const box = section(parent, "Points");
    box.append("p").text("Medians with 95 % intervals. Points in italics have more threads than the cores granted.");
    drawTable(box, "points", "Points", pointColumns(study), study.points, oversubscribedMark);
}

const DOUBTFUL = 0.05; // the level of the test of lack of fit

/** "s = 0.078 [0.071, 0.085] (serial fraction)", or why there is none, or that the law is not to be trusted. */
function parameterText(fit) {
    if (fit.why_not) return "no fit: " + fit.why_not;
    const text = (fit.parameters || []).map(one => `${one.symbol} = ${withInterval(one)} (${one.name})`).join("; ");
    return isKnown(fit.p_value) && fit.p_value < DOUBTFUL
        ? `${text}; it does not describe these samples (p = ${plain(fit.p_value, 2)})` : text;
}

function drawFitTable(parent, study) {
    const box = section(parent, "Fits");
    if (study.fits.length === 0) box.append("p").text("No law was fitted.");
    drawTable(box, "fits", "Fits", [
        column("mode", fit => fit.mode),
        column("places", fit => fit.places),
        column("law", fit => (LAWS[fit.law] || { name: fit.law }).name),
        column("parameters with 95 % intervals", parameterText),
        column("residual (rms)", fit => fit.residual, percent),
        column("samples", fit => fit.samples),
    ], study.fits);
}

function drawChainTable(parent, study) {
    const rows = d3.merge(study.points.map(point => (point.chains || []).map(chain => Object.assign({ point: point }, chain))));
    if (rows.length === 0) return;
    drawTable(section(parent, "Chains of loops", false), "chains", "Chains", [
        ...POINT_COLUMNS.map(one => column(one.head, row => one.get(row.point))),
        column("chain", row => row.chain),
        column("executor", row => row.executor),
        column("share of time", row => row.share, percent),
        column("updates/s", row => row.updates_per_second, value => withPrefix(value, "")),
        column("bytes an update", row => row.bytes_per_update, plain),
        column("flop an update", row => row.flops_per_update, plain),
        column("intensity (flop/B)", row => row.intensity, plain),
        column("reached", row => row.flops_per_second, flopsPerSecond),
        column("roof", row => row.roof, flopsPerSecond),
        column("of the roof", row => row.fraction_of_roof, percent),
        column("bound by", row => row.bound === "memory" && row.roof_level ? row.roof_level : row.bound),
    ], rows, row => oversubscribedMark(row.point));
}

function drawSampleTable(parent, study) {
    const rows = d3.merge(study.points.map(point => (point.samples || []).map(sample => Object.assign({ point: point }, sample))));
    drawTable(section(parent, "Samples", false), "samples", "Samples", [
        ...POINT_COLUMNS.map(one => column(one.head, row => one.get(row.point))),
        column("round", row => row.round),
        column("steps", row => row.steps),
        column("measured", row => row.seconds, seconds),
        column("time a step", row => row.seconds_per_step, seconds),
        column("rate", row => row.rate, value => withPrefix(value, "")),
        column("start-up", row => row.start_up, seconds),
        column("load of others", row => row.load, plain),
        column("steal", row => row.steal, percent),
        column("energy", row => row.joules, joules),
        hashColumn(commonHashes(study)),
    ], rows, row => oversubscribedMark(row.point));
}

/** Names and values, side by side. */
function drawList(parent, pairs) {
    const list = parent.append("dl").attr("class", "facts");
    for (const [name, value] of pairs) {
        list.append("dt").text(name);
        list.append("dd").text(value === null || value === undefined || value === "" ? "not available" : value);
    }
}

function machineFacts(machine) {
    const caches = (machine.cache_bytes || [])
        .map((bytes, index) => isKnown(bytes) ? `L${index + 1} ${binaryBytes(bytes)}` : null).filter(Boolean);
    return [
        ["host", machine.host], ["system", machine.system], ["processor", machine.processor],
        ["cores, processors", isKnown(machine.cores) ? `${machine.cores}, ${plain(machine.processors)}` : null],
        ["processors granted", isKnown(machine.granted) ? String(machine.granted) : null],
        ["packages, NUMA domains", isKnown(machine.packages) ? `${machine.packages}, ${plain(machine.numa_domains)}` : null],
        ["memory", isKnown(machine.memory_bytes) ? binaryBytes(machine.memory_bytes) : null],
        ["caches", caches.join(", ")],
    ];
}

const MOST_OTHERS = 0.2; // processors that others may keep busy without a word, as in `pelagos machine`

/** What `pelagos machine --measure` found, a row a thread count. */
function drawMeasured(box, measured) {
    const lists = [measured.bandwidth, measured.peak, measured.fork, measured.task].map(list => list || []);
    const at = (list, threads, key, level) => {
        const one = list.find(entry => entry.threads === threads && (!level || entry.level === level));
        return one ? one[key] : null;
    };
    const bandwidths = ["memory", "L3", "L2", "L1"].map(level =>
        column(level + " bandwidth", threads => at(lists[0], threads, "bytes_per_second", level), bytesPerSecond));
    drawTable(box, "measured", "Measured on this machine", [
        column("threads", threads => threads), ...bandwidths,
        column("peak", threads => at(lists[1], threads, "flops_per_second"), flopsPerSecond),
        column("fork and join", threads => at(lists[2], threads, "seconds"), seconds),
        column("a task", threads => at(lists[3], threads, "seconds"), seconds),
    ], threadCounts(d3.merge(lists)));
    if (measured.others_busy > MOST_OTHERS)
        box.append("p").text(`Other processes kept ${plain(measured.others_busy, 2)} processors busy meanwhile: the machine can ` +
            "do more than was measured.");
}

function drawMachine(parent, study) {
    const box = section(parent, "Machine");
    drawList(box, machineFacts(study.machine));
    if (study.machine.measured)
        drawMeasured(box, study.machine.measured);
    else
        box.append("p").text("Its bandwidth and peak were not measured; pelagos machine --measure does that.");
}

function drawSettings(parent, study) {
    const about = study.study, box = section(parent, "How to repeat it");
    box.append("pre").attr("id", "command").text(about.command || "not known");
    drawList(box, [
        ["deck", about.deck], ["app", about.app], ["changed in the deck", (about.sets || []).join("  ") || "nothing"],
        ["samples a point", isKnown(about.repeat) ? String(about.repeat) : null],
        ["a sample", isKnown(about.seconds) ? `${plain(about.seconds)} s, after a warm-up` : isKnown(about.steps) ? `${about.steps} steps, a fifth of them to warm up` : null],
        ["states compared at step", isKnown(about.steps) ? String(about.steps) : null],
        ["weak points grow along", about.grow], ["Pelagos", `${study.version || ""} ${study.revision || ""}`.trim()],
    ]);
}

function drawTables(parent, study) {
    drawPointTable(parent, study);
    drawFitTable(parent, study);
    drawChainTable(parent, study);
    drawSampleTable(parent, study);
    drawMachine(parent, study);
    drawSettings(parent, study);
}
