import { element, type NewElement } from '../../xml/index.js';
import type {
  Controller,
  Disk,
  DiskPlace,
  Hub,
  Input,
  Interface,
  Memballoon,
  Rng,
  Sound,
  Video,
} from '../machine.js';
import { driveAddress, pciAddress, usbAddress } from './addresses.js';
import { pciControllerElement } from './pci-controllers.js';

/** @param policies attributes of `<driver>` besides name and type */
export function diskElement(
  disk: Disk,
  file: string,
  policies: Readonly<Record<string, string>>,
  backingStore?: NewElement,
): NewElement {
  const { place } = disk;
  return element('disk', { type: 'file', device: 'disk' }, [
    element('driver', { name: 'qemu', type: disk.format, ...policies }),
    element('source', { file }),
    backingStore,
    element('target', { dev: disk.target, bus: place.bus }),
    disk.readonly ? element('readonly') : undefined,
    disk.serial === null ? undefined : element('serial', {}, disk.serial),
    disk.bootOrder === null ? undefined : element('boot', { order: disk.bootOrder }),
    placeAddress(place),
  ]);
}

function placeAddress(place: DiskPlace): NewElement | undefined {
  switch (place.bus) {
    case 'usb':
      return usbAddress(place.address);
    case 'virtio':
      return pciAddress(place.address);
    case 'ide':
    case 'sata':
    case 'scsi':
      return driveAddress(place.address);
  }
}

export function controllerElement(controller: Controller): NewElement {
  const { type, index } = controller;
  switch (type) {
    case 'pci':
      return pciControllerElement(controller);
    case 'fdc':
      return element('controller', { type, index });
    case 'usb': {
      const { model, masterStartPort, ports, address } = controller;
      const attributes = { type, index, model: model ?? undefined, ports: ports ?? undefined };
      return element('controller', attributes, [
        masterStartPort === null ? undefined : element('master', { startport: masterStartPort }),
        pciAddress(address),
      ]);
    }
    case 'scsi':
      // What libvirt chooses for a PC; named, so that it stays so.
      return element('controller', { type, index, model: 'lsilogic' }, [
        pciAddress(controller.address),
      ]);
    case 'ide':
    case 'sata':
      return element('controller', { type, index }, [pciAddress(controller.address)]);
  }
}

/** @param alias a name of our own for the device, or null for libvirt's */
export function interfaceElement(nic: Interface, alias: string | null): NewElement {
  return element('interface', { type: 'user' }, [
    nic.mac === null ? undefined : element('mac', { address: nic.mac }),
    element('model', { type: nic.model }),
    alias === null ? undefined : element('alias', { name: alias }),
    pciAddress(nic.address),
  ]);
}

export function inputElement(input: Input): NewElement {
  const { type, bus } = input;
  const isVirtio = input.bus === 'virtio';
  return element('input', { type, bus }, [
    isVirtio ? pciAddress(input.address) : usbAddress(input.address),
  ]);
}

export function soundElement({ model, address }: Sound): NewElement {
  return element('sound', { model }, [pciAddress(address)]);
}

export function videoElement(video: Video): NewElement {
  return element('video', {}, [
    element('model', {
      type: video.model,
      ram: video.ramKib ?? undefined,
      vram: video.vramKib ?? undefined,
      vgamem: video.vgamemKib ?? undefined,
      heads: video.heads ?? undefined,
    }),
    pciAddress(video.address),
  ]);
}

/** A serial or parallel port with nothing behind it. */
export function nullPortElement(kind: 'serial' | 'parallel', port: number): NewElement {
  return element(kind, { type: 'null' }, [element('target', { port })]);
}

export function hubElement({ address }: Hub): NewElement {
  return element('hub', { type: 'usb' }, [usbAddress(address)]);
}

/** Said also where there is none: libvirt would add one. */
export function memballoonElement(memballoon: Memballoon | null): NewElement {
  return memballoon === null
    ? element('memballoon', { model: 'none' })
    : element('memballoon', { model: 'virtio' }, [pciAddress(memballoon.address)]);
}

/** QEMU itself makes the numbers: no file of the host is opened for them. */
export function rngElement({ address }: Rng): NewElement {
  return element('rng', { model: 'virtio' }, [
    element('backend', { model: 'builtin' }),
    pciAddress(address),
  ]);
}
