import { Vmnetfs, type MountRequest } from '../../../src/core/vmnetfs/index.js';

/**
 * The owner of a vmnetfs: mounts the request that its parent sends, tells it `mounted`, and then
 * lives until it is killed, or told `leave`: then it ends without a word to its vmnetfs.
 */
function isRequest(value: unknown): value is MountRequest {
  return typeof value === 'object' && value !== null && 'directory' in value;
}

const never = (): undefined => undefined;

process.on('message', (message) => {
  if (message === 'leave') process.exit(0);
  if (!isRequest(message)) return;
  const listener = {
    onFetchFailed: never,
    onLost: never,
    onNetwork: never,
    onCaching: never,
    onLogin: () => Promise.resolve(null),
  };
  void Vmnetfs.mount(message, listener, new AbortController().signal).then(() => {
    process.send?.('mounted');
  });
});
