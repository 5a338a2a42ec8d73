import { faults } from '../../support/fault-server/index.js';
import type { Make, Scene } from '../support/scene.js';

const make: Make = async (scene) => ({
  noise: await refer(scene, 'noise', Buffer.alloc(300_000, 'noise')),
  'an HTML page': await refer(scene, 'page', Buffer.from('<!DOCTYPE html><p>404')),
  'another reference': await refer(scene, 'reference', Buffer.from('<reference/>')),
  'two bytes': await refer(scene, 'bytes', Buffer.from('PK')),
});

async function refer(scene: Scene, name: string, content: Buffer): Promise<string> {
  const url = await scene.serve(content, faults.lengthNotAnnounced);
  const namespace = 'http://olivearchive.org/xmlns/vmnetx/reference';
  const text = `<reference xmlns="${namespace}"><url>${url}</url></reference>`;
  return scene.write(`${name}.netx`, text);
}

export default make;
