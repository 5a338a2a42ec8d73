import { before, type Case } from './case.js';

export const words: readonly Case[] = [
  ['another hypervisor', '"kvm"', '"qemu"', '/domain/@type'],
  ['an id', '<domain ', '<domain id="1" ', '/domain/@id'],
  ...['xp', 'machine,x=y', 'Machine', ''].map((name): Case => {
    return [`name “${name}”`, '>machine<', `>${name}<`, '/domain/name'];
  }),
  ['no name', '<name>machine</name>', '', '/domain'],
  ['no memory', '<memory>524288</memory>', '', '/domain'],
  ...['52FFD75A6F924C30A1B36C2E7E9A7E31', '52FFD75A-6F92-4C30-A1B3-6C2E7E9A7E31,x', 'x"'].map(
    (uuid): Case => [uuid, '52FFD75A-6F92-4C30-A1B3-6C2E7E9A7E31', uuid, '/domain/uuid'],
  ),
  ['another platform', '>hvm<', '>xen<', '/domain/os/type'],
  ['another processor', '"i686"', '"aarch64"', '/domain/os/type/@arch'],
  ...[
    'pc-q35',
    'q35-7.2',
    'pc-q35-7.2,x=y',
    'pc-i440fx-2.12,x=y',
    'pc-2.0',
    'isapc',
    'microvm',
    'none',
    '',
  ].map((type): Case => {
    return [`machine “${type}”`, '"pc-1.0"', `"${type}"`, '/domain/os/type/@machine'];
  }),
  ['firmware', '<os>', '<os firmware="efi">', '/domain/os/@firmware'],
  ['a network boot', '<boot dev="hd"/>', '<boot dev="network"/>', '/domain/os/boot/@dev'],
  ['a boot device twice', '<boot dev="hd"/>', '<boot dev="hd"/>'.repeat(2), '/domain/os'],
  ['a clock', '"localtime"', '"absolute"', '/domain/clock/@offset'],
  [
    'a stray time zone',
    'offset="localtime"',
    'offset="localtime" timezone="UTC"',
    '/domain/clock/@timezone',
  ],
  [
    'a timer',
    '<clock offset="localtime"/>',
    '<clock offset="localtime"><timer name="tsc" track="guest"/></clock>',
    '/domain/clock/timer/@name',
  ],
  ['an end', '<on_crash>restart<', '<on_crash>coredump-restart<', '/domain/on_crash'],
  [
    'ends that exclude each other',
    '<on_poweroff>destroy</on_poweroff>\n  <on_reboot>restart<',
    '<on_poweroff>restart</on_poweroff>\n  <on_reboot>destroy<',
    '/domain/on_poweroff',
  ],
  ['a feature', '<acpi/>', '<smm/>', '/domain/features/smm'],
  ['a filled feature', '<acpi/>', '<acpi state="on"/>', '/domain/features/acpi/@state'],
  ...['0', '-1', '2147483648', '1001', 'fast', '', '1.5'].map((hz): Case => {
    return before(
      '<devices>',
      `<metadata><vmnetx xmlns="http://olivearchive.org/xmlns/vmnetx/domain-metadata"><limit_mouse_rate hz="${hz}"/></vmnetx></metadata>`,
      '/domain/metadata/vmnetx/limit_mouse_rate/@hz',
      `${hz} motions per second`,
    );
  }),
  ['text between elements', '<devices>', 'x<devices>', '/domain'],
  ['an element in a value', '>machine<', '>machine<x/><', '/domain/name/x'],
  ...['name', 'uuid', 'os', 'devices', 'memory', 'vcpu', 'features'].map((name): Case => {
    return before('<clock ', `<${name}/>`, `/domain/${name}[2]`, `<${name}> twice`);
  }),
  before(
    '<clock ',
    `<description>${'x'.repeat(4097)}</description>`,
    '/domain/description',
    'a long description',
  ),
];
