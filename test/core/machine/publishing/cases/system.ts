import { METADATA_NAMESPACE } from '../../../../../src/core/machine/vocabulary.js';
import { domain, type Change } from './case.js';

const cpu = (attributes: string, content: string) => domain(`<cpu ${attributes}>${content}</cpu>`);
const NEHALEM = '<model fallback="allow">Nehalem</model>';
const becomesNehalem = (mode: string) =>
  `The CPU, which is this computer’s own (${mode}), becomes a “Nehalem” without further ` +
  'features: most computers have at least that.';
const OWN = `<v:vmnetx xmlns:v="${METADATA_NAMESPACE}"><v:limit_mouse_rate hz="5"/></v:vmnetx>`;
const LIBOSINFO = '<l:libosinfo xmlns:l="http://libosinfo.org/xmlns/libvirt/domain/1.0"/>';

export const SYSTEM: readonly Change[] = [
  [
    'is run as whoever opens it can, not by emulation for ever',
    '<domain type="qemu"><name>a</name></domain>',
    domain('<name>a</name>'),
    ['The type “qemu” becomes “kvm”: whoever opens the machine runs it as their computer can.'],
  ],
  [
    'is known to have been running',
    '<domain type="kvm" id="7"><name>a</name></domain>',
    domain('<name>a</name>'),
    ['The machine was running when this was written: shut it down before it is packed.'],
  ],
  [
    'loses what only this computer does with it',
    domain(`<title>x</title><name>a</name><genid/><memoryBacking><hugepages/></memoryBacking>
      <cputune><shares>9</shares></cputune><numatune/><resource/><seclabel type="none"/>
      <sysinfo type="smbios"/><pm><suspend-to-mem enabled="no"/></pm>`),
    domain('<name>a</name>'),
    [
      'Left out of /domain: title, genid, memoryBacking, cputune, numatune, resource, seclabel, sysinfo, pm.',
    ],
  ],
  [
    'keeps our own metadata only',
    domain(`<metadata>${LIBOSINFO}${OWN}</metadata>`),
    domain(`<metadata>${OWN}</metadata>`),
    ['Left out of /domain/metadata, as notes of other programs: libosinfo.'],
  ],
  [
    'has no metadata where there are only others’',
    domain(`<metadata>${LIBOSINFO}</metadata>`),
    domain(''),
    ['Left out of /domain/metadata, as notes of other programs: libosinfo.'],
  ],
  [
    'has CPUs that are bound to none of this computer’s',
    domain(
      '<memory unit="KiB" dumpCore="off">65536</memory><vcpu placement="auto" cpuset="1" current="1">2</vcpu>',
    ),
    domain('<memory unit="KiB">65536</memory><vcpu>2</vcpu>'),
    [
      'Left out of /domain/memory: dumpCore.',
      'Left out of /domain/vcpu: cpuset, current, placement.',
    ],
  ],
  ...(['pc-i440fx-jammy', 'pc-i440fx-rhel7.6.0', 'pc-i440fx-2.11-hpb'] as const).map(
    (machine): Change => [
      `is a PC that every QEMU has: ${machine}`,
      domain(`<os><type arch="x86_64" machine="${machine}">hvm</type></os>`),
      domain('<os><type arch="x86_64" machine="pc">hvm</type></os>'),
      [`The machine “${machine}”, which only one distribution has, becomes “pc”.`],
    ],
  ),
  [
    'is a PC of today that every QEMU has',
    domain('<os><type arch="x86_64" machine="pc-q35-rhel9.2.0">hvm</type></os>'),
    domain('<os><type arch="x86_64" machine="q35">hvm</type></os>'),
    ['The machine “pc-q35-rhel9.2.0”, which only one distribution has, becomes “q35”.'],
  ],
  [
    'starts from what is in it',
    domain(
      '<os firmware="bios"><boot dev="network"/><boot dev="hd"/><bootmenu enable="no"/><bios useserial="yes"/></os>',
    ),
    domain('<os><boot dev="hd"/></os>'),
    [
      'Left out of /domain/os: firmware, bootmenu, bios.',
      'The machine no longer starts from the network.',
    ],
  ],
  [
    'has the features of a PC, and none of a hypervisor',
    domain(`<features><acpi/><apic eoi="on"/><hyperv><relaxed state="on"/></hyperv>
      <kvm><hidden state="on"/></kvm><vmport state="off"/></features>`),
    domain('<features><acpi/><apic/></features>'),
    [
      'Left out of /domain/features: hyperv, kvm, vmport.',
      'Left out of /domain/features/apic: eoi.',
    ],
  ],
  [
    'has the one timer that all have',
    domain(`<clock offset="utc" adjustment="reset"><timer name="rtc" tickpolicy="catchup"/>
      <timer name="pit" tickpolicy="delay"/><timer name="hpet" present="no"/></clock>`),
    domain('<clock offset="utc"/>'),
    ['The clock’s timers are left out: rtc, pit, hpet.', 'Left out of /domain/clock: adjustment.'],
  ],
  [
    'does not begin at the same time for ever',
    domain('<clock offset="absolute" start="0"/>'),
    domain('<clock offset="localtime"/>'),
    ['The clock no longer begins at a fixed time.'],
  ],
  [
    'leaves nothing behind at its end',
    domain('<on_poweroff>preserve</on_poweroff><on_crash>coredump-restart</on_crash>'),
    domain('<on_poweroff>destroy</on_poweroff><on_crash>restart</on_crash>'),
    [
      'The action “preserve” of /domain/on_poweroff becomes “destroy”.',
      'The action “coredump-restart” of /domain/on_crash becomes “restart”.',
    ],
  ],
  [
    'has a CPU that others have as well, instead of this computer’s',
    cpu(
      'mode="host-passthrough" check="none" migratable="on"',
      `<topology sockets="1" dies="1" clusters="1" cores="2" threads="1"/>
       <cache mode="passthrough"/><feature policy="disable" name="svm"/>`,
    ),
    cpu('mode="custom" match="exact"', `${NEHALEM}<topology sockets="1" cores="2" threads="1"/>`),
    [becomesNehalem('host-passthrough')],
  ],
  ...['host-model', 'maximum'].map((mode): Change => [
    `has a CPU that others have as well, instead of ${mode}`,
    cpu(`mode="${mode}" check="partial"`, '<model fallback="forbid">Skylake</model>'),
    cpu('mode="custom" match="exact"', NEHALEM),
    [becomesNehalem(mode)],
  ]),
  [
    'keeps a CPU that has a name',
    cpu(
      'mode="custom" match="exact" check="full"',
      `<model fallback="allow" vendor_id="x">Penryn</model><cache level="3"/>
       <feature policy="require" name="x2apic"/>
       <numa><cell id="0" cpus="0" memory="65536" memAccess="shared"/></numa>`,
    ),
    cpu(
      'mode="custom" match="exact" check="full"',
      `<model fallback="allow">Penryn</model><feature policy="require" name="x2apic"/>
       <numa><cell id="0" cpus="0" memory="65536"/></numa>`,
    ),
    [
      'Left out of /domain/cpu: cache.',
      'Left out of /domain/cpu/model: vendor_id.',
      'Left out of /domain/cpu/numa/cell: memAccess.',
    ],
  ],
];
