import assert from 'node:assert/strict';
import { planOf } from '../../src/cli/plan.js';

const STYLE = { json: false, verbose: false };

function assertRefused(argv: readonly string[], code: string, message?: RegExp): void {
  const plan = planOf(argv);
  assert.ok(plan.command === 'refuse', argv.join(' '));
  assert.equal(plan.error.code, code, argv.join(' '));
  assert.equal(plan.error.status, 64);
  if (message !== undefined) assert.match(plan.error.message, message);
}

describe('the command line of vmnetx', () => {
  it('opens a location, with or without the word', () => {
    const open = { window: true, command: 'open', accelerator: null, fromLink: false, ...STYLE };
    for (const location of ['a.netx', './info', 'http://a/b.nxpk', 'vmnetx://a/b', '-', '']) {
      assert.deepEqual(planOf(['open', location]), { ...open, location });
      assert.deepEqual(planOf([location]), { ...open, location });
    }
    assert.deepEqual(planOf(['a', '--from-link', '--accelerator', 'tcg', '--verbose']), {
      ...{ ...open, location: 'a', fromLink: true, accelerator: 'tcg', verbose: true },
    });
  });

  it('opens files that are called like options or commands, when told so', () => {
    const locationOf = (argv: readonly string[]): string => {
      const plan = planOf(argv);
      assert.ok(plan.command === 'open', argv.join(' '));
      return plan.location;
    };
    assert.equal(locationOf(['--', '--help']), '--help');
    assert.equal(locationOf(['--from-link', '--', '-c']), '-c');
    assert.equal(locationOf(['open', '--', '--version']), '--version');
    assert.equal(locationOf(['open', 'info']), 'info');
    assert.equal(locationOf(['open', 'cache']), 'cache');
    assert.equal(locationOf(['open', 'open']), 'open');
    assert.equal(locationOf(['./mount']), './mount');
    assert.equal(locationOf(['information']), 'information');
  });

  it('takes a first word that is a command for one, also after --', () => {
    assertRefused(['info'], 'usage-arguments', /location .* missing/);
    assertRefused(['--', 'mount'], 'usage-arguments', /location .* missing/);
    assert.equal(planOf(['--', 'info', 'a']).command, 'info');
  });

  it('reads a package by info', () => {
    const info = { window: false, command: 'info', location: 'a', ...STYLE };
    assert.deepEqual(planOf(['info', 'a']), info);
    assert.deepEqual(planOf(['--json', 'info', 'a']), { ...info, json: true });
    assert.deepEqual(planOf(['info', '--', '--json']), { ...info, location: '--json' });
  });

  it('mounts a location on a folder', () => {
    const mount = { window: false, command: 'mount', location: 'a', directory: 'b', ...STYLE };
    assert.deepEqual(planOf(['mount', 'a', 'b']), mount);
    assert.deepEqual(planOf(['mount', '--verbose', '--', 'a', '--json']), {
      ...mount,
      directory: '--json',
      verbose: true,
    });
  });

  it('tells about itself before anything else', () => {
    for (const argv of [['--help'], ['-h'], ['info', '--help'], ['mount', '-h'], ['cache', '-h']]) {
      assert.deepEqual(planOf(argv), { window: false, command: 'help', ...STYLE });
    }
    for (const argv of [['--version'], ['open', '--version'], ['a', 'b', '--version']]) {
      assert.deepEqual(planOf(argv), { window: false, command: 'version', ...STYLE });
    }
  });

  it('knows the kinds of acceleration', () => {
    for (const accelerator of ['auto', 'kvm', 'tcg']) {
      const plan = planOf(['--accelerator', accelerator, 'a']);
      assert.equal(plan.command === 'open' && plan.accelerator, accelerator);
    }
    for (const other of ['xen', '', 'KVM', '--json']) {
      assertRefused(['a', '--accelerator', other], 'usage-arguments', /auto, kvm or tcg/);
    }
  });

  it('refuses what belongs to later versions, by its name', () => {
    for (const word of ['cache', 'log', 'doctor']) {
      assertRefused([word], 'usage-not-yet', new RegExp(`“${word}”`));
      assertRefused([word, '--json'], 'usage-not-yet');
      assertRefused(['--', word], 'usage-not-yet');
    }
    for (const option of ['--no-saved-state', '--fullscreen', '--user=a', '--password-file=b']) {
      const name = option.replace(/=.*/, '');
      assertRefused(['a', option], 'usage-not-yet', new RegExp(`“${name}”`));
    }
  });

  it('refuses words too few and too many', () => {
    for (const argv of [[], ['--'], ['--verbose'], ['open'], ['info'], ['mount']]) {
      assertRefused(argv, 'usage-arguments', /location .* missing/);
    }
    assertRefused(['mount', 'a'], 'usage-arguments', /folder .* missing/);
    for (const argv of [
      ['a', 'b'],
      ['open', 'a', 'b'],
      ['info', 'a', 'b'],
      ['mount', 'a', 'b', 'c'],
    ]) {
      assertRefused(argv, 'usage-arguments', /too many words/);
    }
  });

  it('refuses options of other commands, and unknown ones', () => {
    for (const argv of [
      ['a', '--json'],
      ['mount', 'a', 'b', '--json'],
      ['mount', 'a', 'b', '--from-link'],
      ['info', 'a', '--accelerator', 'kvm'],
      ['info', 'a', '--from-link'],
      ['info', 'a', '--user', 'x'],
    ]) {
      assertRefused(argv, 'usage-arguments', /does not go with/);
    }
    assertRefused(['a', '--nonsense'], 'usage-unknown-option');
    assertRefused(['--help', '--nonsense'], 'usage-unknown-option');
  });

  it('refuses in the style that was asked for, unless the word only looks like an option', () => {
    const styleOf = (...argv: readonly string[]) => {
      const { command, json, verbose } = planOf(argv);
      assert.equal(command, 'refuse');
      return { json, verbose };
    };
    assert.deepEqual(styleOf('info', '--json', '--nonsense'), { json: true, verbose: false });
    assert.deepEqual(styleOf('--verbose', 'cache'), { json: false, verbose: true });
    assert.deepEqual(styleOf('info', '--', '--json', '--verbose'), STYLE);
  });
});
