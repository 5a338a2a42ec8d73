import { amongDevices, before, DEVICES, type Case } from './case.js';

const SERIAL = '<serial type="null">';

export const networks: readonly Case[] = [
  ...[
    'bridge',
    'network',
    'direct',
    'ethernet',
    'vhostuser',
    'hostdev',
    'mcast',
    'server',
    'udp',
  ].map((type): Case => {
    const to = `<interface type="${type}">`;
    return [to, '<interface type="user">', to, `${DEVICES}/interface/@type`];
  }),
  ...['rtl8139,netdev=x', 'vmxnet3', 'e1000"', 'RTL8139', ''].map((model): Case => {
    const to = `"${model.replace('"', '&quot;')}"`;
    return [`model ${model}`, '"rtl8139"', to, `${DEVICES}/interface/model/@type`];
  }),
  ...['52:54:00:9d:03', '53:54:00:9d:03:2f', '52:54:00:9d:03:2f,x', 'MAC'].map((mac): Case => {
    return [mac, '52:54:00:9D:03:2F', mac, `${DEVICES}/interface/mac/@address`];
  }),
  ...[
    'source bridge="br0"',
    'script path="/x"',
    'backend type="passt"',
    'portForward proto="tcp"',
    'target dev="x"',
    'ip address="::1"',
  ].map((added): Case =>
    before('<mac ', `<${added}/>`, `${DEVICES}/interface/${added.split(' ')[0] ?? ''}`),
  ),
  [
    'two with one address',
    '<video>',
    '<interface type="user"><mac address="52:54:00:9d:03:2f"/></interface><video>',
    `${DEVICES}/interface`,
  ],
  before(
    '<video>',
    '<interface type="user"/>'.repeat(8),
    `${DEVICES}/interface[9]`,
    'nine of them',
  ),
];

export const portsAndDisplays: readonly Case[] = [
  ...['pty', 'file', 'unix', 'tcp', 'udp', 'pipe', 'dev', 'stdio', 'vc', 'spiceport'].map(
    (type): Case => {
      return [`serial ${type}`, SERIAL, `<serial type="${type}">`, `${DEVICES}/serial/@type`];
    },
  ),
  amongDevices(
    '<parallel type="file"><source path="/tmp/x"/></parallel>',
    `${DEVICES}/parallel/source`,
  ),
  amongDevices('<parallel type="dev"/>', `${DEVICES}/parallel/@type`),
  [`a source`, SERIAL, `${SERIAL}<source path="/tmp/x"/>`, `${DEVICES}/serial/source`],
  [
    'a log of its output',
    SERIAL,
    `${SERIAL}<log file="/home/x/.profile"/>`,
    `${DEVICES}/serial/log`,
  ],
  [
    'a fifth serial port',
    '<target port="0"/>',
    '<target port="4"/>',
    `${DEVICES}/serial/target/@port`,
  ],
  amongDevices('<serial type="null"><target port="0"/></serial>', `${DEVICES}/serial`),
  ...[
    'listen="0.0.0.0"',
    'passwd="x"',
    'websocket="5700"',
    'tlsPort="1"',
    'socket="/x"',
    'keymap="de"',
  ].map((added): Case => {
    const name = added.split('=')[0] ?? '';
    return [added, '<graphics ', `<graphics ${added} `, `${DEVICES}/graphics/@${name}`];
  }),
  ['a fixed port', 'port="-1"', 'port="5900"', `${DEVICES}/graphics/@port`],
  ['no autoport', ' autoport="yes"', '', `${DEVICES}/graphics`],
  ['a display of the host', 'type="vnc"', 'type="sdl"', `${DEVICES}/graphics/@type`],
  [
    'a listen element',
    'autoport="yes"/>',
    'autoport="yes"><listen type="address"/></graphics>',
    `${DEVICES}/graphics/listen`,
  ],
  amongDevices('<graphics type="vnc" autoport="yes"/>', `${DEVICES}/graphics`),
  ['a tiny video memory', 'vram="9216"', 'vram="0"', `${DEVICES}/video/model/@vram`],
  ['a huge video memory', 'vram="9216"', 'vram="4194304"', `${DEVICES}/video/model/@vram`],
  ['two screens of a cirrus', 'heads="1"', 'heads="2"', `${DEVICES}/video/model/@heads`],
  ['another card', '"cirrus"', '"vmvga"', `${DEVICES}/video/model/@type`],
  [
    'a card that draws on the host',
    '<model type="cirrus" vram="9216" heads="1"/>',
    '<model type="virtio"><acceleration accel3d="yes"/></model>',
    `${DEVICES}/video/model/acceleration/@accel3d`,
  ],
  [
    'a card in a process of its own',
    '<model type="cirrus"',
    '<driver name="vhostuser"/><model type="virtio"',
    `${DEVICES}/video/driver`,
  ],
  ...['gl enable="yes"', 'filetransfer enable="yes"', 'channel name="main" mode="insecure"'].map(
    (added): Case => [
      `<${added}/>`,
      'autoport="yes"/>',
      `autoport="yes"><${added}/></graphics>`,
      `${DEVICES}/graphics/${added.split(' ')[0] ?? ''}`,
    ],
  ),
  amongDevices('<video><model type="vga"/></video>', `${DEVICES}/video[2]`),
];
