import { element, type NewElement } from '../../xml/index.js';
import type { Machine } from '../machine.js';

export function kib(bytes: number): number {
  return bytes / 1024;
}

/** Memory, virtual CPUs, boot order, features and what happens at the end. */
export function systemElements(machine: Machine, type: string): readonly NewElement[] {
  const { architecture, memoryBytes, currentMemoryBytes } = machine;
  return [
    element('memory', { unit: 'KiB' }, String(kib(memoryBytes))),
    element('currentMemory', { unit: 'KiB' }, String(kib(currentMemoryBytes))),
    element('vcpu', { placement: 'static' }, String(machine.vcpus)),
    element('os', {}, [
      element('type', { arch: architecture, machine: type }, 'hvm'),
      ...machine.bootDevices.map((dev) => element('boot', { dev })),
    ]),
    ...(machine.features.length === 0
      ? []
      : [
          element(
            'features',
            {},
            machine.features.map((feature) => element(feature)),
          ),
        ]),
    // What the original ran every machine with: with any other clock a guest that comes back from
    // its saved state first makes up for all the ticks since it was saved.
    element('clock', { offset: 'localtime' }, [element('timer', { name: 'rtc', track: 'guest' })]),
    element('on_poweroff', {}, machine.onPoweroff),
    element('on_reboot', {}, machine.onReboot),
    element('on_crash', {}, machine.onCrash),
  ];
}
