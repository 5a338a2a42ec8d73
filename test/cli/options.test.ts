import assert from 'node:assert/strict';
import { readOptions } from '../../src/cli/options.js';

const TABLE = {
  help: { type: 'boolean', short: 'h' },
  verbose: { type: 'boolean', short: 'v' },
  name: { type: 'string', short: 'n' },
} as const;

function read(...argv: readonly string[]) {
  return readOptions('program', argv, TABLE);
}

describe('readOptions', () => {
  it('tells options from words, wherever they stand', () => {
    const expected = { values: { name: 'A b', help: true }, words: ['one', 'two'] };
    for (const argv of [
      ['one', '--name', 'A b', 'two', '--help'],
      ['--name=A b', '-h', 'one', 'two'],
      ['-n', 'A b', 'one', '-h', 'two'],
      ['-hn', 'A b', 'one', 'two'],
      ['-nA b', '--help', '--', 'one', 'two'],
    ]) {
      const { values, words } = read(...argv);
      assert.deepEqual({ values, words }, expected, argv.join(' '));
    }
  });

  it('takes everything after -- for words', () => {
    const argv = ['-h', '--', '--help', '-n', '--', '--nonsense'];
    const { values, words } = read(...argv);
    assert.deepEqual(values, { help: true });
    assert.deepEqual(words, ['--help', '-n', '--', '--nonsense']);
  });

  it('takes a dash alone, and nothing, for words', () => {
    assert.deepEqual(read('-', '').words, ['-', '']);
    assert.deepEqual(read('--name', '').values, { name: '' });
    assert.deepEqual(read('--name', '-').values, { name: '-' });
  });

  it('refuses what it does not know, by its name', () => {
    for (const [argv, option] of [
      [['--nonsense'], '--nonsense'],
      [['--nonsense=1'], '--nonsense'],
      [['-x'], '-x'],
      [['-hx'], '-x'],
      [['--no-help'], '--no-help'],
      [['--toString'], '--toString'],
      [['--__proto__'], '--__proto__'],
    ] as const) {
      assert.throws(() => read(...argv), {
        code: 'usage-unknown-option',
        status: 64,
        message: `There is no option “${option}”.`,
        hint: 'See “program --help”.',
      });
    }
  });

  it('refuses a value that is missing, not wanted, or given twice', () => {
    for (const [argv, reason] of [
      [['--name'], '--name needs a value'],
      [['one', '-n'], '-n needs a value'],
      [['--help=yes'], '--help takes no value'],
      [['--help='], '--help takes no value'],
      [['--help', '-h'], '-h is given twice'],
      [['-n', 'a', '--name=b'], '--name is given twice'],
    ] as const) {
      assert.throws(() => read(...argv), {
        code: 'usage-arguments',
        status: 64,
        message: `This is not how the command is called: ${reason}.`,
      });
    }
  });
});
