import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  cacheDirectory,
  configDirectory,
  requireRuntimeDirectory,
  runtimeDirectory,
  stateDirectory,
  VERSION,
  withinProgram,
} from '../../../src/core/places/index.js';

describe('the places of the program', () => {
  it('lie where the environment says', () => {
    const environment = {
      XDG_CACHE_HOME: '/c',
      XDG_CONFIG_HOME: '/o',
      XDG_STATE_HOME: '/s',
      XDG_RUNTIME_DIR: '/r',
    };
    assert.equal(cacheDirectory(environment), '/c/vmnetx');
    assert.equal(configDirectory(environment), '/o/vmnetx');
    assert.equal(stateDirectory(environment), '/s/vmnetx');
    assert.equal(runtimeDirectory(environment), '/r/vmnetx');
    assert.equal(requireRuntimeDirectory(environment), '/r/vmnetx');
  });

  for (const [what, value] of Object.entries({ unset: undefined, empty: '', relative: 'a/b' })) {
    it(`lie below the home folder when a variable is ${what}; only sockets have no other place`, () => {
      const names = ['CACHE_HOME', 'CONFIG_HOME', 'STATE_HOME', 'RUNTIME_DIR'];
      const environment = Object.fromEntries(names.map((name) => [`XDG_${name}`, value]));
      assert.equal(cacheDirectory(environment), join(homedir(), '.cache/vmnetx'));
      assert.equal(configDirectory(environment), join(homedir(), '.config/vmnetx'));
      assert.equal(stateDirectory(environment), join(homedir(), '.local/state/vmnetx'));
      assert.equal(runtimeDirectory(environment), null);
      assert.throws(() => requireRuntimeDirectory(environment), {
        code: 'host-no-runtime-directory',
        status: 69,
      });
    });
  }

  it('include the program itself, from whatever folder it is started', () => {
    assert.ok(existsSync(withinProgram('package.json')));
    assert.match(withinProgram('native/a'), /^\/.*\/native\/a$/);
    assert.match(VERSION, /^\d+\.\d+\.\d+$/);
  });
});
