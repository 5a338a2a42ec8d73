import {
  hostCapacity,
  inspectMachine,
  shortageOf,
  type MachineInfo,
} from '../../core/session/index.js';
import { acceleratorFromEnvironment } from '../accelerator-setting.js';
import { readGivenLogin } from '../login/given-login.js';
import { loginHandler } from '../login/login-handler.js';
import type { Plan } from '../plan.js';
import { untilInterrupted } from '../signals.js';
import { formatSize } from '../../core/text/index.js';

type SavedMemory = NonNullable<MachineInfo['memory']>;
type InfoPlan = Extract<Plan, { command: 'info' }>;

/** `vmnetx info`: reads and checks a package and tells what is in it. */
export async function info({ location, fromLink, login, json }: InfoPlan): Promise<number> {
  return untilInterrupted(async (signal) => {
    const wish = acceleratorFromEnvironment(process.env);
    const onLogin = loginHandler(await readGivenLogin(login), location);
    const how = { fromLink, savedState: true };
    const found = await inspectMachine(location, how, wish, process.env, onLogin, signal);
    process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : forPeople(found));
  });
}

function forPeople({
  name,
  location,
  url,
  packageBytes,
  machine,
  disk,
  memory,
  ...more
}: MachineInfo): string {
  const shortage = shortageOf(machine, hostCapacity());
  const rows: readonly (readonly [string, string])[] = [
    ['Name', name],
    ['Location', location],
    ...(url === null || url === location ? [] : [['Package', url] as const]),
    ['Size', packageSize(packageBytes, more.cachedBytes)],
    ['Machine', `${machine.arch}, ${machine.type}, ${formatSize(machine.memoryBytes)} of memory`],
    ['Processors', String(machine.vcpus)],
    ...(shortage === null ? [] : [['Too large', shortage.message] as const]),
    ['Runs by', machine.accelerator === 'kvm' ? 'hardware (KVM)' : 'software emulation (slow)'],
    ['Devices', machine.devices.join(', ')],
    [
      'Disk',
      `${formatSize(disk.virtualBytes)}, stored as ${disk.format} in ${formatSize(disk.storedBytes)}`,
    ],
    ...(memory === null ? [] : [['Saved', savedMemory(memory)] as const]),
  ];
  return rows.map(([label, value]) => `${`${label}:`.padEnd(13)}${value}\n`).join('');
}

function packageSize(bytes: number, cachedBytes: number | null): string {
  return cachedBytes === null
    ? formatSize(bytes)
    : `${formatSize(bytes)}, of which ${formatSize(cachedBytes)} are here`;
}

function savedMemory({ ramBytes, compression, storedBytes }: SavedMemory): string {
  const how = compression === 'none' ? '' : ` as ${compression}`;
  return `${formatSize(ramBytes)} of memory, stored${how} in ${formatSize(storedBytes)}`;
}
