/*
 * How near the chains come to what the machine can do: the roofline (Williams, Waterman and Patterson, Communications
 * of the ACM 52 (4), 2009) and the traffic that the declared accesses imply beside the bandwidth measured.
 */
const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];
const RAMP = 6; // colours --ramp-0 ... of thread counts

function rampColour(index, count) {
    return `var(--ramp-${count > 1 ? Math.round(index * (RAMP - 1) / (count - 1)) : 0})`;
}

/** {threads, bandwidth, peak} of each thread count at which memory was measured; peak null where it was not. */
function roofs(study) {
    const measured = study.machine.measured || {}, peaks = measured.peak || [];
    return (measured.bandwidth || []).filter(one => one.level === "memory" && isKnown(one.bytes_per_second)).map(one => {
        const peak = peaks.find(other => other.threads === one.threads);
        const most = peak && isKnown(peak.flops_per_second) ? peak.flops_per_second : null;
        return { threads: one.threads, bandwidth: one.bytes_per_second, peak: most };
    }).sort((a, b) => a.threads - b.threads);
}

/** Every chain of every point that has a place in the roofline. */
function rooflineDots(study) {
    return d3.merge(study.points.map(point => (point.chains || [])
        .filter(chain => chain.intensity > 0 && chain.flops_per_second > 0).map(chain => ({ point: point, chain: chain }))));
}

function chainWords(chain) {
    return [
        ["chain", chain.chain + " (" + chain.executor + ")"],
        ["share of the time", percent(chain.share)],
        ["intensity", plain(chain.intensity) + " flop/B"],
        ["reached", flopsPerSecond(chain.flops_per_second)],
        ["roof", flopsPerSecond(chain.roof)],
        ["of the roof", percent(chain.fraction_of_roof)],
        ["bound by", chain.bound || NOT_THERE],
    ];
}

/** The roof of a thread count: bandwidth times intensity up to the peak. */
function roofPlaces(roof, from, to, top) {
    const ceiling = roof.peak === null ? top : roof.peak, ridge = ceiling / roof.bandwidth;
    const places = [[from, Math.min(ceiling, roof.bandwidth * from)]];
    if (ridge > from && ridge < to) places.push([ridge, ceiling]);
    places.push([to, Math.min(ceiling, roof.bandwidth * to)]);
    return places;
}

function rooflineAxes(dots, tops) {
    const intensities = dots.map(dot => dot.chain.intensity), ridges = tops.map(roof => roof.peak ? roof.peak / roof.bandwidth : 0);
    const from = d3.min(intensities) / 4, to = Math.max(d3.max(intensities), d3.max(ridges) || 0) * 4;
    const rates = dots.map(dot => dot.chain.flops_per_second).concat(tops.map(roof => roof.peak).filter(isKnown));
    return { from: from, to: to,
        x: logAxis(from * 1.2, to / 1.2, "arithmetic intensity (flop/B)", String),
        y: logAxis(d3.min(rates) / 2, d3.max(rates) * 1.3, "performance", value => tickWithPrefix(value, "flop/s")) };
}

/** From the highest down, so that where names would touch the upper one stands. */
function drawRoofs(chart, axes, all, colourOf) {
    let above = -Infinity;
    for (const roof of all.slice().reverse()) {
        const places = roofPlaces(roof, axes.from, axes.to, axes.y.scale.domain()[1]);
        const shown = places.filter(place => place[1] <= axes.y.scale.domain()[1]);
        drawLine(chart, shown, { colour: colourOf(roof.threads), kind: "roof" }).attr("data-threads", roof.threads);
        const end = shown[shown.length - 1];
        if (chart.y(end[1]) < above + 12) continue;
        above = chart.y(end[1]);
        chart.svg.append("text").attr("class", "roof-name").attr("x", chart.x(end[0]) - 4).attr("y", chart.y(end[1]) - 5)
            .attr("text-anchor", "end").style("fill", colourOf(roof.threads)).text(threadsText(roof.threads));
    }
}

function drawRoofline(box, study) {
    const dots = rooflineDots(study), tops = roofs(study), axes = rooflineAxes(dots, tops), key = box.append("div");
    const counts = threadCounts(dots.map(dot => dot.point).concat(tops));
    const colourOf = threads => rampColour(counts.indexOf(threads), counts.length);
    const names = Array.from(new Set(dots.map(dot => dot.chain.chain)));
    const chart = frame(box, { label: "Roofline", x: axes.x, y: axes.y, margin: { left: 98 } });
    drawRoofs(chart, axes, tops, colourOf);
    for (const { point, chain } of dots)
        drawPoint(chart.svg, chart.x(chain.intensity), chart.y(chain.flops_per_second),
            { symbol: SHAPES[names.indexOf(chain.chain) % SHAPES.length], colour: colourOf(point.threads) },
            point, chain.flops_per_second, [pointName(point), ...chainWords(chain)]);
    legend(key, names.map((name, index) => ({ symbol: SHAPES[index % SHAPES.length], colour: "var(--text)", text: "chain " + name }))
        .concat(counts.map(threads => ({ swatch: colourOf(threads), text: threadsText(threads) }))));
}

function rooflineNote(study) {
    const hidden = new Set(d3.merge(study.points.map(point => (point.chains || [])
        .filter(chain => !(chain.intensity > 0 && chain.flops_per_second > 0)).map(chain => chain.chain))));
    return hidden.size > 0 ? "Not shown, for want of declared operations: " + Array.from(hidden).join(", ") + "." : "";
}

function declared(point) {
    return point.traffic ? point.traffic.declared_bytes_per_second : null;
}

function drawTraffic(box, study) {
    const all = seriesOf(study).filter(one => hasAny([one], declared)), points = d3.merge(all.map(one => one.points));
    const key = box.append("div");
    const widths = points.map(point => point.traffic ? point.traffic.bandwidth : null).filter(isKnown);
    const chart = frame(box, { label: "Memory traffic over threads", margin: { left: 76 }, x: threadAxis(points),
        y: linearAxis(Math.max(extent(all, declared)[1], d3.max(widths) || 0), "bytes a second", value => tickWithPrefix(value, "B/s")) });
    for (const series of all.filter((one, index) => all.findIndex(other => other.places === one.places) === index))
        drawLine(chart, series.points.filter(point => point.traffic && isKnown(point.traffic.bandwidth))
            .map(point => [point.threads, point.traffic.bandwidth]), { colour: series.colour, kind: "bandwidth" });
    drawAllSeries(chart, all, declared, point => [["declared", bytesPerSecond(declared(point))],
        ["measured bandwidth", bytesPerSecond(point.traffic.bandwidth)], ["of it", percent(point.traffic.fraction)]]);
    const entries = seriesEntries(all);
    if (widths.length > 0)
        entries.push({ line: "var(--text)", kind: "bandwidth", text: "bandwidth measured with as many threads" });
    legend(key, entries);
}
