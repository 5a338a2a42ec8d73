import assert from 'node:assert/strict';
import { unexplained, withReport } from '../../bench/document.js';
import { lostRows, report, reportRows, rounded } from '../../bench/report.js';
import { formatResults, parseResults, Results, type Unit } from '../../bench/results.js';
import { subjects } from '../../bench/subjects/index.js';

const PEER = 'rclone mount';

function resultsOf(unit: Unit, ours: readonly number[], others: Record<string, number[]>): Results {
  const results = new Results();
  const metric = { metric: 'cold read', setting: 'unthrottled', unit };
  for (const value of ours) results.add(metric, 'vmnetx', value);
  for (const [name, values] of Object.entries(others)) {
    for (const value of values) results.add(metric, name, value);
  }
  return results;
}

describe('the results of a benchmark', () => {
  it('are a JSON list of what was agreed', () => {
    const results = resultsOf('MB/s', [3, 1, 2], { raw: [9] });
    const list: unknown = JSON.parse(formatResults(results.list()));
    const common = { metric: 'cold read', unit: 'MB/s', setting: 'unthrottled' };
    assert.deepEqual(list, [
      { ...common, subject: 'vmnetx', median: 2, min: 1, max: 3, runs: 3 },
      { ...common, subject: 'raw', median: 9, min: 9, max: 9, runs: 1 },
    ]);
    assert.deepEqual(parseResults(formatResults(results.list())), list);
    assert.throws(() => parseResults('[{"metric": "cold read"}]'));
  });

  for (const [unit, better, worse] of [
    ['MB/s', 100, 50],
    ['operations/s', 100, 50],
    ['ms', 50, 100],
  ] as const) {
    it(`show in ${unit} who is better than the best other one, whatever the raw file does`, () => {
      const raw = [unit === 'ms' ? 0.001 : 1e9];
      const [ahead] = reportRows(resultsOf(unit, [better], { raw, [PEER]: [worse] }).list());
      assert.equal(ahead?.ratio, 2);
      const lost = resultsOf(unit, [worse], { raw, [PEER]: [better], other: [worse] }).list();
      assert.equal(reportRows(lost)[0]?.ratio, 0.5);
      assert.equal(lostRows(lost).length, 1);
      const text = report({ host: [], results: lost, failures: [] }, subjects);
      assert.match(text, /\| cold read \| unthrottled \|.*\*\*0\.50 ×, behind\*\* \|/);
    });
  }

  it('do not call a row lost for what differs between two runs anyway', () => {
    assert.deepEqual(lostRows(resultsOf('ms', [10.1], { [PEER]: [10] }).list()), []);
    assert.deepEqual(lostRows(resultsOf('ms', [10.1], { raw: [1] }).list()), []);
  });

  it('show what failed as failed, with the reason', () => {
    const results = resultsOf('ms', [10], { raw: [1] });
    const metric = 'cold read';
    results.add({ metric: 'another', setting: 'unthrottled', unit: 'ms' }, PEER, 1);
    results.fail({ metric, setting: 'unthrottled', subject: PEER, reason: 'It hung' });
    const { failures } = results;
    const text = report({ host: ['- A computer'], results: results.list(), failures }, subjects);
    assert.match(text, /^- A computer\n/);
    assert.match(text, /\| cold read \| unthrottled \| ms \| 10\.0 .* \| failed \| – \|\n/);
    assert.match(text, /\n- rclone mount, cold read \(unthrottled\): It hung\n/);
  });

  it('are rounded to what means something', () => {
    assert.equal(rounded(1_234_567.8), '1,234,568');
    assert.equal(rounded(12.345), '12.3');
    assert.equal(rounded(0.012345), '0.0123');
  });
});

describe('the document of benchmarks', () => {
  const begin = '<!-- Written by npm run bench -- --write-docs -->';
  const end = '<!-- End of what is written by npm run bench -->';
  const document = `Before\n${begin}\nold: cold read (unthrottled)\n${end}\nAfter\n`;

  it('gets a new report in place of the old one, and keeps the rest', () => {
    const written = withReport(document, 'new\n');
    assert.equal(written, `Before\n${begin}\n\nnew\n\n${end}\nAfter\n`);
    assert.equal(withReport(written, 'new\n'), written);
    assert.throws(() => withReport('Nothing', 'new'));
  });

  it('must say why each lost row is lost, not only show it', () => {
    const lost = resultsOf('ms', [20], { [PEER]: [10] }).list();
    assert.deepEqual(unexplained(document, lost), ['cold read (unthrottled)']);
    const explained = document.replace('After', 'cold read (unthrottled): because');
    assert.deepEqual(unexplained(explained, lost), []);
  });
});
