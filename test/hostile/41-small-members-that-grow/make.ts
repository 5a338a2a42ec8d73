import { deflateRawSync } from 'node:zlib';
import { Archive, LOCAL } from '../../core/package/archive.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const claims = async (name: string): Promise<string> => {
    const archive = new Archive(packageOf());
    const { central, local } = archive.member(name);
    archive.setMethod(name, 8);
    archive.bytes.writeUInt32LE(0xffff_fff0, central + 24);
    archive.bytes.writeUInt32LE(0xffff_fff0, local + LOCAL.plainBytes);
    return scene.write(`claims-${name}.nxpk`, archive.bytes);
  };
  const bomb = async (name: 'manifest' | 'domain', member: string): Promise<string> => {
    const packed = deflateRawSync(Buffer.alloc(64 * 2 ** 20));
    const archive = new Archive(packageOf({ [name]: packed }));
    const { central, local } = archive.member(member);
    archive.setMethod(member, 8);
    archive.bytes.writeUInt32LE(1000, central + 24);
    archive.bytes.writeUInt32LE(1000, local + LOCAL.plainBytes);
    return scene.write(`bomb-${name}.nxpk`, archive.bytes);
  };
  return {
    'a manifest of 4 GB': await claims('vmnetx-package.xml'),
    'a domain of 4 GB': await claims('domain.xml'),
    'a manifest that unpacks to 64 MiB': await bomb('manifest', 'vmnetx-package.xml'),
    'a domain that unpacks to 64 MiB': await bomb('domain', 'domain.xml'),
    'a stored domain of 2 MiB': await scene.write(
      'large.nxpk',
      packageOf({ domain: Buffer.alloc(2 ** 21, ' ') }),
    ),
  };
};

export default make;
