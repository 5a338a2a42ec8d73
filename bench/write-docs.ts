/** write-docs SCRIPT: puts the last run of `npm run SCRIPT` into docs/benchmarks.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isBenchScript, unexplained, withReport } from './document.js';
import { parseResults } from './results.js';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const path = `${checkout}docs/benchmarks.md`;
const report = await readFile(`${checkout}build/bench/report.md`, 'utf8');
const results = parseResults(await readFile(`${checkout}build/bench/results.json`, 'utf8'));
const [, , name = ''] = process.argv;
const script = isBenchScript(name) ? name : 'bench';
const document = withReport(await readFile(path, 'utf8'), report, script);
await writeFile(path, document);
const lost = script === 'bench' ? unexplained(document, results) : [];
for (const row of lost) {
  process.stderr.write(`docs/benchmarks.md does not say why this row is lost: ${row}\n`);
}
