import assert from 'node:assert/strict';
import { mkdir, readdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openConnection } from '../../../src/core/libvirt/index.js';
import {
  qemuLogDirectory,
  removeOldQemuLogs,
  takeQemuLog,
} from '../../../src/core/session/qemu-log.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { firmwareMachine, rawDisk } from '../libvirt/firmware-machine.js';
import { LogFolder } from '../log/log-in-folder.js';

const DOMAIN = 'vmnetx-0000000a';

describe('the log of QEMU', function () {
  this.timeout(30_000);
  let folder: LogFolder;
  let environment: Readonly<Record<string, string>>;
  let libvirtLogs = '';

  beforeEach(async () => {
    folder = await LogFolder.make();
    environment = { XDG_CACHE_HOME: join(folder.state, 'cache') };
    libvirtLogs = qemuLogDirectory(environment);
    await mkdir(libvirtLogs, { recursive: true });
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  /** What the session's log has after QEMU's was moved there. */
  async function moved(): Promise<readonly string[]> {
    const { log } = await folder.begin();
    await takeQemuLog(DOMAIN, environment, log);
    await log.close();
    return folder.lines();
  }

  it('is moved line by line, cleaned, with what was put away of it', async () => {
    const name = join(libvirtLogs, `${DOMAIN}.log`);
    await writeFile(name, 'starting up\nhttp://a:b@h/?c\x1b[2J\n\nterminating\n');
    await writeFile(`${name}.0`, 'older');
    await writeFile(join(libvirtLogs, 'vmnetx-0000000b.log'), 'of another');
    assert.deepEqual(await moved(), [
      'qemu info starting up',
      'qemu info http://…@h/?…',
      'qemu info terminating',
    ]);
    assert.deepEqual(await readdir(libvirtLogs), ['vmnetx-0000000b.log']);
  });

  it('is moved by its beginning and its end, where a guest had QEMU say much', async () => {
    const lines = Array.from({ length: 200_000 }, (_, number) => `warning ${number}`);
    await writeFile(join(libvirtLogs, `${DOMAIN}.log`), ['first', ...lines, 'last', ''].join('\n'));
    const written = await moved();
    assert.ok(written.length < 10_000, String(written.length));
    assert.equal(written[0], 'qemu info first');
    assert.equal(written.at(-1), 'qemu info last');
    assert.ok(written.some((line) => /^qemu info … \(\d+ bytes\) …$/.test(line)));
  });

  it('may be missing, and is not looked for behind a link', async () => {
    assert.deepEqual(await moved(), []);
    const secret = join(folder.state, 'secret');
    await writeFile(secret, 'precious');
    await symlink(secret, join(libvirtLogs, `${DOMAIN}.log`));
    assert.ok((await folder.names()).length > 0);
    const { log } = await folder.begin();
    await takeQemuLog(DOMAIN, environment, log);
    await log.close();
    for (const name of await folder.names()) assert.deepEqual(await folder.lines(name), []);
  });

  it('is removed of killed sessions, and not of live ones', async () => {
    const libvirt = await PrivateLibvirt.start();
    const connection = await openConnection({ uri: libvirt.uri });
    try {
      const own = { XDG_CACHE_HOME: libvirt.environment['XDG_CACHE_HOME'] };
      const disk = join(libvirt.folder, 'disk.raw');
      await writeFile(disk, '');
      await truncate(disk, 1 << 20);
      const xml = firmwareMachine('vmnetx-0000000c', rawDisk(disk));
      const domain = await connection.createDomain(xml, { paused: true });
      const logs = qemuLogDirectory(own);
      assert.deepEqual(await readdir(logs), ['vmnetx-0000000c.log']);
      for (const name of [
        'vmnetx-0000000a.log',
        'vmnetx-0000000a.log.0',
        'vmnetx-a.log',
        'other.log',
      ]) {
        await writeFile(join(logs, name), '');
      }
      for (const name of await readdir(logs)) await utimes(join(logs, name), 1, 1);
      await writeFile(join(logs, 'vmnetx-0000000b.log'), 'of a session that has just ended');
      await removeOldQemuLogs(connection, own);
      assert.deepEqual((await readdir(logs)).sort(), [
        'other.log',
        'vmnetx-0000000b.log',
        'vmnetx-0000000c.log',
        'vmnetx-a.log',
      ]);
      await domain.destroy();
    } finally {
      await connection.close().finally(() => libvirt.stop());
    }
  });
});
