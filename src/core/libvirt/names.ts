/**
 * Names in place of libvirt's numbers: each list is in the order of an enumeration of
 * libvirt-domain.h. What a newer libvirt adds is called `unknown`.
 */

const states = [
  'no-state',
  'running',
  'blocked',
  'paused',
  'shutdown',
  'shutoff',
  'crashed',
  'suspended-by-guest',
] as const;

/** virDomainState; `shutdown` is on its way to `shutoff`. */
export type StateName = (typeof states)[number] | 'unknown';

const reasons = {
  'no-state': [],
  running: [
    'unknown',
    'booted',
    'migrated',
    'restored',
    'from-snapshot',
    'unpaused',
    'migration-cancelled',
    'save-cancelled',
    'wakeup',
    'crashed',
    'postcopy',
    'postcopy-failed',
  ],
  blocked: [],
  paused: [
    'unknown',
    'user',
    'migration',
    'save',
    'dump',
    'io-error',
    'watchdog',
    'from-snapshot',
    'shutting-down',
    'snapshot',
    'crashed',
    'starting-up',
    'postcopy',
    'postcopy-failed',
  ],
  shutdown: ['unknown', 'user'],
  shutoff: [
    'unknown',
    'shutdown',
    'destroyed',
    'crashed',
    'migrated',
    'saved',
    'failed',
    'from-snapshot',
    'daemon',
  ],
  crashed: ['unknown', 'panicked'],
  'suspended-by-guest': [],
  unknown: [],
} as const satisfies Record<StateName, readonly string[]>;

/** Why a domain is in its state (virDomainRunningReason and its siblings). */
export type StateReason = (typeof reasons)[StateName][number] | 'unknown';

export interface DomainState {
  readonly state: StateName;
  readonly reason: StateReason;
}

const lifecycles = [
  'defined',
  'undefined',
  'started',
  'suspended',
  'resumed',
  'stopped',
  'shutdown',
  'suspended-by-guest',
  'crashed',
] as const;

/** virDomainEventType. */
export type LifecycleName = (typeof lifecycles)[number] | 'unknown';

const details = {
  defined: ['added', 'updated', 'renamed', 'from-snapshot'],
  undefined: ['removed', 'renamed'],
  started: ['booted', 'migrated', 'restored', 'from-snapshot', 'wakeup'],
  suspended: [
    'paused',
    'migrated',
    'io-error',
    'watchdog',
    'restored',
    'from-snapshot',
    'api-error',
    'postcopy',
    'postcopy-failed',
  ],
  resumed: ['unpaused', 'migrated', 'from-snapshot', 'postcopy', 'postcopy-failed'],
  stopped: ['shutdown', 'destroyed', 'crashed', 'migrated', 'saved', 'failed', 'from-snapshot'],
  shutdown: ['finished', 'guest', 'host'],
  'suspended-by-guest': ['memory', 'disk'],
  crashed: ['panicked', 'crashloaded'],
  unknown: [],
} as const satisfies Record<LifecycleName, readonly string[]>;

/** What brought a life-cycle event about (virDomainEventStartedDetailType and its siblings). */
export type LifecycleDetail = (typeof details)[LifecycleName][number] | 'unknown';

const ioErrorActions = ['none', 'paused', 'reported'] as const;

/** What QEMU did about an I/O error; `reported`: the guest was told (virDomainEventIOErrorAction). */
export type IoErrorAction = (typeof ioErrorActions)[number] | 'unknown';

const closeReasons = ['error', 'end-of-file', 'keep-alive', 'client'] as const;

/** `end-of-file`: libvirt's daemon ended; `keep-alive`: it did not answer. */
export type CloseReason = (typeof closeReasons)[number] | 'unknown';

const comparisons = ['incompatible', 'identical', 'superset'] as const;

/** What the host's CPU is, seen from the wanted one (virCPUCompareResult). */
export type CpuComparison = (typeof comparisons)[number] | 'unknown';

function named<Name extends string>(list: readonly Name[], number: number): Name | 'unknown' {
  return list[number] ?? 'unknown';
}

export function domainState(state: number, reason: number): DomainState {
  const name = named(states, state);
  return { state: name, reason: named<StateReason>(reasons[name], reason) };
}

export function lifecycle(
  event: number,
  detail: number,
): { event: LifecycleName; detail: LifecycleDetail } {
  const name = named(lifecycles, event);
  return { event: name, detail: named<LifecycleDetail>(details[name], detail) };
}

export const ioErrorAction = (number: number): IoErrorAction => named(ioErrorActions, number);

export const closeReason = (number: number): CloseReason => named(closeReasons, number);

export const cpuComparison = (number: number): CpuComparison => named(comparisons, number);
