import { before, type Case } from './case.js';

function inNuma(cells: string, below: string): Case {
  return before('<topology', `<numa>${cells}</numa>`, `/domain/cpu/numa${below}`);
}

export const processorAndMemory: readonly Case[] = [
  ...['0', '65', '65535', '-1', '1.5', '1e1', '', '0x', '99999999999999999999'].map(
    (count): Case => {
      return [`${count} CPUs`, '<vcpu>1<', `<vcpu>${count}<`, '/domain/vcpu'];
    },
  ),
  ['pinned CPUs', '<vcpu>', '<vcpu cpuset="0">', '/domain/vcpu/@cpuset'],
  ...['0', '-1', '1023', '1073741825', '18014398509481984', '16 MiB', '5e5'].map((memory): Case => {
    return [`${memory} KiB`, '<memory>524288<', `<memory>${memory}<`, '/domain/memory'];
  }),
  ...['EiB', 'PiB', 'TiB', 'KB', 'MB', 'kib', '', 'KiB '].map((unit): Case => {
    return [`unit “${unit}”`, '<memory>', `<memory unit="${unit}">`, '/domain/memory/@unit'];
  }),
  ['15 EiB', '<memory>524288<', '<memory unit="GiB">16106127360<', '/domain/memory'],
  ['half a KiB', '<memory>524288<', '<memory unit="b">1048577<', '/domain/memory'],
  [
    'more now than ever',
    '<currentMemory>524288<',
    '<currentMemory>524289<',
    '/domain/currentMemory',
  ],
  ['a dump option', '<memory>', '<memory dumpCore="on">', '/domain/memory/@dumpCore'],
  ['topology', 'threads="1"', 'threads="2"', '/domain/cpu/topology/@threads'],
  ['no sockets', 'sockets="1"', 'sockets="0"', '/domain/cpu/topology/@sockets'],
  ['host CPU', '<cpu match="exact">', '<cpu mode="host-passthrough">', '/domain/cpu/@mode'],
  ['options in a model', '>core2duo<', '>core2duo,enforce<', '/domain/cpu/model'],
  ['options in a feature', 'name="vmx"', 'name="vmx=on,x"', '/domain/cpu/feature/@name'],
  ['a policy', 'policy="disable"', 'policy="maybe"', '/domain/cpu/feature/@policy'],
  [
    'a feature twice',
    '<feature ',
    '<feature name="vmx"/><feature ',
    '/domain/cpu/feature[2]/@name',
  ],
  ['another vendor', '>Intel<', '>GenuineIntel<', '/domain/cpu/vendor'],
  ['features of nothing', '<model>core2duo</model>', '', '/domain/cpu/vendor'],
  inNuma('<cell cpus="0" memory="1024"/>', ''),
  inNuma('<cell cpus="0" memory="523264"/><cell cpus="0" memory="1024"/>', ''),
  inNuma('', ''),
  inNuma('<cell cpus="" memory="524288"/>', '/cell/@cpus'),
  inNuma('<cell cpus="0,0" memory="524288"/>', '/cell/@cpus'),
  inNuma('<cell cpus="1" memory="524288"/>', '/cell/@cpus'),
  inNuma('<cell cpus="0-4294967295" memory="524288"/>', '/cell/@cpus'),
  inNuma('<cell cpus="0" memory="524289"/>', '/cell/@memory'),
  inNuma('<cell id="1" cpus="0" memory="524288"/>', '/cell/@id'),
  inNuma('<cell cpus="0" memory="524288"/>'.repeat(9), '/cell[9]'),
];
