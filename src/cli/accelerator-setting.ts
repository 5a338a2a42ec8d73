import { isAcceleratorWish, type AcceleratorWish } from '../core/accelerator/index.js';
import { fail } from '../core/errors/index.js';
import type { Environment } from '../core/places/index.js';

/** What `VMNETX_ACCELERATOR` says; `auto` where it says nothing. */
export function acceleratorFromEnvironment(environment: Environment): AcceleratorWish {
  const value = environment['VMNETX_ACCELERATOR'] ?? '';
  if (value === '') return 'auto';
  if (isAcceleratorWish(value)) return value;
  throw fail('usage-arguments', {
    reason: 'VMNETX_ACCELERATOR is auto, kvm or tcg',
    command: 'vmnetx',
  });
}
