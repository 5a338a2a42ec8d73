import { hasUnprintable } from '../text/index.js';
import { PackageFault } from './zip-fault.js';

/**
 * The name of a member: a plain relative path in UTF-8. Members that nobody asks for must have
 * one too, so that no tool that unpacks a package we accept can be led astray.
 *
 * @throws PackageFault
 */
export function decodeMemberName(bytes: Uint8Array): string {
  let name: string;
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new PackageFault('the name of a member is not UTF-8');
  }
  const parts = name.replace(/\/$/, '').split('/');
  const plain =
    !hasUnprintable(name) &&
    !name.includes('\\') &&
    !/^[a-z]:/i.test(name) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!plain) throw new PackageFault(`a member is called “${name}”`);
  return name;
}
