import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '../../../src/core/fetch/index.js';
import { inspectDisk } from '../../../src/core/image/index.js';
import { parseDomain } from '../../../src/core/machine/index.js';
import { openPackage } from '../../../src/core/package/index.js';
import { publishPackage, type PublishProgress } from '../../../src/core/publish/index.js';

describe('publishPackage', () => {
  const { signal } = new AbortController();
  const HOW = {
    savedMemory: true,
    compress: true,
    environment: process.env,
    announce: () => undefined,
    signal,
  };
  let directory = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'publish-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  function writeDomain(format: 'qcow2' | 'raw'): string {
    const disk = join(directory, 'disk');
    execFileSync('qemu-img', ['create', '-q', '-f', format, disk, '8M']);
    const path = join(directory, 'machine.xml');
    writeFileSync(
      path,
      `<domain type="kvm">
        <name>my-machine</name>
        <memory unit="MiB">64</memory>
        <vcpu>1</vcpu>
        <os><type arch="x86_64" machine="pc">hvm</type><boot dev="hd"/></os>
        <devices>
          <disk type="file" device="disk">
            <driver name="qemu" type="${format}"/>
            <source file="${disk}"/>
            <target dev="hda" bus="ide"/>
          </disk>
          <video><model type="vga"/></video>
        </devices>
      </domain>`,
    );
    return path;
  }

  for (const format of ['qcow2', 'raw'] as const) {
    it(`makes a package of a machine with a ${format} disk that a client accepts`, async () => {
      const domainXmlPath = writeDomain(format);
      const outPath = join(directory, 'a.nxpk');
      const progress: PublishProgress[] = [];
      const changes = await publishPackage({
        ...HOW,
        machine: { kind: 'file', path: domainXmlPath },
        name: ' My machine ',
        outPath,
        onProgress: (step) => progress.push(step),
      });
      assert.ok(changes.length > 0);
      const last = progress.at(-1);
      assert.deepEqual([last?.step, last?.fraction], ['writing-package', 1]);
      assert.deepEqual(readdirSync(directory).sort(), ['a.nxpk', 'disk', 'machine.xml']);

      const source = await openSource({ kind: 'file', path: outPath, label: outPath }, { signal });
      try {
        const opened = await openPackage(source, signal);
        assert.equal(opened.name, 'My machine');
        const { disk } = parseDomain(opened.domainXml);
        const place = { offset: opened.disk.offset, length: opened.disk.storedBytes };
        const image = await inspectDisk(source, place, disk.format, signal);
        assert.deepEqual(image, { format: 'qcow2', virtualBytes: 8 * 2 ** 20 });
      } finally {
        await source.close();
      }
    });
  }

  it('leaves nothing when it fails', async () => {
    const domainXmlPath = writeDomain('qcow2');
    const publish = ({
      path = domainXmlPath,
      ...options
    }: {
      readonly path?: string;
      readonly name?: string;
      readonly outPath?: string;
    }) =>
      publishPackage({
        ...HOW,
        machine: { kind: 'file', path },
        name: 'A',
        outPath: join(directory, 'a.nxpk'),
        ...options,
      });
    await assert.rejects(publish({ name: ' ' }), { code: 'usage-arguments' });
    await assert.rejects(publish({ path: join(directory, 'none') }), {
      code: 'host-file-missing',
    });
    await assert.rejects(publish({ outPath: join(directory, 'none', 'a') }), {
      code: 'host-file-missing',
    });
    writeFileSync(join(directory, 'disk'), 'damaged');
    await assert.rejects(publish({}), { code: 'image-unreadable' });
    rmSync(join(directory, 'disk'));
    await assert.rejects(publish({}), { code: 'host-file-missing' });
    assert.deepEqual(readdirSync(directory), ['machine.xml']);
  });
});
