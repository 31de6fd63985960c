/*
 * Where the time of the threads goes: the factors of parallel efficiency as the POP Centre of Excellence splits it, and
 * the shares of thread time, threads times measured time, that are work, waiting and overhead.
 */
const FACTORS = [
    { name: "global", title: "global efficiency", depth: 0 },
    { name: "parallel", title: "parallel efficiency", depth: 1 },
    { name: "load_balance", title: "load balance", depth: 2 },
    { name: "serialisation", title: "serialisation", depth: 2 },
    { name: "transfer", title: "transfer", depth: 2 },
    { name: "computation", title: "computation scaling", depth: 1 },
];
const SHARES = [
    { name: "busy", title: "busy in parallel", colour: "var(--busy)" },
    { name: "alone", title: "one thread at work, the others wait", colour: "var(--alone)" },
    { name: "files", title: "files", colour: "var(--files)" },
    { name: "waiting", title: "waiting in parallel work", colour: "var(--waiting)" },
    { name: "overhead", title: "overhead", colour: "var(--overhead)" },
];

function hasFactors(point) {
    return point.pop !== null && typeof point.pop === "object";
}

/** A cell whose colour is deeper the more is lost; `heat` is 0 for an ideal factor. */
function factorCell(row, point, factor) {
    const value = hasFactors(point) ? point.pop[factor.name] : null;
    const cell = row.append("td").attr("class", isKnown(value) ? "factor" : "missing")
        .text(isKnown(value) ? value.toFixed(2) : NOT_THERE);
    if (!isKnown(value)) return;
    const lost = Math.max(0, Math.min(1, 1 - value));
    cell.attr("data-value", value).style("--heat", Math.round(100 * Math.min(1, lost / 0.6)) + "%").classed("deep", lost > 0.33)
        .attr("title", `${pointName(point)}: ${factor.title} ${plain(value, 4)}`);
}

function drawFactorTable(box, series) {
    const table = box.append("table").attr("class", "heat"), head = table.append("thead").append("tr");
    head.append("th").attr("scope", "col").text(series.name);
    for (const point of series.points)
        head.append("th").attr("scope", "col").text(point.threads + (point.oversubscribed ? "*" : ""));
    const body = table.append("tbody");
    for (const factor of FACTORS) {
        const row = body.append("tr");
        row.append("th").attr("scope", "row").attr("class", "depth-" + factor.depth).text(factor.title);
        for (const point of series.points) factorCell(row, point, factor);
    }
}

function drawFactors(box, study) {
    const panels = box.append("div").attr("class", "panels");
    for (const series of seriesOf(study).filter(one => one.points.some(hasFactors)))
        drawFactorTable(panels.append("div"), series);
}

function hasTime(point) {
    return point.time !== null && typeof point.time === "object" && isKnown(point.time.busy) && isKnown(point.time.waiting);
}

function timeWords(point) {
    const names = { busy: "busy", waiting: "waiting", overhead: "overhead", serial: "one thread at work, of the wall time",
        files: "files, of the wall time", stolen: "stolen, of busy", imbalance: "imbalance, of the wall time" };
    return Object.keys(names).map(name => [names[name], percent(point.time[name])]);
}

/**
 * Parts that add up to 1. The study's busy, waiting and overhead do already; its serial part s and the files f within it,
 * shares of the wall time, lie with 1/p in busy, the one thread at work, and with the rest in waiting.
 */
function partsOf(point) {
    const time = point.time, serial = time.serial || 0, files = Math.min(serial, time.files || 0);
    return {
        busy: Math.max(0, time.busy - serial / point.threads),
        alone: serial - files,
        files: files,
        waiting: Math.max(0, time.waiting - serial * (1 - 1 / point.threads)),
        overhead: time.overhead || 0,
    };
}

/** A bar a thread count, its parts from the bottom up in the order of SHARES. */
function drawBar(chart, point, x, width) {
    const parts = partsOf(point);
    let from = 0;
    const bar = chart.svg.append("g").attr("class", "bar" + (point.oversubscribed ? " hollow" : ""))
        .attr("data-threads", point.threads);
    for (const share of SHARES) {
        const part = parts[share.name];
        if (!isKnown(part) || part <= 0) continue;
        const top = chart.y(from + part);
        bar.append("rect").attr({ x: x - width / 2, width: width, y: top, height: chart.y(from) - top })
            .style("fill", share.colour).attr("data-share", share.name).attr("data-value", part);
        from += part;
    }
    explain(bar, [pointName(point), ...timeWords(point)]);
}

function drawTimePanel(panel, series) {
    const shown = series.points.filter(hasTime);
    panel.append("h4").text(series.name);
    const x = { scale: d3.scale.linear().domain([-0.5, series.points.length - 0.5]), ticks: d3.range(series.points.length),
        format: index => series.points[index].threads + (series.points[index].oversubscribed ? "*" : ""), title: "threads" };
    const chart = frame(panel, { label: "Shares of thread time, " + series.name, height: 230, margin: { left: 58 }, x: x,
        y: shareAxis(1, "share of thread time", value => Math.round(100 * value) + " %") });
    const width = Math.min(56, 0.7 * chart.width / series.points.length);
    for (const point of shown) drawBar(chart, point, chart.x(series.points.indexOf(point)), width);
    series.points.forEach((point, index) => {
        if (!shown.includes(point))
            chart.svg.append("text").attr("class", "absent").attr("text-anchor", "middle")
                .attr("transform", `translate(${chart.x(index) + 4},${chart.height / 2}) rotate(-90)`).text("not available");
    });
}

function drawTime(box, study) {
    legend(box.append("div"), SHARES.map(share => ({ swatch: share.colour, text: share.title })));
    const panels = box.append("div").attr("class", "panels");
    const all = seriesOf(study), boxes = all.map(() => panels.append("div")); // all, so that each has its width
    all.forEach((series, index) => drawTimePanel(boxes[index], series));
}
