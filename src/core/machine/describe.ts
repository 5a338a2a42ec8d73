import type { Machine } from './machine.js';

/** What `vmnetx info` tells about a machine. */
export interface MachineDescription {
  readonly arch: string;
  readonly type: string;
  readonly memoryBytes: number;
  readonly vcpus: number;
  /** A few words for each device, in the order of a guided tour: disk, network, input, … */
  readonly devices: readonly string[];
}

export function describeMachine(machine: Machine): MachineDescription {
  return {
    arch: machine.architecture,
    type: machine.type,
    memoryBytes: machine.memoryBytes,
    vcpus: machine.vcpus,
    devices: [
      `disk ${machine.disk.place.bus} ${machine.disk.format}`,
      ...machine.interfaces.map(({ model }) => `network ${model}`),
      ...machine.inputs.map(({ type, bus }) => `input ${bus} ${type}`),
      ...machine.sounds.map(({ model }) => `sound ${model}`),
      ...(machine.video === null ? [] : [`video ${machine.video.model}`]),
      ...machine.controllers.flatMap(describeController),
      ...machine.hubs.map(() => 'hub usb'),
      ...machine.serialPorts.map((port) => `serial ${port}`),
      ...machine.parallelPorts.map((port) => `parallel ${port}`),
      ...(machine.memballoon === null ? [] : ['memballoon virtio']),
      ...(machine.rng === null ? [] : ['rng virtio']),
    ],
  };
}

function describeController(controller: Machine['controllers'][number]): readonly string[] {
  // Buses and ports are no devices that anybody could miss.
  if (controller.type === 'pci') return [];
  const model = controller.type === 'usb' ? controller.model : null;
  return [`controller ${controller.type}${model === null ? '' : ` ${model}`}`];
}
