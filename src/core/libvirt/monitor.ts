import { QemuMonitorError } from './libvirt-error.js';

/**
 * Reads a reply of QEMU's monitor: `{"return": …}` or `{"error": {"class", "desc"}}` (QMP
 * specification, 2.4).
 */
export function readReply(json: string): unknown {
  const reply: unknown = JSON.parse(json);
  if (typeof reply === 'object' && reply !== null) {
    if ('error' in reply) throw refusal(reply.error);
    if ('return' in reply) return reply.return;
  }
  throw new QemuMonitorError('GenericError', 'QEMU sent a reply of an unknown form.');
}

function refusal(error: unknown): QemuMonitorError {
  if (
    typeof error === 'object' &&
    error !== null &&
    'class' in error &&
    typeof error.class === 'string' &&
    'desc' in error &&
    typeof error.desc === 'string'
  ) {
    return new QemuMonitorError(error.class, error.desc);
  }
  return new QemuMonitorError('GenericError', JSON.stringify(error));
}
