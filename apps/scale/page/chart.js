/*
 * The frame of a chart: axes with titles and units, grid lines, a legend, and the text below. A chart is drawn as wide
 * as its box and drawn again when that changes, so that its letters are as large on a telephone as on a wall.
 */

/** An axis: its d3 scale without a range, where its ticks are, and how they read. */
function threadAxis(points) {
    const counts = threadCounts(points);
    const least = counts[0], most = counts[counts.length - 1];
    return {
        scale: d3.scale.log().base(2).domain([least / 1.15, Math.max(most, 1.5 * least) * 1.15]),
        ticks: counts, format: String, title: "threads",
    };
}

/** From 0 on. */
function linearAxis(high, title, format) {
    const scale = d3.scale.linear().domain([0, high > 0 ? high : 1]).nice(6);
    return { scale: scale, ticks: scale.ticks(6), format: format, title: title };
}

/** From 0 to `high`, 1 or a little more, with ticks at fifths. */
function shareAxis(high, title, format = String) {
    const ticks = d3.range(0, Math.floor(5 * high + 1e-9) + 1).map(fifth => fifth / 5);
    return { scale: d3.scale.linear().domain([0, high]), ticks: ticks, format: format, title: title };
}

/** Ticks at such multiples of powers of ten. */
function decadeTicks(bottom, top, factors) {
    const ticks = [];
    for (let power = Math.floor(Math.log10(bottom)); power <= Math.log10(top); power++)
        for (const factor of factors) ticks.push(Number((factor * Math.pow(10, power)).toPrecision(6)));
    return ticks.filter(tick => tick >= bottom && tick <= top);
}

/** Ticks at 1, 2 and 5 times powers of ten, at the powers alone where there are many, at more where there are few. */
function logAxis(low, high, title, format) {
    const bottom = low / 1.2, top = high * 1.2, decades = Math.log10(top / bottom);
    const factors = decades > 3 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
    const decade = decadeTicks(bottom, top, factors);
    const ticks = decade.length > 2 ? decade : d3.scale.linear().domain([bottom, top]).ticks(5);
    return { scale: d3.scale.log().domain([bottom, top]), ticks: ticks, format: format, title: title };
}

/** Powers of two, as speed-ups are read beside thread counts; round numbers where there would be few of them. */
function doublingAxis(low, high, title) {
    const bottom = Math.min(0.9, low / 1.1), top = high * 1.15;
    const ticks = top > 4 ? [] : d3.scale.linear().domain([bottom, top]).ticks(7);
    for (let tick = Math.pow(2, Math.ceil(Math.log2(bottom))); tick <= top && top > 4; tick *= 2) ticks.push(tick);
    return { scale: d3.scale.log().base(2).domain([bottom, top]), ticks: ticks, format: String, title: title };
}

/** Every how-manieth tick leaves room for its letters. */
function thinned(ticks, room) {
    const every = Math.max(1, Math.ceil(ticks.length / Math.max(2, room)));
    return ticks.filter((_, index) => index % every === 0);
}

function drawAxis(svg, axis, orient, length, across) {
    const isX = orient === "bottom";
    const shown = isX ? thinned(axis.ticks, length / 34) : axis.ticks;
    const group = svg.append("g").attr("class", "axis").attr("transform", isX ? `translate(0,${across})` : null);
    group.call(d3.svg.axis().scale(axis.scale).orient(orient).tickValues(shown).tickFormat(axis.format)
        .tickSize(-(isX ? across : length), 0).tickPadding(7));
    return group;
}

let clips = 0;

/** A group whose marks end at the edges of the plot. */
function clipped(svg, width, height) {
    const name = "clip-" + ++clips;
    svg.append("clipPath").attr("id", name).append("rect").attr({ y: -2, width: width, height: height + 4 });
    return svg.append("g").attr("clip-path", `url(#${name})`);
}

/**
 * A frame in `box`: {svg, inside, x, y, width, height}, where x and y are the scales of the plot within the margins and
 * `inside` is for what must not leave it.
 */
function frame(box, options) {
    const margin = Object.assign({ left: 72, right: 14, top: 10, bottom: 44 }, options.margin);
    const outer = Math.max(280, box.node().clientWidth || 520);
    const outerHeight = options.height || Math.round(Math.min(380, outer * 0.66));
    const width = outer - margin.left - margin.right, height = outerHeight - margin.top - margin.bottom;
    const svg = box.append("svg").attr("viewBox", `0 0 ${outer} ${outerHeight}`).attr("role", "group")
        .attr("aria-label", options.label).append("g").attr("transform", `translate(${margin.left},${margin.top})`);
    options.x.scale.range([0, width]);
    options.y.scale.range([height, 0]);
    drawAxis(svg, options.x, "bottom", width, height);
    drawAxis(svg, options.y, "left", width, height);
    svg.append("text").attr("class", "axis-title").attr("x", width / 2).attr("y", height + 38).attr("text-anchor", "middle")
        .text(options.x.title);
    svg.append("text").attr("class", "axis-title").attr("transform", "rotate(-90)").attr("x", -height / 2)
        .attr("y", 14 - margin.left).attr("text-anchor", "middle").text(options.y.title);
    const inside = clipped(svg, width, height);
    return { svg: svg, inside: inside, x: options.x.scale, y: options.y.scale, width: width, height: height };
}

/** What the symbols, lines and colours of a figure mean. */
function legend(box, entries) {
    const list = box.append("ul").attr("class", "legend");
    for (const entry of entries) {
        const item = list.append("li");
        const key = item.append("svg").attr("viewBox", "-14 -7 28 14").attr("aria-hidden", "true");
        if (entry.swatch) key.append("rect").attr({ x: -7, y: -6, width: 14, height: 12 }).style("fill", entry.swatch);
        if (entry.line) key.append("path").attr("d", "M-13,0H13").attr("class", "line " + (entry.kind || ""))
            .style("stroke", entry.line).style("stroke-dasharray", entry.dash || null);
        if (entry.symbol) key.append("path").attr("class", "mark" + (entry.hollow ? " hollow" : ""))
            .attr("d", symbolPath(entry.symbol)).style("--colour", entry.colour);
        item.append("span").text(entry.text);
    }
}

/** The element of a figure: title, what it means, and a box to draw in. */
function figureBox(parent, figure, number, isWide) {
    const box = parent.append("figure").attr("id", figure.name).attr("class", isWide ? "wide" : null);
    const title = box.append("h3");
    title.append("span").attr("class", "number").text(`Figure ${number}  `);
    title.append("span").attr("class", "title").text(figure.title);
    box.append("div").attr("class", "drawing");
    box.append("figcaption").text(figure.caption);
    return box;
}
