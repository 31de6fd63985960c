/*
 * How speed grows with threads: speed-up and efficiency with the fits' curves, seconds a step with every sample, and
 * energy a step.
 */
function pointWords(point) {
    return [
        ["a step", withInterval(point.seconds_per_step, seconds)],
        ["speed-up", withInterval(point.speedup)],
        ["efficiency", withInterval(point.efficiency)],
        ["samples", String((point.samples || []).length)],
    ];
}

/** The ends of all intervals and values that a figure shows. */
function extent(all, get) {
    const values = [];
    for (const series of all)
        for (const point of series.points) {
            const estimate = get(point);
            for (const value of [valueOf(estimate), estimate && estimate.low, estimate && estimate.high])
                if (isKnown(value)) values.push(value);
        }
    return values.length > 0 ? d3.extent(values) : [null, null];
}

function hasAny(all, get) {
    return extent(all, get)[0] !== null;
}

/** The fits of the series that have a curve, drawn by `turn`, from threads and speed-up to what the figure shows. */
function drawFits(chart, study, all, turn) {
    const entries = [];
    for (const series of all)
        for (const fit of fitsOf(study, series)) {
            const curve = fit.curve || {}, law = LAWS[fit.law] || { name: fit.law, dash: "1 3" };
            const places = (curve.threads || []).map((threads, index) => [threads, turn(threads, curve.speedup[index])])
                .filter(place => isKnown(place[0]) && isKnown(place[1]) && place[1] > 0);
            if (places.length < 2) continue;
            drawLine(chart, places, { colour: series.colour, dash: law.dash, kind: "fit" }).attr("data-law", fit.law);
            if (!entries.some(entry => entry.text === law.name))
                entries.push({ line: "var(--text)", dash: law.dash, kind: "fit", text: law.name });
        }
    return entries;
}

function drawIdeal(chart, places) {
    drawLine(chart, places, { colour: "var(--muted)", kind: "ideal" });
    return { line: "var(--muted)", kind: "ideal", text: "ideal" };
}

function drawAllSeries(chart, all, get, words) {
    all.forEach((series, index) => drawSeries(chart, series, shiftOf(index, all.length), get, words));
}

function drawSpeedup(box, study) {
    const all = seriesOf(study, "strong"), get = point => point.speedup;
    const counts = threadCounts(d3.merge(all.map(one => one.points)));
    const least = counts[0], most = counts[counts.length - 1], [low, high] = extent(all, get);
    const entries = seriesEntries(all), key = box.append("div");
    const chart = frame(box, { label: "Speed-up over threads", x: threadAxis(d3.merge(all.map(one => one.points))),
        y: doublingAxis(low, Math.max(high, most / least), "speed-up") });
    entries.push(drawIdeal(chart, [[least, 1], [most, most / least]]));
    entries.push(...drawFits(chart, study, all, (threads, speedup) => speedup));
    drawAllSeries(chart, all, get, pointWords);
    legend(key, entries);
}

/** Efficiency of a mode; `turn` makes it of a fit's threads and speed-up. */
function drawEfficiencies(box, study, mode, label, title) {
    const all = seriesOf(study, mode), get = point => point.efficiency, points = d3.merge(all.map(one => one.points));
    const counts = threadCounts(points), least = counts[0];
    const entries = seriesEntries(all), key = box.append("div");
    const chart = frame(box, { label: label, x: threadAxis(points),
        y: shareAxis(Math.max(1.05, 1.03 * extent(all, get)[1]), title) });
    entries.push(drawIdeal(chart, [[least, 1], [counts[counts.length - 1], 1]]));
    entries.push(...drawFits(chart, study, all, (threads, speedup) => speedup * least / threads));
    drawAllSeries(chart, all, get, pointWords);
    legend(key, entries);
}

function drawStrong(box, study) {
    drawEfficiencies(box, study, "strong", "Efficiency over threads", "speed-up over ideal");
}

function drawWeak(box, study) {
    drawEfficiencies(box, study, "weak", "Weak efficiency over threads", "time of the fewest threads over time");
}

function sampleWords(point, sample) {
    return [
        ["round", String(sample.round)],
        ["a step", seconds(sample.seconds_per_step)],
        ["median", withInterval(point.seconds_per_step, seconds)],
        ["load of others", plain(sample.load)],
        ["steal", percent(sample.steal)],
    ];
}

/** Every sample as a dot, and a line through the medians. */
function drawSamples(chart, series, shift) {
    const medians = series.points.filter(point => valueOf(point.seconds_per_step) !== null)
        .map(point => [point.threads, valueOf(point.seconds_per_step)]);
    drawLine(chart, medians, { colour: series.colour, shift: shift, kind: "thin" });
    for (const point of series.points)
        for (const sample of (point.samples || []).filter(one => isKnown(one.seconds_per_step)))
            explain(chart.svg.append("path").attr("class", "mark sample" + (point.oversubscribed ? " hollow" : ""))
                .attr("d", symbolPath(series.symbol, 30)).style("--colour", series.colour)
                .attr("data-value", sample.seconds_per_step)
                .attr("transform", `translate(${chart.x(point.threads) + shift},${chart.y(sample.seconds_per_step)})`),
                [pointName(point), ...sampleWords(point, sample)]);
}

function drawSeconds(box, study) {
    const all = seriesOf(study), points = d3.merge(all.map(one => one.points));
    const taken = d3.merge(points.map(point => (point.samples || []).map(one => one.seconds_per_step))).filter(isKnown);
    const key = box.append("div");
    const chart = frame(box, { label: "Seconds a step over threads", x: threadAxis(points),
        y: logAxis(d3.min(taken), d3.max(taken), "time a step", value => tickWithPrefix(value, "s")) });
    all.forEach((series, index) => drawSamples(chart, series, shiftOf(index, all.length)));
    legend(key, seriesEntries(all));
}

function drawEnergy(box, study) {
    const get = point => point.joules_per_step, all = seriesOf(study).filter(one => hasAny([one], get));
    const key = box.append("div");
    const chart = frame(box, { label: "Energy a step over threads", x: threadAxis(d3.merge(all.map(one => one.points))),
        y: linearAxis(extent(all, get)[1], "energy a step", value => tickWithPrefix(value, "J")) });
    drawAllSeries(chart, all, get, point => [["a step", joules(get(point))],
        [`a ${study.study.unit || "unit"} and step`, joules(get(point) / point.work_per_step)]]);
    legend(key, seriesEntries(all));
}
