import { truncate } from 'node:fs/promises';
import type { Make } from '../support/scene.js';

const OPEN = '<reference xmlns="http://olivearchive.org/xmlns/vmnetx/reference">';
const MANY = 100_000;

const make: Make = async (scene) => {
  const gigabyte = await scene.write('gigabyte.netx', OPEN);
  // Sparse: it takes no space.
  await truncate(gigabyte, 2 ** 30);
  const attributes = Array.from({ length: 4000 }, (_, n) => `a${n}="1"`).join(' ');
  return {
    'a gigabyte': gigabyte,
    'nested 100,000 deep': await scene.write('deep.netx', OPEN + '<url>'.repeat(MANY)),
    'nested within the limit of bytes': await scene.write('d.netx', OPEN + '<u>'.repeat(20_000)),
    'many elements': await scene.write('many.netx', `${OPEN}${'<u/>'.repeat(15_000)}</reference>`),
    'many attributes': await scene.write('a.netx', `${OPEN}<url ${attributes}/></reference>`),
    'many comments': await scene.write('c.netx', `${OPEN}${'<!---->'.repeat(9000)}</reference>`),
  };
};

export default make;
