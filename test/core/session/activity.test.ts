import assert from 'node:assert/strict';
import { Activity, type ActivityReport } from '../../../src/core/session/activity.js';

const REPORT: ActivityReport = {
  anew: true,
  images: [],
  network: { away: false },
  pace: [],
  chunksFetched: 0,
  requests: 0,
  retries: 0,
  bytesReceived: 0,
  bytesSent: 0,
};

/** What a mount is asked for, without one. */
class AskedMount {
  asked = 0;
  told: ((report: ActivityReport) => void) | null = null;

  statistics(listener: (report: ActivityReport) => void): () => void {
    this.asked++;
    this.told = listener;
    return () => {
      if (this.told === listener) this.told = null;
    };
  }
}

describe('the activity of a machine', () => {
  let activity: Activity;
  let mount: AskedMount;
  let seen: string[];
  const watch = (name: string) => activity.watch(() => seen.push(name));

  beforeEach(() => {
    activity = new Activity();
    mount = new AskedMount();
    seen = [];
  });

  it('is asked for only while somebody looks', () => {
    activity.follow(mount);
    assert.equal(mount.asked, 0);
    const [first, second] = [watch('one'), watch('two')];
    mount.told?.(REPORT);
    assert.deepEqual(seen, ['one', 'two']);
    first();
    assert.notEqual(mount.told, null);
    second();
    assert.equal(mount.told, null);
  });

  it('is asked for anew when one more looks, who knows nothing yet', () => {
    activity.follow(mount);
    watch('one');
    watch('two');
    assert.equal(mount.asked, 2);
  });

  it('is that of the machine’s next mount when it has another', () => {
    watch('one');
    activity.follow(mount);
    const next = new AskedMount();
    activity.follow(next);
    assert.equal(mount.told, null);
    next.told?.(REPORT);
    assert.deepEqual(seen, ['one']);
  });
});
