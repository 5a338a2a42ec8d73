import assert from 'node:assert/strict';
import { open, truncate } from 'node:fs/promises';
import { MountedImages, Program } from './mounted-images.js';

/** Maps a file privately as QEMU does, changes a byte, and prints the hash of what it sees. */
const MAPPING = `
import hashlib, mmap, os, sys
file = os.open(sys.argv[1], os.O_RDWR)
size = os.fstat(file).st_size
view = mmap.mmap(file, size, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE)
shared = mmap.mmap(file, size, mmap.MAP_SHARED, mmap.PROT_READ)
assert view[:] == shared[:]
print(hashlib.sha256(view[:]).hexdigest())
view[5000] = view[5000] ^ 255
assert view[:] != shared[:]
`;

describe('a memory file', () => {
  let images: MountedImages;
  beforeEach(async () => {
    images = await MountedImages.create({ name: 'memory' });
  });
  afterEach(() => images.close());

  it('opens for reading and writing, but refuses every change', async () => {
    const file = await open(images.path, 'r+');
    try {
      const refused = { code: 'EPERM' };
      await assert.rejects(file.write(Buffer.alloc(4096), 0, 4096, 0), refused);
      await assert.rejects(file.truncate(0), refused);
      await assert.rejects(file.truncate(images.origin.length), refused);
      await assert.rejects(file.chmod(0o777), refused);
      await assert.rejects(truncate(images.path, 5), refused);
      await assert.rejects(open(images.path, 'w'), refused);
      assert((await file.readFile()).equals(images.origin));
    } finally {
      await file.close();
    }
    for (const how of ['--punch-hole', '--zero-range', '--keep-size', '--verbose']) {
      const change = new Program(
        'fallocate',
        how,
        '--offset',
        '0',
        '--length',
        '8192',
        images.path,
      );
      const { status, errors } = await change.ended;
      assert.notEqual(status, 0, how);
      assert.match(errors, /Operation not permitted/, how);
    }
    assert((await images.pristineContent()).equals(images.origin));
  });

  it('can be mapped, and a private mapping changes nothing', async () => {
    const { status, output, errors } = await new Program('python3', '-c', MAPPING, images.path)
      .ended;
    assert.equal(status, 0, errors);
    const { createHash } = await import('node:crypto');
    const expected = createHash('sha256').update(images.origin).digest('hex');
    assert.equal(output.toString().trim(), expected);
    assert((await images.pristineContent()).equals(images.origin));
  });
});
