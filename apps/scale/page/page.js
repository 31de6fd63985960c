/*
 * The page from top to bottom: what was studied, what went wrong, what limits, the figures, the tables. When all is
 * drawn, the root element says so: data-drawn is "yes", or "no" if something failed, which then stands in a banner.
 */
function banner(kind, text) {
    d3.select("#banners").append("p").attr("class", "banner " + kind).attr("role", kind === "error" ? "alert" : "note").text(text);
}

/** Draws a part; its failure stands in the page and leaves the others alone. */
function attempt(what, draw) {
    try {
        draw();
    } catch (trouble) {
        failures++;
        banner("error", `This page could not draw ${what} (${trouble.message}); the numbers are in scale.json.`);
    }
}

let failures = 0;

function drawHeader(study) {
    const about = study.study, title = about.title || about.deck || "Scaling study", header = d3.select("#header");
    const started = about.started ? about.started.replace("T", " ").replace("Z", " UTC") : null;
    document.title = title + " – scaling study";
    header.append("p").attr("class", "kind").text("Scaling study");
    header.append("h1").text(title);
    const facts = [about.deck, study.machine.host, study.machine.processor, started];
    header.append("p").attr("class", "about").text(facts.filter(Boolean).join("  ·  "));
}

function drawBanners(study) {
    for (const error of study.errors) banner("error", error);
    if (study.study.outcome === "unfinished")
        banner("warning", "The study is unfinished: it shows the samples taken so far. The same command goes on.");
    for (const warning of study.warnings) banner("warning", warning);
}

function tile(parent, title, value, below) {
    const box = parent.append("div").attr("class", "tile");
    box.append("p").attr("class", "what").text(title);
    box.append("p").attr("class", "value").text(value);
    box.append("p").attr("class", "below").text(below);
}

/** The point with the most of something, more threads than cores left out. */
function best(points, get) {
    const known = points.filter(point => isSound(point) && valueOf(get(point)) !== null);
    return known.reduce((most, point) => most === null || valueOf(get(point)) > valueOf(get(most)) ? point : most, null);
}

/** What the most threads that have cores reached, in the better placement. */
function widest(points) {
    const known = points.filter(point => isSound(point) && valueOf(point.efficiency) !== null);
    const most = d3.max(known, point => point.threads);
    return best(known.filter(point => point.threads === most), point => point.efficiency);
}

function where(point) {
    return `${threadsText(point.threads)}, ${point.places}`;
}

function drawTiles(parent, study) {
    const [strong, weak] = ["strong", "weak"].map(mode => study.points.filter(point => point.mode === mode));
    const fastest = best(strong, point => point.speedup), wide = widest(weak), unit = study.study.unit || "unit";
    const rate = best(study.points, point => point.rate);
    if (fastest) {
        const found = [where(fastest), interval(fastest.speedup)].filter(Boolean).join(", ");
        tile(parent, "Best speed-up", plain(valueOf(fastest.speedup)) + "×", found);
        tile(parent, "Its efficiency", percent(valueOf(fastest.efficiency)), "of " + threadsText(fastest.threads));
        tile(parent, "Its time a step", seconds(valueOf(fastest.seconds_per_step)), fastest.size || "");
    }
    if (wide) tile(parent, "Weak efficiency", percent(valueOf(wide.efficiency)), where(wide));
    if (rate) tile(parent, "Highest rate", withPrefix(valueOf(rate.rate), ""), `${unit}-steps/s, ${where(rate)}`);
    if (fastest && fastest.traffic)
        tile(parent, "Of memory bandwidth", percent(fastest.traffic.fraction), "declared, " + where(fastest));
}

function drawSummary(study) {
    const parent = d3.select("#summary"), list = parent.append("ul").attr("class", "verdict");
    for (const limit of study.limits) {
        const item = list.append("li");
        item.append("span").attr("class", "chip").text(`${limit.mode}, ${limit.places}`);
        item.append("span").attr("class", "chip " + limit.kind).text(limit.kind === "none" ? "no limit found" : limit.kind);
        item.append("span").text(limit.sentence);
    }
    drawTiles(parent.append("div").attr("class", "tiles"), study);
}

function drawFooter(study) {
    const taken = d3.set(d3.merge(study.points.map(point => // the first strong point and the first weak one share theirs
        (point.samples || []).map(sample => [point.threads, point.places, point.size, sample.round].join(" ")))));
    d3.select("#footer").text(`${study.points.length} points, ${taken.size()} samples. Written by pelagos scale ${study.version || ""}; ` +
        "drawn with D3.js (BSD licence, in this page's source). The page needs no network.");
}

function drawFigures(study) {
    const parent = d3.select("#figures").text("");
    const hasSeveral = seriesOf(study).length > 1;
    // All boxes before any drawing, so that each has its width.
    const boxes = FIGURES.map((figure, index) => figureBox(parent, figure, index + 1, figure.isWide && hasSeveral));
    FIGURES.forEach((figure, index) => attempt("figure " + (index + 1), () => drawFigure(boxes[index], figure, study)));
}

function report() {
    const root = document.documentElement.dataset;
    root.figures = document.querySelectorAll("#figures figure").length;
    root.points = document.querySelectorAll("#figures .point").length;
    root.failures = failures;
    root.drawn = failures === 0 ? "yes" : "no";
}

/** Draws again when the width has changed, not while it changes; and shows closed tables on paper. */
function watch(study) {
    let width = window.innerWidth, timer = null;
    window.addEventListener("resize", () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (window.innerWidth !== width) drawFigures(study);
            width = window.innerWidth;
            report();
        }, 150);
    });
    window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(box => { box.open = true; }));
    window.addEventListener("scroll", hideTooltip, { passive: true });
}

function main() {
    attempt("the study", () => {
        const study = readStudy();
        attempt("the title", () => drawHeader(study));
        attempt("errors and warnings", () => drawBanners(study));
        attempt("the summary", () => drawSummary(study));
        drawFigures(study);
        attempt("the tables", () => drawTables(d3.select("#tables"), study));
        attempt("the footer", () => drawFooter(study));
        watch(study);
    });
    report();
}

window.addEventListener("error", event => {
    failures++;
    banner("error", `This page failed (${event.message}); the numbers are in scale.json.`);
    report();
});
main();
