import { memoryImage, SAVED_XML, suspendedPackages } from '../support/memory-image.js';
import type { Make } from '../support/scene.js';

const described = (xml: string): Buffer => memoryImage({ xml });

const make: Make = (scene) =>
  suspendedPackages(scene, {
    'a document type': described(
      `<!DOCTYPE domain [<!ENTITY x SYSTEM "file:///etc/passwd">]>${SAVED_XML}`,
    ),
    'an entity': described(SAVED_XML.replace('other', () => '&x;')),
    'an instruction': described(`<?x y?>${SAVED_XML}`),
    'nested without end': described('<domain>'.repeat(15_000)),
    'elements without end': described(`<domain>${'<a/>'.repeat(25_000)}</domain>`),
    text: described('domain'),
    'another document': described('<network/>'),
  });

export default make;
