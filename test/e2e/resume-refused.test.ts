import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGuest } from '../../scripts/guest.js';
import { startNginx, type Nginx } from '../support/nginx.js';
import { randomBytes, seeded } from '../support/random.js';
import { ScreenReader } from '../support/screen-reading.js';
import { until } from '../support/wait.js';
import { WindowOnScreen } from '../support/window-on-screen.js';
import { Desktop } from './support/desktop.js';
import { GuestConsole } from './support/guest-console.js';
import { endPrograms, startProgram } from './support/program.js';
import { stateOffset, type MemoryFormat } from './support/saved-memory.js';
import { suspendMachine, type SuspendedMachine } from './support/suspended-machine.js';
import { packSuspended } from './support/suspended-package.js';

const BOOT_MILLISECONDS = 60_000;
const SAYS_MILLISECONDS = 15_000;
const TYPE = 'pc-i440fx-7.2';
/** How many windows are open together. */
const TOGETHER = 5;

/** Memory that must not be used, and what is said of it. */
interface Refused {
  readonly format?: MemoryFormat;
  readonly spoil: (memory: Buffer) => Buffer;
  readonly code: string;
  readonly told: RegExp;
}

const MALFORMED = { code: 'memory-malformed', told: /saved memory is not correct/ };
const DAMAGED = { code: 'memory-damaged', told: /saved memory is damaged/ };
const NOT_LOADED = { code: 'memory-not-loaded', told: /QEMU did not take up/ };

const REFUSED: Readonly<Record<string, Refused>> = {
  'is something else': {
    spoil: (memory) => replaced(memory, 'LibvirtQemudSave', 'LibvirtQemudSafe'),
    ...MALFORMED,
  },
  'was not saved to its end': {
    spoil: (memory) => replaced(memory, 'LibvirtQemudSave', 'LibvirtQemudPart'),
    ...MALFORMED,
  },
  'is cut off in its header': { spoil: (memory) => memory.subarray(0, 60), ...MALFORMED },
  'is cut off in the description': { spoil: (memory) => memory.subarray(0, 2000), ...MALFORMED },
  'is cut off where the state begins': {
    spoil: (memory) => memory.subarray(0, stateOffset(memory) + 5),
    ...DAMAGED,
  },
  'is cut off in the middle': {
    spoil: (memory) => memory.subarray(0, middle(memory)),
    ...NOT_LOADED,
  },
  'is cut off before its end': {
    spoil: (memory) => memory.subarray(0, endOfDevices(memory) - 100),
    ...NOT_LOADED,
  },
  'is cut off in the middle, compressed': {
    format: 'xz',
    spoil: (memory) => memory.subarray(0, middle(memory)),
    ...DAMAGED,
  },
  'is noise in the middle': { spoil: withNoise, ...NOT_LOADED },
  'is noise in the middle, compressed': { format: 'xz', spoil: withNoise, ...DAMAGED },
  'is that of another kind of machine': {
    spoil: (memory) => inState(memory, TYPE, 'pc-i440fx-7.1'),
    code: 'memory-other-machine',
    told: /memory is that of another machine/,
  },
  'is that of a machine with other devices': {
    spoil: (memory) => replaced(memory, "type='vga'", "type='qxl'"),
    code: 'memory-other-machine',
    told: /memory is that of another machine/,
  },
  'was saved with KVM': {
    spoil: (memory) => replaced(memory, "<domain type='qemu'", "<domain type='kvm' "),
    code: 'memory-other-accelerator',
    told: /memory was saved with KVM/,
  },
  'is that of a kind of machine that QEMU lacks': {
    spoil: (memory) => inState(replaced(memory, TYPE, 'pc-i440fx-9.9'), TYPE, 'pc-i440fx-9.9'),
    code: 'memory-type-missing',
    told: /lacks the kind of machine whose memory was saved, pc-i440fx-9\.9/,
  },
  'needs a program that is missing': {
    format: 'lzop',
    spoil: (memory) => memory,
    code: 'host-program-missing',
    told: /program lzop is not installed/,
  },
};

function replaced(memory: Buffer, before: string, after: string): Buffer {
  assert.equal(before.length, after.length);
  const at = memory.indexOf(before);
  assert.ok(at >= 0, before);
  const copy = Buffer.from(memory);
  copy.write(after, at);
  return copy;
}

function inState(memory: Buffer, before: string, after: string): Buffer {
  const offset = stateOffset(memory);
  const state = replaced(memory.subarray(offset), before, after);
  return Buffer.concat([memory.subarray(0, offset), state]);
}

/** Of the state, from the beginning of the saved memory. */
function middle(memory: Buffer): number {
  return Math.floor((stateOffset(memory) + memory.length) / 2);
}

/** What follows is a description, for people, that QEMU does without. */
function endOfDevices(memory: Buffer): number {
  return memory.lastIndexOf('"page_size"');
}

function withNoise(memory: Buffer): Buffer {
  const copy = Buffer.from(memory);
  randomBytes(20_000, seeded(1)).copy(copy, middle(memory));
  return copy;
}

describe('a machine whose saved memory is not to be used', function () {
  this.timeout(180_000);
  let desktop: Desktop;
  let nginx: Nginx;
  let reader: ScreenReader;
  let machine: SuspendedMachine;
  let served: string;

  before(async () => {
    desktop = await Desktop.prepare();
    reader = new ScreenReader();
    served = join(desktop.folder, 'served');
    await mkdir(served);
    nginx = await startNginx(served);
    machine = await suspendMachine({
      guest: await buildGuest('firmware'),
      folder: desktop.folder,
      memoryMib: 16,
      formats: ['raw', 'xz', 'lzop'],
      use: (line) => line.see(/FIRMWARE-READY/, BOOT_MILLISECONDS),
    });
  });

  afterEach(endPrograms);

  after(async () => {
    await reader[Symbol.asyncDispose]();
    await nginx.stop();
    await desktop[Symbol.asyncDispose]();
  });

  async function pack(
    name: string,
    { format = 'raw', spoil }: Pick<Refused, 'format' | 'spoil'>,
  ): Promise<string> {
    const memory = join(desktop.folder, `${name}.memory`);
    await writeFile(memory, spoil(await readFile(machine.memory.get(format) ?? '')));
    await packSuspended(served, { ...machine, name, memory });
    return `${nginx.origin}/${name}.nxpk`;
  }

  /** A folder with the programs of this computer but one. */
  async function programsWithout(missing: string): Promise<string> {
    const folder = join(desktop.folder, `without-${missing}`);
    await mkdir(folder);
    const programs = await readdir('/usr/bin');
    const others = programs.filter((name) => name !== missing);
    await Promise.all(others.map((name) => symlink(`/usr/bin/${name}`, join(folder, name))));
    return `${folder}:/usr/sbin`;
  }

  async function bootsFromDisk(number: number, what: string, refused: Refused): Promise<void> {
    const name = `refused-${number}`;
    const location = await pack(name, refused);
    const consolePath = join(desktop.folder, `console-${number}`);
    const environment = {
      ...desktop.environment,
      VMNETX_CONSOLE: consolePath,
      ...(refused.code === 'host-program-missing' ? { PATH: await programsWithout('lzop') } : {}),
    };
    const program = startProgram('vmnetx', [location], environment);
    const window = new WindowOnScreen(program.pid, reader);
    try {
      await hasBooted(consolePath);
      const says = async (): Promise<boolean> =>
        (await window.elements()).some(({ name: text }) => refused.told.test(text));
      await until(`the window says so: ${refused.told}`, says, SAYS_MILLISECONDS);
    } finally {
      program.kill('SIGTERM');
    }
    assert.deepEqual(await program.ended, { status: 0, stdout: '', stderr: '' }, what);
    const log = await logWith(`name=${name} `);
    assert.match(log, new RegExp(`code=${refused.code}\\b`), what);
  }

  /** The console of the machine that was to take the memory up has ended then. */
  async function hasBooted(consolePath: string): Promise<void> {
    const boots = async (): Promise<boolean> => {
      using line = await GuestConsole.open(consolePath);
      return await line.see(/FIRMWARE-READY/, BOOT_MILLISECONDS).then(
        () => true,
        () => false,
      );
    };
    await until('the guest boots', boots, BOOT_MILLISECONDS);
  }

  /** The log of the session that names something. */
  async function logWith(text: string): Promise<string> {
    const folder = join(desktop.folder, 'state/vmnetx/log');
    const logs = (await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8'));
    return (await Promise.all(logs)).find((log) => log.includes(text)) ?? '';
  }

  const kinds = Object.entries(REFUSED);
  for (let first = 0; first < kinds.length; first += TOGETHER) {
    const group = kinds.slice(first, first + TOGETHER);
    it(`boots from its disk and says so where that ${group.map(([what]) => what).join('; ')}`, async () => {
      await Promise.all(
        group.map(([what, refused], index) => bootsFromDisk(first + index, what, refused)),
      );
      assert.deepEqual(await desktop.remains(), []);
    });
  }

  it('boots from its disk when somebody leaves its memory out, because the machine crashed', async () => {
    const location = await pack('crashing', { spoil: (memory) => memory });
    const consolePath = join(desktop.folder, 'console-crashing');
    const environment = { ...desktop.environment, VMNETX_CONSOLE: consolePath };
    const program = startProgram('vmnetx', [location], environment);
    const window = new WindowOnScreen(program.pid, reader);
    await window.element('Screen of the machine');
    const processes = await desktop.processes();
    const qemu = processes.find(({ words }) => /^\S*qemu-system/.test(words));
    assert.ok(qemu !== undefined);
    process.kill(qemu.pid, 'SIGKILL');
    await window.press('Start Without the Saved State');
    await hasBooted(consolePath);
    program.kill('SIGTERM');
    assert.equal((await program.ended).status, 0);
  });
});
