import { devices, type Change } from './case.js';

const TARGET = '<target type="isa-serial" port="0"><model name="isa-serial"/></target>';

export const PORTS: readonly Change[] = [
  ...['pty', 'tcp', 'unix', 'file', 'dev', 'stdio', 'spicevmc'].map((type): Change => [
    `has serial ports that lead nowhere, instead of to ${type}`,
    devices(`<serial type="${type}"><source path="/dev/pts/3" host="h" service="1"/>
        <protocol type="raw"/><log file="/l"/>${TARGET}</serial>`),
    devices(`<serial type="null">${TARGET}</serial>`),
    [`The serial port leads nowhere instead of to “${type}”: /domain/devices/serial.`],
  ]),
  [
    'has serial ports that leave no record',
    devices('<serial type="null"><log file="/l"/><target port="1"/></serial>'),
    devices('<serial type="null"><target port="1"/></serial>'),
    ['The serial port leads nowhere instead of to “null”: /domain/devices/serial.'],
  ],
  [
    'has parallel ports that lead nowhere',
    devices('<parallel type="dev"><source path="/dev/lp0"/><target port="0"/></parallel>'),
    devices('<parallel type="null"><target port="0"/></parallel>'),
    ['The parallel port leads nowhere instead of to “dev”: /domain/devices/parallel.'],
  ],
  [
    'has its first serial port once',
    devices(`<serial type="null">${TARGET}</serial>
      <console type="pty"><target type="serial" port="0"/></console>
      <console type="pty"><target type="virtio" port="1"/></console>`),
    devices(`<serial type="null">${TARGET}</serial>`),
    [
      'The console is left out: /domain/devices/console[1].',
      'The console is left out: /domain/devices/console[2].',
    ],
  ],
  ...[
    '<console type="pty"/>',
    '<console type="pty"><target type="serial" port="0"/></console>',
  ].map((console): Change => [
    `keeps the serial port that is only written as ${console}`,
    devices(console),
    devices('<serial type="null"/>'),
    ['The console becomes a serial port that leads nowhere: /domain/devices/console.'],
  ]),
  [
    'has no console that is a channel to this computer',
    devices('<console type="pty"><target type="virtio" port="0"/></console>'),
    devices(''),
    ['The console is left out: /domain/devices/console.'],
  ],
];
