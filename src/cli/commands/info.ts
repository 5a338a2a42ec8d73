import { inspectMachine, type MachineInfo } from '../../core/session/index.js';
import { acceleratorFromEnvironment } from '../accelerator-setting.js';
import { untilInterrupted } from '../signals.js';

/** `vmnetx info`: reads and checks a package and tells what is in it. */
export async function info(location: string, json: boolean): Promise<number> {
  return untilInterrupted(async (signal) => {
    const wish = acceleratorFromEnvironment(process.env);
    const found = await inspectMachine(location, wish, process.env, signal);
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
  ...more
}: MachineInfo): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Name', name],
    ['Location', location],
    ...(url === null || url === location ? [] : [['Package', url] as const]),
    ['Size', `${size(packageBytes)}, of which ${size(more.cachedBytes)} are here`],
    ['Machine', `${machine.arch}, ${machine.type}, ${size(machine.memoryBytes)} of memory`],
    ['Processors', String(machine.vcpus)],
    ['Runs by', machine.accelerator === 'kvm' ? 'hardware (KVM)' : 'software emulation (slow)'],
    ['Devices', machine.devices.join(', ')],
    ['Disk', `${size(disk.virtualBytes)}, stored as ${disk.format} in ${size(disk.storedBytes)}`],
  ];
  return rows.map(([label, value]) => `${`${label}:`.padEnd(13)}${value}\n`).join('');
}

/** A size in the largest binary unit in which it is at least 1. */
function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const rank = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** rank;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[rank] ?? ''}`;
}
