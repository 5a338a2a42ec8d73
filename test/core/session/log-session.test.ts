import assert from 'node:assert/strict';
import { fail } from '../../../src/core/errors/index.js';
import { logSession } from '../../../src/core/session/log-session.js';
import type { Circumstances, SessionState } from '../../../src/core/session/index.js';
import { LogFolder } from '../log/log-in-folder.js';

const FAIR: Circumstances = {
  network: { away: false },
  caching: { on: true },
  guestNetwork: null,
  loggingIn: false,
  memoryRefused: null,
  packageChanged: null,
  sound: 'none',
};
const FAILED: SessionState & { readonly phase: 'failed' } = {
  phase: 'failed',
  error: fail('host-machine-stopped', {}),
  savedStateSuspected: false,
};
const STATES: readonly SessionState[] = [
  { phase: 'starting', step: 'checking', name: null, loaded: null, ...FAIR },
  { phase: 'starting', step: 'checking', name: 'A', loaded: null, ...FAIR },
  {
    phase: 'running',
    name: 'A',
    displaySocket: '/s',
    pointer: { isAbsolute: true, mostMotions: null },
    accelerator: 'tcg',
    emulated: 'asked-for',
    shuttingDown: false,
    ...FAIR,
  },
  { phase: 'stopping', next: FAILED },
  FAILED,
];

describe('logSession', () => {
  it('writes down each step once, how long it took, and the error at the end', async () => {
    await using folder = await LogFolder.make();
    const { log } = await folder.begin();
    let tell: () => void = () => undefined;
    const session: { state: SessionState; onChange: (listener: () => void) => () => void } = {
      state: { phase: 'starting', step: 'resolving', name: null, loaded: null, ...FAIR },
      onChange: (listener: () => void) => {
        tell = listener;
        return () => undefined;
      },
    };
    logSession(session, log);
    for (const state of STATES) {
      session.state = state;
      tell();
    }
    await log.close();
    const lines = (await folder.lines()).map((line) => line.replace(/milliseconds=\d+/, 'N'));
    assert.deepEqual(lines, [
      'window info The session begins step=resolving',
      'window info The session goes on step=checking after=resolving N',
      'window info The session goes on step=running after=checking N accelerator=tcg guestNetwork=null',
      'window error The session fails after=running N code=host-machine-stopped message="The machine stopped unexpectedly."',
      'window info The session goes on step=failed after=stopping N',
    ]);
  });
});
