import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Disposal } from '../../../src/core/disposal/index.js';
import { Desktop } from '../../../test/e2e/support/desktop.js';
import { endPrograms } from '../../../test/e2e/support/program.js';
import { SoundServer } from '../../../test/support/sound-server.js';
import {
  folderFiles,
  startFaultServer,
  type FaultServer,
} from '../../../test/support/fault-server/index.js';
import { ScreenReader } from '../../../test/support/screen-reading.js';
import { ManagedDisplay } from '../../../test/ui/support/managed-display.js';
import { buildDemoPackage } from '../../demo-package.js';
import type { Look } from './look.js';
import { Subject } from './subject.js';

/** As GNOME sets it, which is no part of this desktop. Nothing moves, so that no picture is half-way. */
const SETTINGS = `[Settings]
gtk-font-name=Cantarell 11
gtk-dialogs-use-header=1
gtk-xft-antialias=1
gtk-xft-rgba=none
gtk-enable-animations=0
`;

const DEMO = 'demo.nxpk';
const ENDING_MILLISECONDS = 20_000;

/** A desktop with a web server, where the program is opened for pictures. */
export class Studio implements AsyncDisposable {
  private constructor(
    private readonly things: Disposal,
    readonly desktop: Desktop,
    /** Serves the demo machine at {@link demoUrl}. */
    readonly server: FaultServer,
    /** The demo machine's package. */
    readonly demoPath: string,
    private readonly sound: SoundServer,
    private readonly display: ManagedDisplay,
    private readonly reader: ScreenReader,
  ) {}

  static async prepare(): Promise<Studio> {
    const demoPath = await buildDemoPackage((text) => process.stderr.write(`${text}\n`));
    const things = new Disposal();
    const own = <Thing extends AsyncDisposable>(name: string, thing: Thing): Thing => {
      things.add(name, ENDING_MILLISECONDS, async () => {
        await thing[Symbol.asyncDispose]();
      });
      return thing;
    };
    try {
      const display = own('display', await ManagedDisplay.start());
      const reader = own('screen reader', new ScreenReader());
      const sound = own('sound server', await SoundServer.start());
      const desktop = own('desktop', await Desktop.prepare());
      const served = join(desktop.folder, 'served');
      await mkdir(served);
      await symlink(demoPath, join(served, DEMO));
      const files = folderFiles(served);
      const server = own('web server', await startFaultServer({ files }));
      things.add('programs', ENDING_MILLISECONDS, endPrograms);
      const settings = join(desktop.folder, 'config', 'gtk-3.0');
      await mkdir(settings);
      await writeFile(join(settings, 'settings.ini'), SETTINGS);
      return new Studio(things, desktop, server, demoPath, sound, display, reader);
    } catch (error) {
      await things.dispose();
      throw error;
    }
  }

  get demoUrl(): string {
    return `${this.server.origin}/${DEMO}`;
  }

  /** Runs `vmnetx` with these words; where `environment` says nothing else, it asks all its questions. */
  open(
    look: Look,
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Subject {
    const surroundings = {
      ...this.desktop.environment,
      ...this.sound.environment,
      ...this.display.environment,
      VMNETX_CONFIRM: '1',
      HOME: this.desktop.folder,
      // Whatever was fetched for other looks.
      XDG_CACHE_HOME: join(this.desktop.folder, `cache-${look.name}`),
      LC_ALL: 'C.UTF-8',
      ...look.environment,
      ...environment,
    };
    return Subject.open(words, surroundings, this.reader, this.display);
  }

  /** Ends what a scene that failed has left. */
  async clear(): Promise<void> {
    await endPrograms();
    this.server.faults.clear();
    await this.server.comeUp();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.things.dispose();
  }
}
