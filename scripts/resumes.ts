/**
 * resumes [--seed N] [--moments 20] [--seconds 60]: a suspended guest comes back over a slow link, is
 * given up at moments that a seed decides, boots where QEMU hangs over it, and comes back although the
 * network is away for a time. Ends with 0 if nothing was left, and the guest went on from where it was.
 */
import { parseArgs } from 'node:util';
import { Desktop } from '../test/e2e/support/desktop.js';
import { endPrograms } from '../test/e2e/support/program.js';
import { SlowResumes } from '../test/e2e/support/slow-resumes.js';
import { suspendGuest } from '../test/e2e/support/suspended-guest.js';
import { packSuspended } from '../test/e2e/support/suspended-package.js';
import { seeded } from '../test/support/random.js';
import { ScreenReader } from '../test/support/screen-reading.js';

const LINK_MILLISECONDS = 10_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    moments: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const moments = Number(values.moments);
const seconds = Number(values.seconds);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(moments) || !(seconds > 0)) {
  process.stderr.write('resumes [--seed N] [--moments 20] [--seconds 60]\n');
  process.exit(64);
}
process.stdout.write(`seed ${seed}, ${moments} moments, ${seconds} s without network\n`);
{
  await using desktop = await Desktop.prepare();
  await using reader = new ScreenReader();
  const { memory, ...guest } = await suspendGuest(desktop.folder, ['gzip']);
  const parts = { ...guest, name: 'gzip', memory: memory.get('gzip') ?? '' };
  const path = await packSuspended(desktop.folder, parts);
  await using resumes = await SlowResumes.prepare(path, parts.memory, LINK_MILLISECONDS);
  try {
    await resumes.cancel(moments, seeded(seed), desktop);
    process.stdout.write(`given up ${moments} times: nothing was left\n`);
    const hung = await resumes.hang(desktop);
    process.stdout.write(`QEMU hung: ${Math.round(hung)} ms later the machine booted\n`);
    const outage = { kind: 'silent', milliseconds: seconds * 1000 } as const;
    await resumes.endure(outage, { memory, ...guest }, desktop, reader);
    process.stdout.write(`${seconds} s without network: the guest went on from where it was\n`);
  } finally {
    await endPrograms();
  }
}
process.exit(0);
