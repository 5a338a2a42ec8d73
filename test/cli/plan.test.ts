import assert from 'node:assert/strict';
import { planOf } from '../../src/cli/plan.js';

const STYLE = { json: false, verbose: false };
const NOBODY = { login: { user: null, passwordFile: null } };

function assertRefused(argv: readonly string[], code: string, message?: RegExp): void {
  const plan = planOf(argv);
  assert.ok(plan.command === 'refuse', argv.join(' '));
  assert.equal(plan.error.code, code, argv.join(' '));
  assert.equal(plan.error.status, 64);
  if (message !== undefined) assert.match(plan.error.message, message);
}

describe('the command line of vmnetx', () => {
  it('opens a location, with or without the word', () => {
    const how = { accelerator: null, fromLink: false, savedState: true, fullScreen: false };
    const open = { window: true, command: 'open', ...how, ...NOBODY, ...STYLE };
    for (const location of ['a.netx', './info', 'http://a/b.nxpk', 'vmnetx://a/b', '-', '']) {
      assert.deepEqual(planOf(['open', location]), { ...open, location });
      assert.deepEqual(planOf([location]), { ...open, location });
    }
    assert.deepEqual(planOf(['a', '--from-link', '--accelerator', 'tcg', '--verbose']), {
      ...{ ...open, location: 'a', fromLink: true, accelerator: 'tcg', verbose: true },
    });
  });

  it('boots a saved machine when told so', () => {
    const plan = planOf(['a', '--no-saved-state']);
    assert.ok(plan.command === 'open' && !plan.savedState);
    assertRefused(['info', 'a', '--no-saved-state'], 'usage-arguments', /does not go with “info”/);
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
    const what = { location: 'a', fromLink: false };
    const info = { window: false, command: 'info', ...what, ...NOBODY, ...STYLE };
    assert.deepEqual(planOf(['info', 'a']), info);
    assert.deepEqual(planOf(['info', '--from-link', 'a']), { ...info, fromLink: true });
    assert.deepEqual(planOf(['--json', 'info', 'a']), { ...info, json: true });
    assert.deepEqual(planOf(['info', '--', '--json']), { ...info, location: '--json' });
  });

  it('mounts a location on a folder', () => {
    const files = { record: null, prefetch: null, whole: false, ...NOBODY };
    const where = { location: 'a', fromLink: false, directory: 'b' };
    const mount = { window: false, command: 'mount', ...where, ...files, ...STYLE };
    assert.deepEqual(planOf(['mount', 'a', 'b']), mount);
    assert.deepEqual(planOf(['mount', '--verbose', '--', 'a', '--json']), {
      ...mount,
      directory: '--json',
      verbose: true,
    });
    assert.deepEqual(planOf(['mount', 'a', 'b', '--record', 'c', '--prefetch=d']), {
      ...mount,
      record: 'c',
      prefetch: 'd',
    });
    assert.deepEqual(planOf(['mount', 'a', 'b', '--whole']), { ...mount, whole: true });
  });

  it('knows who logs in to a web server', () => {
    for (const [command, ...more] of [['open'], ['info'], ['mount', 'b']]) {
      const loginOf = (...options: readonly string[]) => {
        const plan = planOf([command ?? '', 'a', ...more, ...options]);
        return 'login' in plan ? plan.login : plan.command;
      };
      assert.deepEqual(loginOf('--user', 'ada', '--password-file', 'p'), {
        user: 'ada',
        passwordFile: 'p',
      });
      assert.deepEqual(loginOf('--user=Ada Ärmel'), { user: 'Ada Ärmel', passwordFile: null });
    }
    assertRefused(['a', '--password-file', 'p'], 'usage-arguments', /goes with --user/);
    for (const user of ['', 'a:b', 'a\nb']) {
      assertRefused(['a', '--user', user], 'usage-arguments', /name without colons/);
    }
  });

  it('manages what is kept', () => {
    const cache = { window: false, command: 'cache', ...STYLE };
    assert.deepEqual(planOf(['cache', 'list']), { ...cache, action: 'list' });
    assert.deepEqual(planOf(['cache', '--json', 'clear']), {
      ...{ ...cache, json: true, action: 'clear', location: null },
    });
    for (const action of ['pin', 'unpin', 'clear']) {
      assert.deepEqual(planOf(['cache', action, 'a']), { ...cache, action, location: 'a' });
      assertRefused(['cache', action, 'a', 'b'], 'usage-arguments', /too many words/);
    }
    for (const [words, bytes] of [
      [[], undefined],
      [['default'], null],
      [['5000000000'], 5_000_000_000],
      [['20G'], 20 * 2 ** 30],
    ] as const) {
      const plan = planOf(['cache', 'limit', ...words]);
      assert.deepEqual(plan, { ...cache, action: 'limit', bytes });
    }
    for (const size of ['0', '-1', '1e9', 'much', '']) {
      assertRefused(['cache', 'limit', '--', size], 'usage-arguments', /20G/);
    }
    for (const argv of [[], ['remove'], ['a', 'b']]) {
      assertRefused(['cache', ...argv], 'usage-arguments', /list, limit, pin, unpin or clear/);
    }
    assertRefused(['cache', 'list', 'a'], 'usage-arguments', /too many words/);
    for (const action of ['pin', 'unpin']) {
      assertRefused(['cache', action], 'usage-arguments', /location .* missing/);
    }
    assertRefused(['cache', 'list', '--user', 'a'], 'usage-arguments', /does not go with/);
  });

  it('prints the log', () => {
    const log = { window: false, command: 'log', ...STYLE };
    assert.deepEqual(planOf(['log']), { ...log, follow: false });
    for (const option of ['--follow', '-f']) {
      assert.deepEqual(planOf(['log', option]), { ...log, follow: true });
    }
    assertRefused(['log', 'a'], 'usage-arguments', /too many words/);
    assertRefused(['log', '--json'], 'usage-arguments', /does not go with/);
    assertRefused(['a', '--follow'], 'usage-arguments', /does not go with/);
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

  it('takes the whole screen where that is wanted, and only for a window', () => {
    for (const words of [
      ['open', 'a', '--fullscreen'],
      ['--fullscreen', 'a'],
    ]) {
      const plan = planOf(words);
      assert.ok(plan.command === 'open' && plan.fullScreen);
    }
    assertRefused(['info', 'a', '--fullscreen'], 'usage-arguments', /does not go with “info”/);
  });

  it('knows the doctor, who takes nothing but --json', () => {
    const doctor = { window: false, command: 'doctor' };
    assert.deepEqual(planOf(['doctor']), { ...doctor, ...STYLE });
    assert.deepEqual(planOf(['doctor', '--json']), { ...doctor, ...STYLE, json: true });
    assertRefused(['doctor', 'a'], 'usage-arguments', /too many words/);
    assertRefused(['doctor', '--user', 'ada'], 'usage-arguments', /does not go with “doctor”/);
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
      ['info', 'a', '--accelerator', 'kvm'],
      ['cache', 'list', '--from-link'],
      ['a', '--record', 'x'],
      ['info', 'a', '--prefetch', 'x'],
      ['open', 'a', '--whole'],
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
