/** write-docs: puts the last run of `npm run bench` into docs/benchmarks.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { unexplained, withReport } from './document.js';
import { parseResults } from './results.js';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const path = `${checkout}docs/benchmarks.md`;
const report = await readFile(`${checkout}build/bench/report.md`, 'utf8');
const results = parseResults(await readFile(`${checkout}build/bench/results.json`, 'utf8'));
const document = withReport(await readFile(path, 'utf8'), report);
await writeFile(path, document);
for (const row of unexplained(document, results)) {
  process.stderr.write(`docs/benchmarks.md does not say why this row is lost: ${row}\n`);
}
