/*
 * What stands in a chart: points with their error bars, lines, curves, and the tooltip that says all about a mark when
 * it is pointed at or reached with the keyboard.
 */
const SYMBOL_AREA = 52;

function symbolPath(name, area = SYMBOL_AREA) {
    return d3.svg.symbol().type(name).size(area)();
}

/** The tooltip's lines: a title, then pairs of a name and a value. */
function showTooltip(lines, x, y) {
    const tooltip = d3.select("#tooltip").attr("hidden", null).text("");
    tooltip.append("strong").text(lines[0]);
    const list = tooltip.append("dl");
    for (const [name, value] of lines.slice(1)) {
        list.append("dt").text(name);
        list.append("dd").text(value);
    }
    const box = tooltip.node().getBoundingClientRect();
    tooltip.style("left", Math.max(4, Math.min(x + 14, window.innerWidth - box.width - 8)) + "px")
        .style("top", (y + 14 + box.height > window.innerHeight ? Math.max(4, y - box.height - 10) : y + 14) + "px");
}

function hideTooltip() {
    d3.select("#tooltip").attr("hidden", "hidden");
}

/** Lets `mark` say `lines` to eyes, keyboards and readers of screens. */
function explain(mark, lines) {
    const text = lines[0] + ": " + lines.slice(1).map(([name, value]) => name + " " + value).join(", ");
    mark.attr("tabindex", 0).attr("role", "img").attr("aria-label", text)
        .on("pointermove", () => showTooltip(lines, d3.event.clientX, d3.event.clientY))
        .on("pointerleave", hideTooltip)
        .on("focus", function () {
            const box = this.getBoundingClientRect();
            showTooltip(lines, box.right, box.bottom);
        })
        .on("blur", hideTooltip);
    return mark;
}

/** A symbol with a larger target around it; `point` names it, `value` is what the study says. */
function drawPoint(svg, x, y, look, point, value, lines) {
    const mark = svg.append("g").attr("class", "point").attr("transform", `translate(${x},${y})`)
        .attr("data-mode", point.mode).attr("data-places", point.places).attr("data-threads", point.threads)
        .attr("data-value", value);
    mark.append("circle").attr("class", "target").attr("r", 11);
    mark.append("path").attr("class", "mark" + (point.oversubscribed ? " hollow" : "")).attr("d", symbolPath(look.symbol))
        .style("--colour", look.colour);
    return explain(mark, lines);
}

function drawErrorBar(svg, x, low, high, colour) {
    svg.append("path").attr("class", "error-bar").style("stroke", colour)
        .attr("d", `M${x - 4},${low}H${x + 4}M${x},${low}V${high}M${x - 4},${high}H${x + 4}`);
}

function drawLine(chart, places, look) {
    const line = d3.svg.line().x(place => chart.x(place[0]) + (look.shift || 0)).y(place => chart.y(place[1]));
    return chart.inside.append("path").attr("class", "line " + (look.kind || "")).attr("d", line(places)).style("stroke", look.colour)
        .style("stroke-dasharray", look.dash || null);
}

/** Series side by side are moved apart by a few pixels, so that no error bar hides another. */
function shiftOf(index, count) {
    return (index - (count - 1) / 2) * 5;
}

/** Over threads: a line through the values of a series, their intervals, and a symbol at each. */
function drawSeries(chart, series, shift, get, words) {
    const known = series.points.filter(point => valueOf(get(point)) !== null);
    drawLine(chart, known.map(point => [point.threads, valueOf(get(point))]), { colour: series.colour, shift: shift, kind: "thin" });
    for (const point of known) {
        const estimate = get(point), x = chart.x(point.threads) + shift;
        if (isKnown(estimate.low) && isKnown(estimate.high))
            drawErrorBar(chart.svg, x, chart.y(estimate.low), chart.y(estimate.high), series.colour);
        drawPoint(chart.svg, x, chart.y(valueOf(estimate)), series, point, valueOf(estimate), [pointName(point), ...words(point)]);
    }
}

/** The legend's entries of some series, and of hollow marks if there are any. */
function seriesEntries(all) {
    const entries = all.map(one => ({ line: one.colour, kind: "thin", symbol: one.symbol, colour: one.colour, text: one.name }));
    if (all.some(one => one.points.some(point => point.oversubscribed)))
        entries.push({ symbol: "circle", colour: "var(--text)", hollow: true, text: "more threads than cores" });
    return entries;
}
