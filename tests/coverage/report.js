// Reads what llvm-cov exports, joins the copies that each test file has of the
// header's functions, and compares what is left with the list of reasons.
// usage: node report.js UNREACHED.txt EXPORT.json...
'use strict';
const fs = require('fs');
const exported = process.argv.slice(3).map(name =>
    JSON.parse(fs.readFileSync(name, 'utf8')).data[0]);
const source = fs.readFileSync('linkedin.h', 'utf8').split('\n');
const isHeader = name => /(^|\/)linkedin\.h$/.test(name);
// A line that says little by itself goes with the one behind it.
const trimmed = line => {
    const text = source[line - 1].trim();
    return text.length > 20 ? text : text + ' ' + source[line].trim();
};

// A line counts as reached if any region that covers some of it does. llvm-cov
// joins the regions of all copies by their place, so its segments will do.
const lines = new Map();
// a branch by its place: how often it was true, and how often false
const branches = new Map();

function addBranch(b) {
    const key = b.slice(0, 4).join(':');
    const seen = branches.get(key) || [0, 0];
    branches.set(key, [seen[0] + b[4], seen[1] + b[5]]);
}

function addLines(segments) {
    let current = null; // the segment that was begun last
    let i = 0;
    for (let line = 1; line <= source.length; line++) {
        const here = [];
        while (i < segments.length && segments[i][0] === line)
            here.push(segments[i++]);
        const begins = here.filter(s => s[3] && s[4] && !s[5]);
        const mapped = begins.length || (current && current[3]);
        if (mapped) {
            const counts = begins.map(s => s[2]);
            if (current && current[3]) counts.push(current[2]);
            lines.set(line, Math.max(lines.get(line) || 0, ...counts));
        }
        if (here.length) current = here[here.length - 1];
    }
}

for (const file of exported.flatMap(data => data.files)) {
    if (!isHeader(file.filename)) continue;
    addLines(file.segments);
    file.branches.forEach(addBranch);
}

const left = []; // [line, what the list must have]
let lineCount = 0, linesLeft = 0, sideCount = 0, sidesLeft = 0;
for (const [line, count] of lines) {
    lineCount++;
    if (count) continue;
    linesLeft++;
    left.push([line, `line: ${trimmed(line)}`]);
}
for (const [key, [yes, no]] of branches) {
    const [line, from, endLine, to] = key.split(':').map(Number);
    const text = line === endLine ? source[line - 1].slice(from - 1, to - 1)
        : source[line - 1].slice(from - 1).trim() + ' ...';
    // What the compiler decides has no sides: LI__SHORT_CUTS is 0 in one half
    // of the builds and 1 in the other, and so on.
    if (/^!?[A-Z_0-9]+$/.test(text)) continue;
    sideCount += 2;
    for (const [count, side] of [[yes, 'true'], [no, 'false']]) {
        if (count) continue;
        sidesLeft++;
        left.push([line, `never ${side}: ${text} in: ${trimmed(line)}`]);
    }
}

const known = new Set(fs.readFileSync(process.argv[2], 'utf8').split('\n')
    .filter(s => s.startsWith('| ')).map(s => s.slice(2)));
const met = new Set();
let failed = 0;
left.sort((a, b) => a[0] - b[0]);
for (const [line, what] of left) {
    if (known.has(what)) { met.add(what); continue; }
    failed++;
    console.log(`FAILED  without a reason, at ${line}: ${what}`);
}
for (const what of known)
    if (!met.has(what)) {
        failed++;
        console.log(`FAILED  has a reason, and is reached: ${what}`);
    }
const percent = (part, all) => ((1 - part / all) * 100).toFixed(2);
console.log(`lines ${percent(linesLeft, lineCount)} % of ${lineCount}, ` +
    `sides of branches ${percent(sidesLeft, sideCount)} % of ${sideCount}; ` +
    `${left.length} left, each with its reason but ${failed}`);
// the two bounds, and the list
let passed = 0;
for (const good of [linesLeft === 0, sidesLeft * 50 <= sideCount])
    if (good) passed++; else failed++;
console.log(`${passed + met.size} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
