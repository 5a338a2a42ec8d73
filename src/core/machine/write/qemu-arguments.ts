import { element, type NewElement } from '../../xml/index.js';
import type { Placement } from '../generate.js';
import type { Machine } from '../machine.js';

/** libvirt wants this prefix for names that are not its own. */
export function restrictedAlias(index: number): string {
  return `ua-net${index}`;
}

/**
 * The arguments and variables of QEMU that libvirt has no words for; none where none are needed.
 *
 * A restricted network: libvirt makes an ordinary user-mode network for each interface, and knows
 * no `restrict`. So another network is given to QEMU, and the device, which keeps its address,
 * model and MAC, is connected to that one. The first is then connected to nothing.
 */
export function qemuElements(
  machine: Machine,
  { network, variables, resumes }: Pick<Placement, 'network' | 'variables' | 'resumes'>,
  audioId: string,
): readonly NewElement[] {
  const restricted = network === 'restricted' ? machine.interfaces.map((_, index) => index) : [];
  const hasSpeaker = machine.sounds.some(({ model }) => model === 'pcspk');
  const values = [
    ...restricted.flatMap((index) => ['-netdev', `user,id=${netdev(index)},restrict=on`]),
    ...(hasSpeaker ? ['-machine', `pcspk-audiodev=${audioId}`] : []),
    ...(resumes ? ['-incoming', 'defer'] : []),
  ];
  const commandLine = [
    ...values.map((value) => element('qemu:arg', { value })),
    ...Object.entries(variables).map(([name, value]) => element('qemu:env', { name, value })),
  ];
  const override = element(
    'qemu:override',
    {},
    restricted.map((index) =>
      element('qemu:device', { alias: restrictedAlias(index) }, [
        element('qemu:frontend', {}, [
          element('qemu:property', { name: 'netdev', type: 'string', value: netdev(index) }),
        ]),
      ]),
    ),
  );
  return [
    ...(commandLine.length > 0 ? [element('qemu:commandline', {}, commandLine)] : []),
    ...(restricted.length > 0 ? [override] : []),
  ];
}

function netdev(index: number): string {
  return `vmnetx-net${index}`;
}
