import { devices, type Change } from './case.js';

const PCI = '<address type="pci" domain="0" bus="0" slot="3" function="0"/>';
const MAC = '<mac address="52:54:00:12:34:56"/>';
const AT = '/domain/devices';

export const DEVICES: readonly Change[] = [
  [
    'has no way to programs and devices of this computer',
    devices(`<emulator>/home/me/qemu</emulator>
      <controller type="virtio-serial" index="0">${PCI}</controller>
      <controller type="ccid" index="0"/>
      <channel type="unix"><source mode="bind"/><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
      <channel type="spicevmc"><target type="virtio" name="com.redhat.spice.0"/></channel>
      <redirdev bus="usb" type="spicevmc"/><smartcard mode="host"/>
      <tpm model="tpm-crb"><backend type="emulator" version="2.0"/></tpm>
      <audio id="1" type="spice"/><watchdog model="itco" action="reset"/><panic model="isa"/>
      <vsock model="virtio"><cid auto="yes"/></vsock><input type="evdev"><source dev="/dev/input/event1"/></input>`),
    devices(''),
    [
      `The emulator is left out: ${AT}/emulator.`,
      `The controller for channels is left out: ${AT}/controller[1].`,
      `The controller for smart cards is left out: ${AT}/controller[2].`,
      `The channel to programs of this computer is left out: ${AT}/channel[1].`,
      `The channel to programs of this computer is left out: ${AT}/channel[2].`,
      `The redirection of this computer’s USB devices is left out: ${AT}/redirdev.`,
      `The reader of smart cards is left out: ${AT}/smartcard.`,
      `The TPM, whose secrets are on this computer, is left out: ${AT}/tpm.`,
      `The sound of this computer is left out: ${AT}/audio.`,
      `The watchdog is left out: ${AT}/watchdog.`,
      `The device for reports of crashes is left out: ${AT}/panic.`,
      `The socket to this computer is left out: ${AT}/vsock.`,
      `The input device of this computer is left out: ${AT}/input.`,
    ],
  ],
  ...(
    [
      ['network', '<source network="default" portid="1"/>'],
      ['bridge', '<source bridge="br0"/>'],
      ['direct', '<source dev="eth0" mode="bridge"/>'],
      ['ethernet', '<ip address="10.0.0.1"/>'],
      ['vhostuser', '<source type="unix" path="/s" mode="client"/>'],
    ] as const
  ).map(([type, source]): Change => [
    `has its network cards in the user network, instead of ${type}`,
    devices(`<interface type="${type}">${MAC}${source}<model type="e1000"/>${PCI}</interface>`),
    devices(`<interface type="user">${MAC}<model type="e1000"/>${PCI}</interface>`),
    [
      `The network “${type}” becomes the user network “user”: ${AT}/interface.`,
      `Left out of ${AT}/interface: ${type === 'ethernet' ? 'ip' : 'source'}.`,
    ],
  ]),
  [
    'has network cards without settings of this computer',
    devices(`<interface type="user" trustGuestRxFilters="yes">${MAC}<source dev="eth0"/><target dev="vnet0"/>
      <backend type="passt" logFile="/l"/><portForward proto="tcp"/><link state="down"/><boot order="2"/>
      <rom file="/r"/></interface>`),
    devices(`<interface type="user">${MAC}</interface>`),
    [
      `Left out of ${AT}/interface: trustGuestRxFilters, source, target, backend, portForward, link, boot, rom.`,
    ],
  ],
  [
    'shows its display wherever it is run',
    devices(`<graphics type="spice" port="5900" tlsPort="-1" autoport="no" listen="0.0.0.0" passwd="x">
        <listen type="address" address="0.0.0.0"/><image compression="off"/><gl enable="yes"/></graphics>
      <graphics type="vnc" port="-1" autoport="yes"/>
      <graphics type="egl-headless"/>`),
    devices('<graphics type="spice" autoport="yes"/><graphics type="vnc" autoport="yes"/>'),
    [
      `The display “spice” loses its settings: ${AT}/graphics[1].`,
      `The display “egl-headless” is left out: ${AT}/graphics[3].`,
    ],
  ],
  [
    'draws without this computer’s graphics card',
    devices(`<video><driver name="vhostuser"/><model type="virtio" heads="1" primary="yes" blob="on">
      <acceleration accel3d="yes"/><resolution x="800" y="600"/></model>${PCI}</video>`),
    devices(`<video><model type="virtio" heads="1" primary="yes"/>${PCI}</video>`),
    [
      `Left out of ${AT}/video: driver.`,
      `Left out of ${AT}/video/model: blob, acceleration, resolution.`,
    ],
  ],
  [
    'has a sound card and a balloon that are nothing but themselves',
    devices(`<sound model="ich6"><codec type="micro"/><audio id="1"/>${PCI}</sound>
      <memballoon model="virtio" autodeflate="on"><stats period="5"/>${PCI}</memballoon>
      <input type="tablet" bus="usb"><driver iommu="on"/></input>`),
    devices(`<sound model="ich6">${PCI}</sound><memballoon model="virtio">${PCI}</memballoon>
      <input type="tablet" bus="usb"/>`),
    [
      `Left out of ${AT}/sound: codec, audio.`,
      `Left out of ${AT}/memballoon: autodeflate, stats.`,
      `Left out of ${AT}/input: driver.`,
    ],
  ],
  ...(
    [
      ['<backend model="random">/dev/hwrng</backend>', '/dev/hwrng'],
      ['<backend model="random"/>', 'random'],
      ['<backend model="egd" type="udp"><source mode="bind" service="1"/></backend>', 'egd'],
    ] as const
  ).map(([backend, source]): Change => [
    `has random numbers of whoever runs it, instead of ${backend}`,
    devices(`<rng model="virtio"><rate bytes="9"/>${backend}${PCI}</rng>`),
    devices(`<rng model="virtio"><backend model="random">/dev/urandom</backend>${PCI}</rng>`),
    [
      `Left out of ${AT}/rng: rate.`,
      `The random numbers come from /dev/urandom instead of “${source}”: ${AT}/rng.`,
    ],
  ]),
  [
    'may have random numbers of QEMU itself',
    devices('<rng model="virtio"><backend model="builtin"/></rng>'),
    devices('<rng model="virtio"><backend model="builtin"/></rng>'),
    [],
  ],
  [
    'has controllers that are numbered as libvirt would number them',
    devices(`<controller type="usb" model="ich9-ehci1"/>
      <controller type="usb" model="ich9-uhci1"><master startport="0"/></controller>
      <controller type="usb" model="qemu-xhci" ports="15"/>
      <controller type="usb" index="2" model="ich9-ehci1"/>
      <controller type="usb" model="ich9-uhci2"><master startport="2"/></controller>
      <controller type="pci" model="pcie-root-port"/>
      <controller type="pci" model="pcie-root"/>
      <controller type="pci" index="0x2" model="pcie-root-port"/>
      <controller type="pci" model="pcie-root-port"/>
      <controller type="sata"/>`),
    devices(`<controller type="usb" model="ich9-ehci1" index="0"/>
      <controller type="usb" model="ich9-uhci1" index="0"><master startport="0"/></controller>
      <controller type="usb" model="qemu-xhci" ports="15" index="1"/>
      <controller type="usb" index="2" model="ich9-ehci1"/>
      <controller type="usb" model="ich9-uhci2" index="2"><master startport="2"/></controller>
      <controller type="pci" model="pcie-root-port" index="1"/>
      <controller type="pci" model="pcie-root" index="0"/>
      <controller type="pci" index="0x2" model="pcie-root-port"/>
      <controller type="pci" model="pcie-root-port" index="3"/>
      <controller type="sata" index="0"/>`),
    [],
  ],
  [
    'may have USB where its publisher had none',
    devices('<controller type="usb" model="none"/>'),
    devices(''),
    [`The machine is no longer kept from having USB: ${AT}/controller.`],
  ],
];
