import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { fail, type VmnetxError } from '../../../src/core/errors/index.js';
import { libvirtCode, LibvirtError, type DomainState } from '../../../src/core/libvirt/index.js';
import { Recovery } from '../../../src/core/session/recovery.js';

const PAUSED: DomainState = { state: 'paused', reason: 'io-error' };
const RUNNING: DomainState = { state: 'running', reason: 'unpaused' };

/** A guest whose pauses the test decides about, and a fetch that takes as long as the test wants. */
class Guest {
  state = RUNNING;
  resumed = 0;
  /** So many calls fail because libvirt's daemon is another. */
  lostConnections = 0;
  readonly failures: VmnetxError[] = [];
  /** What happens when QEMU is told to go on, before libvirt answers that it did. */
  onResume: () => void = () => undefined;
  settled: Promise<void> = Promise.resolve();
  lost: VmnetxError | null = null;

  readonly recovery = new Recovery(
    () => {
      if (this.lostConnections > 0) {
        this.lostConnections--;
        return Promise.reject(new LibvirtError(libvirtCode.invalidConnection, 7, 'lost'));
      }
      return Promise.resolve({
        state: () => Promise.resolve(this.state),
        resume: async () => {
          this.resumed++;
          this.state = RUNNING;
          this.onResume();
          await turn();
        },
      });
    },
    { settle: () => this.settled, whyLost: () => this.lost },
    { onFailed: (error) => this.failures.push(error) },
  );

  pause(reason = ''): void {
    this.state = PAUSED;
    this.recovery.paused(reason);
  }

  /** Waits until nothing goes on any more. */
  async rest(): Promise<void> {
    for (let turns = 0; turns < 100; turns++) await turn();
  }
}

describe('the recovery of a paused guest', () => {
  it('lets it go on as soon as nothing is being fetched, however long that takes', async () => {
    const guest = new Guest();
    let arrive: () => void = () => undefined;
    guest.settled = new Promise((resolve) => (arrive = resolve));
    guest.pause();
    await guest.rest();
    assert.equal(guest.resumed, 0);
    arrive();
    await guest.rest();
    assert.deepEqual([guest.resumed, guest.state, guest.failures], [1, RUNNING, []]);
  });

  it('lets it go on once, although libvirt tells of a pause more than once', async () => {
    const guest = new Guest();
    guest.pause();
    guest.recovery.paused('');
    guest.recovery.paused('');
    await guest.rest();
    guest.recovery.paused('');
    await guest.rest();
    assert.deepEqual([guest.resumed, guest.failures], [1, []]);
  });

  it('lets it go on over a new connection, where the first was lost while bytes were fetched', async () => {
    const guest = new Guest();
    let arrive: () => void = () => undefined;
    guest.settled = new Promise((resolve) => (arrive = resolve));
    guest.pause();
    await guest.rest();
    guest.lostConnections = 1;
    // Whoever made the new connection has found the guest paused.
    guest.recovery.paused('');
    arrive();
    await guest.rest();
    assert.deepEqual([guest.resumed, guest.state, guest.failures], [1, RUNNING, []]);
  });

  it('waits for a new connection without a failure', async () => {
    const guest = new Guest();
    guest.lostConnections = 1;
    guest.pause();
    await guest.rest();
    assert.deepEqual([guest.resumed, guest.failures], [0, []]);
    guest.recovery.paused('');
    await guest.rest();
    assert.deepEqual([guest.resumed, guest.failures], [1, []]);
  });

  it('does not miss a pause that is told of before the guest is known to go on', async () => {
    const guest = new Guest();
    guest.onResume = () => {
      if (guest.resumed === 1) guest.pause();
    };
    guest.pause();
    await guest.rest();
    assert.deepEqual([guest.resumed, guest.state, guest.failures], [2, RUNNING, []]);
  });

  it('ends when going on does not help', async () => {
    const guest = new Guest();
    guest.onResume = () => {
      guest.pause();
    };
    guest.pause();
    await guest.rest();
    assert.deepEqual(
      guest.failures.map(({ code }) => code),
      ['host-input-output'],
    );
    assert.equal(guest.resumed, 6);
  });

  it('leaves it as it is where its bytes can never be had, once going on does not help', async () => {
    const guest = new Guest();
    guest.lost = fail('package-changed', { location: 'a.nxpk' });
    guest.onResume = () => {
      guest.pause();
    };
    guest.pause();
    await guest.rest();
    assert.deepEqual([guest.resumed, guest.state, guest.failures], [5, PAUSED, []]);
  });

  it('ends at once when what the guest writes cannot be kept', async () => {
    const guest = new Guest();
    guest.pause('enospc');
    await guest.rest();
    assert.deepEqual(
      guest.failures.map(({ code }) => code),
      ['host-no-space'],
    );
    assert.equal(guest.resumed, 0);
  });

  it('says what ended the fetch, or that the machine stopped', async () => {
    for (const [reason, code] of [
      [fail('host-pages-lost', {}), 'host-pages-lost'],
      [new Error('Domain not found'), 'host-machine-stopped'],
    ] as const) {
      const guest = new Guest();
      guest.settled = Promise.reject(reason);
      guest.pause();
      await guest.rest();
      assert.deepEqual(
        guest.failures.map((error) => error.code),
        [code],
      );
    }
  });
});
