import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bytesFile,
  startFaultServer,
  type Certificate,
  type Condition,
  type Fault,
  type FaultServer,
} from '../../support/fault-server/index.js';

/** Where a server of a scene has its package. */
const PATH = '/a.nxpk';

/** Where an attack is prepared: a folder and servers that are gone with it. */
export class Scene implements AsyncDisposable {
  readonly #servers: FaultServer[] = [];
  readonly #environment: Record<string, string> = {};

  private constructor(readonly folder: string) {}

  static async prepare(folder: string): Promise<Scene> {
    await mkdir(folder);
    return new Scene(folder);
  }

  /** What the user has set, besides what their desktop has. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  /** Lets links lead to these hosts, by the user's settings. */
  async allowLinksTo(...hosts: readonly string[]): Promise<void> {
    this.#environment['XDG_CONFIG_HOME'] = this.folder;
    await mkdir(join(this.folder, 'vmnetx'));
    await this.write('vmnetx/settings.json', JSON.stringify({ 'links.privateHosts': hosts }));
  }

  /** Has those trusted for whom an authority vouches. */
  async trust(authorityPath: string): Promise<void> {
    const path = join(this.folder, 'authority.pem');
    await copyFile(authorityPath, path);
    this.#environment['SSL_CERT_FILE'] = path;
  }

  /** @returns the path of the file */
  async write(name: string, content: string | Buffer): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  /**
   * Has a server serve a package, with a fault in some of its answers.
   *
   * @returns the package's address
   */
  async serve(
    bytes: Buffer,
    fault: Fault,
    when: Condition = {},
    tls?: Certificate,
  ): Promise<string> {
    const version = { etag: '"one"', lastModified: new Date('2015-01-01T00:00:00Z') };
    const server = await startFaultServer({
      files: { [PATH]: bytesFile(bytes, version) },
      ...(tls === undefined ? {} : { tls }),
    });
    this.#servers.push(server);
    server.faults.add({ when, fault });
    return `${server.origin}${PATH}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server.stop();
  }
}

/** What is opened, by what it is called in the title of its test. */
export type Locations = Readonly<Record<string, string>>;

/** The default export of an attack's `make.ts`. */
export type Make = (scene: Scene) => Promise<Locations>;
