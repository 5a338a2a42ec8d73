import { basename, dirname, join } from 'node:path';
import assert from 'node:assert/strict';
import { buildDemoPackage } from '../../../scripts/demo-package.js';
import {
  faults,
  folderFiles,
  startFaultServer,
  type Fault,
  type FaultServer,
} from '../../support/fault-server/index.js';
import { seeded } from '../../support/random.js';
import { Desktop } from './desktop.js';
import { GuestConsole } from './guest-console.js';
import { startProgram } from './program.js';
import { verifyInGuest, type VerifiedWork } from './verifying-guest.js';

const BOOT_MILLISECONDS = 120_000;
/** One request in so many fails. */
const FAILING = 10;

/** Failures that can heal, as servers, proxies and networks have them. */
const KINDS: readonly Fault[] = [
  faults.status(500),
  faults.busy(503, '0'),
  faults.busy(429, '1'),
  faults.resetBeforeHeaders,
  faults.closeBeforeHeaders,
  faults.resetAt(1000),
  faults.resetAt(70_000),
  faults.shortBody(50_000),
  faults.slowStart(1500),
];

export interface FaultsOutcome extends VerifiedWork {
  readonly requests: number;
  readonly failed: number;
}

/**
 * Opens the demo machine in its window over a server that fails one request in ten, and has its guest
 * write, read and compare.
 *
 * @param milliseconds how long the guest works, without its start
 * @throws AssertionError for a wrong byte, an error in the guest's log, or a session that ended
 */
export async function runGuestOverFaults(
  seed: number,
  milliseconds: number,
): Promise<FaultsOutcome> {
  const packagePath = await buildDemoPackage(() => undefined);
  await using desktop = await Desktop.prepare();
  await using server = await startFaultServer({ files: folderFiles(dirname(packagePath)) });
  const rule = failOneInTen(server, seed);
  const consolePath = join(desktop.folder, 'console');
  const program = startProgram('vmnetx', [`${server.origin}/${basename(packagePath)}`], {
    ...desktop.environment,
    VMNETX_CONSOLE: consolePath,
  });
  try {
    using shell = await GuestConsole.open(consolePath);
    await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
    const end = performance.now() + milliseconds;
    const work = await verifyInGuest(shell, seeded(seed), () => performance.now() >= end);
    return { ...work, requests: server.requests.length, failed: rule.hits };
  } finally {
    program.kill('SIGTERM');
    const { status, stderr } = await program.ended;
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  }
}

function failOneInTen({ faults: rules }: FaultServer, seed: number): { readonly hits: number } {
  const random = seeded(seed + 1);
  const oneOfThem: Fault = (answer, exchange) => {
    const kind = KINDS[Math.floor(random() * KINDS.length)];
    return kind === undefined ? answer : kind(answer, exchange);
  };
  return rules.add({ when: { share: { of: 1 / FAILING, seed } }, fault: oneOfThem });
}
