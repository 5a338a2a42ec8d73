import type { XmlElement } from '../../xml/index.js';
import { MAX_DEVICES_OF_A_KIND, MAX_INTERFACES, PARALLEL_PORT, SERIAL_PORT } from '../limits.js';
import type { Machine } from '../machine.js';
import { GRAPHICS_TYPES, SOUND_MODELS } from '../vocabulary.js';
import { readController } from './controllers.js';
import {
  checkEmulator,
  readGraphics,
  readHub,
  readInput,
  readInterface,
  readMemballoon,
  readParallelPort,
  readRng,
  readSerialPort,
  readSound,
} from './devices.js';
import { readDisk } from './disk.js';
import { refuse } from './refusal.js';
import { openElement } from './strict-element.js';
import type { Value } from './value.js';
import { readVideo } from './video.js';

type Devices = Pick<
  Machine,
  | 'disk'
  | 'controllers'
  | 'interfaces'
  | 'inputs'
  | 'sounds'
  | 'graphics'
  | 'video'
  | 'serialPorts'
  | 'parallelPorts'
  | 'hubs'
  | 'memballoon'
  | 'rng'
>;

/** `<devices>`, with exactly one disk. */
export function readDeviceList(element: XmlElement): Devices & { readonly source: Value } {
  const devices = openElement(element, {
    once: ['emulator', 'video', 'memballoon', 'rng'],
    many: [
      'disk',
      'controller',
      'interface',
      'input',
      'sound',
      'graphics',
      'serial',
      'parallel',
      'hub',
    ],
  });
  const emulator = devices.child('emulator');
  if (emulator !== null) checkEmulator(emulator);
  const [diskElement] = devices.children('disk', 1);
  if (diskElement === undefined) refuse(devices.path, 'the machine has no disk');
  const { disk, source } = readDisk(diskElement);
  const video = devices.child('video');
  const memballoon = devices.child('memballoon');
  const rng = devices.child('rng');
  return {
    source,
    disk,
    controllers: devices.children('controller', MAX_DEVICES_OF_A_KIND).map(readController),
    interfaces: devices.children('interface', MAX_INTERFACES).map(readInterface),
    inputs: devices.children('input', MAX_DEVICES_OF_A_KIND).map(readInput),
    sounds: devices.children('sound', SOUND_MODELS.length).map(readSound),
    graphics: devices.children('graphics', GRAPHICS_TYPES.length).map(readGraphics),
    video: video === null ? null : readVideo(video),
    serialPorts: devices.children('serial', SERIAL_PORT.max + 1).map(readSerialPort),
    parallelPorts: devices.children('parallel', PARALLEL_PORT.max + 1).map(readParallelPort),
    hubs: devices.children('hub', MAX_DEVICES_OF_A_KIND).map(readHub),
    memballoon: memballoon === null ? null : readMemballoon(memballoon),
    rng: rng === null ? null : readRng(rng),
  };
}
