import assert from 'node:assert/strict';
import { generatePlanOf } from '../../src/cli/generate-plan.js';

const STYLE = { json: false, verbose: false };
const PACKAGE = {
  ...{ task: 'package', machine: 'a.xml', out: 'b.nxpk', connect: null, savedMemory: true },
  ...{ name: 'Virtual Machine', compress: true, ...STYLE },
};

describe('the command line of vmnetx-generate', () => {
  it('makes a package, by default compressed and called as in 2013', () => {
    assert.deepEqual(generatePlanOf(['a.xml', 'b.nxpk']), PACKAGE);
    const expected = { ...PACKAGE, name: 'Größe', compress: false, verbose: true };
    for (const argv of [
      ['-n', 'Größe', '-u', 'a.xml', 'b.nxpk', '--verbose'],
      ['a.xml', 'b.nxpk', '--uncompressed', '--name=Größe', '--verbose'],
    ]) {
      assert.deepEqual(generatePlanOf(argv), expected);
    }
  });

  it('says by a word of its own that it makes a package', () => {
    assert.deepEqual(generatePlanOf(['package', 'a.xml', 'b.nxpk']), PACKAGE);
    assert.deepEqual(generatePlanOf(['package', 'package', 'b.nxpk']), {
      ...PACKAGE,
      machine: 'package',
    });
  });

  it('takes a machine of another libvirt on this computer, and leaves out memory', () => {
    for (const uri of ['qemu:///system', 'qemu+unix:///session?socket=/run/x']) {
      const expected = { ...PACKAGE, connect: uri, savedMemory: false };
      const argv = ['--connect', uri, '--no-memory', 'a.xml', 'b.nxpk'];
      assert.deepEqual(generatePlanOf(argv), expected);
    }
    for (const uri of ['', 'qemu+ssh://host/system', 'qemu://host/system', 'test:///default']) {
      assert.throws(() => generatePlanOf([`--connect=${uri}`, 'a', 'b']), /of this computer/);
    }
  });

  it('makes a reference', () => {
    const reference = { task: 'reference', url: 'http://a/b.nxpk', out: 'c.netx', ...STYLE };
    assert.deepEqual(generatePlanOf(['-r', 'http://a/b.nxpk', 'c.netx']), reference);
    assert.deepEqual(generatePlanOf(['c.netx', '--reference=http://a/b.nxpk']), reference);
  });

  it('judges a machine, in today’s words and in those of 2013', () => {
    const machine = { machine: 'a.xml', connect: null, savedMemory: true };
    const validate = { task: 'validate', ...machine, ...STYLE };
    for (const argv of [
      ['validate', 'a.xml'],
      ['-c', 'a.xml'],
      ['a.xml', '--check'],
    ]) {
      assert.deepEqual(generatePlanOf(argv), validate);
    }
    const called = { ...validate, machine: 'validate' };
    assert.deepEqual(generatePlanOf(['-c', 'validate']), called);
    assert.deepEqual(generatePlanOf(['validate', 'validate']), called);
  });

  it('takes files that are called like options or commands, when told so', () => {
    assert.deepEqual(generatePlanOf(['--', '-c', '--help']), {
      ...PACKAGE,
      machine: '-c',
      out: '--help',
    });
    assert.deepEqual(generatePlanOf(['./create', 'package']), {
      ...PACKAGE,
      machine: './create',
      out: 'package',
    });
  });

  it('tells about itself', () => {
    assert.deepEqual(generatePlanOf(['--help']), { task: 'help', ...STYLE });
    assert.deepEqual(generatePlanOf(['-h', 'a']), { task: 'help', ...STYLE });
    assert.deepEqual(generatePlanOf(['create', '--help']), { task: 'help', ...STYLE });
    assert.deepEqual(generatePlanOf(['--version']), { task: 'version', ...STYLE });
  });

  it('refuses what belongs to later versions, by its name', () => {
    for (const word of [...['create', 'reference', 'inspect', 'serve', 'convert', 'check-url']]) {
      assert.throws(() => generatePlanOf([word, 'x']), {
        code: 'usage-not-yet',
        status: 64,
        message: new RegExp(`“${word}”`),
      });
    }
  });

  it('refuses every other call', () => {
    for (const [argv, reason] of [
      [[], /MACHINE and OUT\.nxpk/],
      [['a.xml'], /MACHINE and OUT\.nxpk/],
      [['package', 'a.xml'], /MACHINE and OUT\.nxpk/],
      [['a.xml', 'b', 'c'], /MACHINE and OUT\.nxpk/],
      [['-r', 'http://a'], /followed by OUT\.netx/],
      [['-r', 'http://a', 'b', 'c'], /followed by OUT\.netx/],
      [['-r', 'http://a', '-n', 'x', 'b'], /do not go with -r/],
      [['-r', 'http://a', '-u', 'b'], /do not go with -r/],
      [['-r', 'http://a', '--no-memory', 'b'], /do not go with -r/],
      [['validate'], /validate takes one MACHINE/],
      [['validate', 'a.xml', 'b'], /validate takes one MACHINE/],
      [['-c'], /validate takes one MACHINE/],
      [['-c', '-u', 'a.xml'], /do not go with validate/],
      [['validate', '-n', 'x', 'a.xml'], /do not go with validate/],
      [['validate', '-r', 'http://a', 'a.xml'], /do not go with validate/],
      [['a.xml', 'b', '-n'], /-n needs a value/],
    ] as const) {
      assert.throws(() => generatePlanOf(argv), {
        code: 'usage-arguments',
        status: 64,
        message: reason,
        hint: 'See “vmnetx-generate --help”.',
      });
    }
    assert.throws(() => generatePlanOf(['--json', 'a', 'b']), { code: 'usage-unknown-option' });
  });
});
