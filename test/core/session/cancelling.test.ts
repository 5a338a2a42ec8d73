import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Desktop } from '../../e2e/support/desktop.js';
import { faults, type Fault } from '../../support/fault-server/index.js';
import { seeded } from '../../support/random.js';
import { eventually } from '../../support/wait.js';
import { SessionProcess, type Place } from './support/session-process.js';
import { StagedMachine, type Part } from './support/staged-machine.js';

/** Everything must be gone so soon after a cancel. */
const GONE_MILLISECONDS = 5000;
const MOMENTS = 5;
/** Longer than any step takes on a server that answers at once. */
const LONGEST_MOMENT = 400;
const LATE_MILLISECONDS = 300;
const SEED = Number(process.env['VMNETX_TEST_SEED'] ?? '20261121');

/** What keeps a session somewhere. */
interface Keeping {
  readonly part: Part;
  readonly fault: Fault;
}

interface Scene {
  readonly place: Place;
  /** Nothing: it passes through. */
  readonly kept?: Keeping;
  /** Every answer is late. */
  readonly slow?: boolean;
}

const silent = (part: Part): Keeping => ({ part, fault: faults.silence });
const login: Keeping = {
  part: 'all',
  fault: faults.basicLogin({ user: 'alice', password: 'secret' }),
};
const broken: Keeping = { part: 'disk', fault: faults.closeBeforeHeaders };

const SCENES: Readonly<Record<string, Scene>> = {
  'while the package is being looked for': { place: 'resolving' },
  'while the package is being looked for, slowly': { place: 'resolving', slow: true },
  'while the package is being looked for on a server that hangs': {
    place: 'resolving',
    kept: silent('all'),
  },
  'while the package is being checked': { place: 'checking' },
  'while the package is being checked, slowly': { place: 'checking', slow: true },
  'while the package is being checked on a server that hangs': {
    place: 'checking',
    kept: silent('directory'),
  },
  'while somebody is asked to log in': { place: 'logging-in', kept: login },
  'while somebody is asked to log in, slowly': { place: 'logging-in', kept: login, slow: true },
  'while the disk is being prepared': { place: 'preparing' },
  'while the disk is being prepared, slowly': { place: 'preparing', slow: true },
  'while the machine is being started': { place: 'booting' },
  'while the machine is being started, slowly': { place: 'booting', slow: true },
  'while the machine is being started from a server that hangs': {
    place: 'booting',
    kept: silent('disk'),
  },
  'while the network is away': { place: 'away', kept: broken },
  'while the machine runs': { place: 'running' },
};

describe('a session that is given up', function () {
  this.timeout(120_000);
  let desktop: Desktop;
  let machine: StagedMachine;
  let session: SessionProcess;

  before(async () => {
    desktop = await Desktop.prepare();
    machine = await StagedMachine.prepare(desktop.folder);
    session = new SessionProcess(desktop.environment);
  });

  afterEach(async () => {
    machine.clear();
    await session.ask('close');
  });

  after(async () => {
    await session[Symbol.asyncDispose]();
    await machine[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  /** All but the process that has the session. */
  async function remains(): Promise<readonly string[]> {
    const own = `process ${session.pid}: `;
    return (await desktop.remains()).filter((one) => !one.startsWith(own));
  }

  async function nothingIsLeft(since: number): Promise<void> {
    const limit = Math.max(0, GONE_MILLISECONDS - (performance.now() - since));
    let left: readonly string[] = [];
    const gone = async () => ((left = await remains()).length === 0 ? true : undefined);
    await eventually('nothing is left', gone, limit).catch(() => undefined);
    assert.deepEqual(left, []);
  }

  for (const [title, { place, kept, slow = false }] of Object.entries(SCENES)) {
    it(`leaves nothing within 5 s: ${title} (seed ${SEED})`, async () => {
      const random = seeded(SEED + title.length);
      for (let moment = 0; moment < MOMENTS; moment++) {
        if (kept !== undefined) machine.befall(kept.part, kept.fault);
        if (slow) machine.slow(LATE_MILLISECONDS);
        session.open(machine.newUrl());
        await session.reach(place);
        await sleep(random() * LONGEST_MOMENT);
        const begin = performance.now();
        assert.ok((await session.ask('close')) < GONE_MILLISECONDS);
        await nothingIsLeft(begin);
        assert.deepEqual([session.last?.place, session.last?.how], ['ended', 'closed']);
        machine.clear();
      }
    });
  }

  it(`leaves nothing within 5 s: while it is being given up already (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    for (let moment = 0; moment < MOMENTS; moment++) {
      session.open(machine.newUrl());
      await session.reach('running');
      const begin = performance.now();
      session.tell(moment % 2 === 0 ? 'restart' : 'power-off');
      await sleep(random() * 100);
      session.tell('close');
      await session.ask('close');
      await nothingIsLeft(begin);
      assert.equal(session.last?.place, 'ended');
    }
  });

  it('begins nothing when it is given up at once', async () => {
    for (let times = 0; times < MOMENTS; times++) {
      session.open(machine.newUrl());
      const begin = performance.now();
      await session.ask('close');
      await nothingIsLeft(begin);
      assert.equal(session.last?.how, 'closed');
    }
  });
});
