/** Writes to a log as fast as it can until it is killed. Its words: the place as JSON, and the part. */
import { attachLog } from '../../../src/core/log/index.js';
import type { LogPlace } from '../../../src/core/log/index.js';

const [, , place = 'null', part] = process.argv;
const parsed: unknown = JSON.parse(place);
const log = await attachLog(
  isPlace(parsed) ? parsed : null,
  part === 'vmnetfs' || part === 'qemu' ? part : 'window',
);
process.send?.('ready');
for (let number = 0; ; number++) {
  log.info('I write', { number, filler: 'x'.repeat(1900) });
  await new Promise((resolve) => setTimeout(resolve, 1));
}

/** The test itself made it. */
function isPlace(value: unknown): value is LogPlace {
  return typeof value === 'object' && value !== null && 'directory' in value;
}
