import assert from 'node:assert/strict';
import { describeFinding, fuzz } from './fuzz.js';
import { describeOutcomes, type Progress } from './outcomes.js';
import { targets } from './targets/index.js';
import { plantedTargets } from './targets/planted.js';

const RUNS = 100_000;
const seed = Math.floor(Math.random() * 2 ** 31);

describe('fuzzing finds in a parser', function () {
  this.timeout(120_000);
  const told: Readonly<Record<Exclude<keyof typeof plantedTargets, 'no fault'>, RegExp>> = {
    'a TypeError': /^TypeError: nothing is not a function/,
    'a hang': /^it hangs/,
    'a slow input': /^Error: it took \d+ ms/,
    'a large buffer': /^Error: it took \d+ bytes of memory/,
    'a heap that grows': /SIGABRT[^]*heap out of memory|heap limit/,
    'a crash': /SIGABRT/,
  };
  for (const [name, expected] of Object.entries(told)) {
    it(`${name}, and tells by which input`, async () => {
      const finding = await fuzz(name, { runs: 10_000, seed: 1, hangsAfter: 15_000 });
      assert.match(finding?.what ?? 'nothing', expected);
      const [, base64 = ''] = /^base64 (.*)$/.exec(finding?.input ?? '') ?? [];
      assert.ok(Buffer.from(base64, 'base64').includes('needle'));
    });
  }

  it('nothing where there is no fault', async () => {
    assert.equal(await fuzz('no fault', { runs: 10_000, seed: 1 }), null);
  });
});

describe(`the parsers, given ${RUNS} inputs each that are nearly right (seed ${seed}),`, function () {
  this.timeout(300_000);
  for (const name of Object.keys(targets)) {
    it(`accept or refuse them by an error of the catalogue, soon and in little memory: ${name}`, async () => {
      const progress: Progress[] = [];
      const finding = await fuzz(name, {
        runs: RUNS,
        seed,
        onProgress: (now) => progress.push(now),
      });
      if (finding !== null) assert.fail(describeFinding(name, seed, finding));
      const all = progress.at(-1);
      assert.ok(all?.inputs === RUNS);
      assert.ok(all.accepted > RUNS / 20, `only ${describeOutcomes(all)}`);
      if (name === 'domain') expectReadersReached(all);
    });
  }
});

/** Most machines are to be judged by those who read the devices, not by the parser of XML before. */
function expectReadersReached(all: Progress): void {
  const judged = all.inputs - (all.refused['domain-malformed'] ?? 0);
  assert.ok(judged > all.inputs / 2 && all.sentences > 500, describeOutcomes(all));
}
