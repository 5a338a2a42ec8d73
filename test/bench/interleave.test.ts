import assert from 'node:assert/strict';
import { interleave } from '../../bench/interleave.js';
import { Results } from '../../bench/results.js';

const metric = 'read';
const setting = 'here';
const { signal } = new AbortController();

function subjectsNamed(...names: string[]): readonly { readonly name: string }[] {
  return names.map((name) => ({ name }));
}

describe('a contest', () => {
  it('lets all take turns in each run, and another one begin', async () => {
    const turns: string[] = [];
    const measure = (subject: { name: string }, run: number): Promise<void> => {
      turns.push(`${run}${subject.name}`);
      return Promise.resolve();
    };
    const subjects = subjectsNamed('a', 'b', 'c');
    await interleave({ metric, setting, subjects, runs: 4, measure }, new Results(), signal);
    assert.equal(turns.join(' '), '0a 0b 0c 1b 1c 1a 2c 2a 2b 3a 3b 3c');
  });

  it('goes on without a subject that fails again and again, and says why', async () => {
    const results = new Results();
    const turns: string[] = [];
    const measure = ({ name }: { name: string }): Promise<void> => {
      turns.push(name);
      if (name === 'bad') return Promise.reject(new Error('two\nlines'));
      results.add({ metric, setting, unit: 'ms' }, name, turns.length);
      return Promise.resolve();
    };
    const subjects = subjectsNamed('good', 'bad');
    await interleave({ metric, setting, subjects, runs: 5, measure }, results, signal);
    assert.equal(turns.filter((name) => name === 'bad').length, 2);
    const failure = { metric, setting, subject: 'bad', reason: 'Error: two lines' };
    assert.deepEqual(results.failures, [failure, failure]);
    assert.deepEqual(
      results.list().map(({ subject, runs }) => [subject, runs]),
      [['good', 5]],
    );
  });

  it('ends at once when it is interrupted', async () => {
    const abort = new AbortController();
    let turns = 0;
    const measure = (): Promise<void> => {
      turns++;
      abort.abort(new Error('enough'));
      return Promise.reject(new Error('interrupted'));
    };
    const contest = { metric, setting, subjects: subjectsNamed('a', 'b'), runs: 5, measure };
    await assert.rejects(interleave(contest, new Results(), abort.signal), /enough/);
    assert.equal(turns, 1);
  });
});
