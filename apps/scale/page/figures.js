/*
 * The figures in their order. plot.py scaling draws the same ones, with the same names and titles
 * (plotting/pelagos_plot/scaling.py; a test compares them).
 */
const FIGURES = [
    { name: "speedup", title: "Strong scaling: speed-up", draw: drawSpeedup,
        without: "no strong points with a speed-up",
        has: study => hasAny(seriesOf(study, "strong"), point => point.speedup),
        caption: "The same problem on more threads, against the fewest. Symbols are medians with 95 % intervals; " +
            "broken lines are laws fitted to them; hollow symbols stand for more threads than cores, which no " +
            "law is fitted to." },
    { name: "efficiency", title: "Strong scaling: efficiency", draw: drawStrong,
        without: "no strong points with an efficiency",
        has: study => hasAny(seriesOf(study, "strong"), point => point.efficiency),
        caption: "The speed-up over the ideal one: the part of the threads that is not lost." },
    { name: "seconds", title: "Time a step", draw: drawSeconds, without: "no samples",
        has: study => study.points.some(point => (point.samples || []).some(sample => isKnown(sample.seconds_per_step))),
        caption: "Every sample, a process each, and a line through the medians. Both axes are logarithmic: ideal " +
            "strong scaling is a line straight down, ideal weak scaling a level one." },
    { name: "weak", title: "Weak scaling: efficiency", draw: drawWeak,
        without: "the study has no weak points; ask for them with --weak",
        has: study => hasAny(seriesOf(study, "weak"), point => point.efficiency),
        caption: "A problem that grows with the threads: how much of the pace of the fewest threads is kept." },
    { name: "factors", title: "Parallel efficiency, factor by factor", draw: drawFactors, isWide: true,
        without: "the executors' counters were off",
        has: study => study.points.some(hasFactors),
        caption: "1 is ideal; darker is worse. Parallel efficiency is the product of load balance, serialisation and" +
            " transfer; global efficiency is parallel efficiency times computation scaling, which falls where " +
            "the same work takes longer on more threads, as it does when they share bandwidth. A star marks " +
            "more threads than cores." },
    { name: "time", title: "Where the threads' time goes", draw: drawTime, isWide: true,
        without: "the executors' counters were off",
        has: study => study.points.some(hasTime),
        caption: "Shares of thread time: threads times measured time. Overhead is starting and ending work of the " +
            "team and handing it out. A star marks more threads than cores." },
    { name: "roofline", title: "Roofline", draw: drawRoofline, without: "no chain declares its operations",
        has: study => rooflineDots(study).length > 0, note: rooflineNote,
        caption: "What each chain reaches, at the intensity that its declared accesses and operations imply, below " +
            "what as many threads can: memory bandwidth (slopes) and peak (level), both measured." },
    { name: "traffic", title: "Memory traffic", draw: drawTraffic, without: "no declared traffic",
        has: study => hasAny(seriesOf(study), declared),
        caption: "The bytes a second that the declared accesses imply, beside the memory bandwidth measured with as " +
            "many threads. Above the bandwidth, caches serve the difference." },
    { name: "energy", title: "Energy a step", draw: drawEnergy,
        without: "this machine lets nobody read its energy counters, or not this user",
        has: study => hasAny(seriesOf(study), point => point.joules_per_step),
        caption: "Of the processor packages, as their counters say, in the measured steps." },
];

function drawFigure(box, figure, study) {
    const drawing = box.select(".drawing").text("");
    box.classed("without", !figure.has(study));
    if (!figure.has(study)) {
        drawing.append("p").attr("class", "absent").text("Not available: " + figure.without + ".");
        return;
    }
    figure.draw(drawing, study);
    if (figure.note) drawing.append("p").attr("class", "note").text(figure.note(study));
}
