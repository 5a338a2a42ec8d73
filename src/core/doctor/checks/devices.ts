import { LAUNCHER } from '../../confinement/index.js';
import { withinProgram } from '../../places/index.js';
import { good, unknown, warning, type Check } from '../check.js';
import { installAdvice } from '../distribution.js';
import { runProgram } from '../run-program.js';

/** QEMU's names of all that a machine may have, by what it is for people. */
const DEVICES: Readonly<Record<string, readonly string[]>> = {
  disks: ['ide-hd', 'scsi-hd', 'usb-storage', 'virtio-blk-pci'],
  'disk controllers': ['lsi53c895a', 'ich9-ahci', 'piix3-ide', 'isa-fdc'],
  'PCI bridges': ['pcie-root-port', 'ioh3420', 'pcie-pci-bridge', 'i82801b11-bridge', 'pci-bridge'],
  'USB controllers': [
    'piix3-usb-uhci',
    'piix4-usb-uhci',
    'usb-ehci',
    'ich9-usb-ehci1',
    'ich9-usb-uhci1',
    'nec-usb-xhci',
    'qemu-xhci',
    'usb-hub',
  ],
  'network cards': [
    'rtl8139',
    'e1000',
    'e1000e',
    'pcnet',
    'ne2k_pci',
    'i82551',
    'i82557b',
    'i82559er',
    'virtio-net-pci',
  ],
  'keyboards and pointers': [
    'usb-tablet',
    'usb-mouse',
    'usb-kbd',
    'virtio-tablet-pci',
    'virtio-mouse-pci',
    'virtio-keyboard-pci',
  ],
  'sound cards': ['ES1370', 'AC97', 'intel-hda', 'ich9-intel-hda', 'hda-duplex'],
  'graphics cards': ['VGA', 'cirrus-vga', 'qxl-vga', 'virtio-vga'],
  ports: ['isa-serial', 'isa-parallel'],
  others: ['virtio-balloon-pci', 'virtio-rng-pci', 'vmgenid'],
};

/** Whether QEMU has every device that a machine may have. */
export const devices: Check = {
  id: 'devices',
  title: 'Virtual hardware',
  needed: false,
  examine: async ({ environment, distribution }, signal) => {
    const words = ['-machine', 'none', '-device', 'help'];
    const listed = await runProgram(withinProgram(LAUNCHER), words, environment, signal);
    if (listed.kind !== 'done' || listed.status !== 0) {
      return unknown('QEMU cannot be asked.', 'It is not known which machines find their devices.');
    }
    const has = new Set(
      Array.from(listed.output.matchAll(/^name "([^"]+)"/gm), ([, name]) => name),
    );
    const lacking = Object.entries(DEVICES)
      .map(([kind, names]) => ({ kind, names: names.filter((name) => !has.has(name)) }))
      .filter(({ names }) => names.length > 0);
    if (lacking.length === 0) {
      return good('QEMU has every device that a machine may have.', 'None lacks its hardware.');
    }
    const list = lacking.map(({ kind, names }) => `${kind} ${names.join(', ')}`).join('; ');
    return warning(
      `QEMU lacks some devices: ${list}.`,
      'Machines that have one of them do not start; others do.',
      `${installAdvice(distribution, 'qemu')}, with all its modules.`,
    );
  },
};
