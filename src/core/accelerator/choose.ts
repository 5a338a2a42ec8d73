import { fail } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import { probeKvm } from './probe.js';

/** What runs the guest's instructions: the processor (KVM), or QEMU's software emulation (TCG). */
export type Accelerator = 'kvm' | 'tcg';

/** What the user asked for. */
export type AcceleratorWish = Accelerator | 'auto';

export function isAcceleratorWish(text: string): text is AcceleratorWish {
  return text === 'auto' || text === 'kvm' || text === 'tcg';
}

/**
 * Chooses KVM where it is usable and software emulation otherwise. QEMU's own fallback is of no
 * use: it falls back only where KVM cannot be opened, not where guests hang in it.
 *
 * @param onReason told why it is the one that is chosen, in one technical line
 * @throws VmnetxError `host-no-kvm` if KVM was asked for and is not usable.
 */
export async function chooseAccelerator(
  wish: AcceleratorWish,
  environment: Environment,
  signal: AbortSignal,
  onReason: (reason: string) => void = () => undefined,
): Promise<Accelerator> {
  if (wish === 'tcg') {
    onReason('it was asked for');
    return 'tcg';
  }
  const probe = await probeKvm(environment, signal);
  onReason(probe.usable ? 'guests run under KVM' : probe.reason);
  if (probe.usable) return 'kvm';
  if (wish === 'kvm') throw fail('host-no-kvm', {}, { detail: probe.reason });
  return 'tcg';
}
