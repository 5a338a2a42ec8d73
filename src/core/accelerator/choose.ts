import { fail } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import { probeKvm, type KvmObstacle } from './probe.js';

/** What runs the guest's instructions: the processor (KVM), or QEMU's software emulation (TCG). */
export type Accelerator = 'kvm' | 'tcg';

/** What the user asked for. */
export type AcceleratorWish = Accelerator | 'auto';

/** Why software emulation it is: KVM is not wanted, or not usable. */
export type EmulationReason = 'asked-for' | KvmObstacle;

export interface AcceleratorChoice {
  readonly accelerator: Accelerator;
  /** Null for KVM. */
  readonly emulated: EmulationReason | null;
  /** Why it is the one that is chosen, in one technical line. */
  readonly reason: string;
}

export function isAcceleratorWish(text: string): text is AcceleratorWish {
  return text === 'auto' || text === 'kvm' || text === 'tcg';
}

/**
 * Chooses KVM where it is usable and software emulation otherwise. QEMU's own fallback is of no
 * use: it falls back only where KVM cannot be opened, not where guests hang in it.
 *
 * @throws VmnetxError `host-no-kvm` if KVM was asked for and is not usable.
 */
export async function chooseAccelerator(
  wish: AcceleratorWish,
  environment: Environment,
  signal: AbortSignal,
): Promise<AcceleratorChoice> {
  if (wish === 'tcg') {
    return { accelerator: 'tcg', emulated: 'asked-for', reason: 'it was asked for' };
  }
  const probe = await probeKvm(environment, signal);
  if (probe.usable) return { accelerator: 'kvm', emulated: null, reason: 'guests run under KVM' };
  const { obstacle, reason } = probe;
  if (wish === 'kvm') throw fail('host-no-kvm', {}, { detail: reason });
  return { accelerator: 'tcg', emulated: obstacle, reason };
}
