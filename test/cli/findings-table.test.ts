import assert from 'node:assert/strict';
import { findingsTable } from '../../src/cli/findings-table.js';
import type { Result, State } from '../../src/core/doctor/index.js';

function result(state: State, title: string, advice: string | null = 'Do this.'): Result {
  const id = title.toLowerCase();
  return { id, title, state, found: `${title} is there.`, meaning: 'It means this.', advice };
}

describe('findingsTable', () => {
  it('tells of what is good in a line, and of the rest what it means and what to do', () => {
    const results = [result('good', 'A'), result('bad', 'Long'), result('unknown', 'B', null)];
    assert.equal(
      findingsTable(results),
      `good     A     A is there.
bad      Long  Long is there.
         It means this.
         Do this.
unknown  B     B is there.
         It means this.

1 thing is missing.
`,
    );
  });

  it('counts only what is missing', () => {
    const last = (...states: readonly State[]) =>
      findingsTable(states.map((state) => result(state, 'A'))).split('\n\n')[1];
    assert.equal(last('good', 'warning', 'unknown'), 'Everything that machines need is here.\n');
    assert.equal(last('bad', 'good', 'bad'), '2 things are missing.\n');
  });
});
