import { stat } from 'node:fs/promises';

/** Where a publisher's machine is described. */
export type MachineLocation =
  | { readonly kind: 'file'; readonly path: string }
  /** A machine of a libvirt on this computer. */
  | { readonly kind: 'libvirt'; readonly name: string; readonly uri: string };

/**
 * What a publisher means by a word: a file that is there, or is called like one, else the name of a
 * machine.
 *
 * @param uri a libvirt on this computer, whose machines are meant in any case; null: the user's own
 */
export async function locateMachine(word: string, uri: string | null): Promise<MachineLocation> {
  if (uri !== null) return { kind: 'libvirt', name: word, uri };
  const isFile = word.includes('/') || word.endsWith('.xml') || (await isFileThere(word));
  return isFile
    ? { kind: 'file', path: word }
    : { kind: 'libvirt', name: word, uri: 'qemu:///session' };
}

/** A machine's folder may have its name. */
async function isFileThere(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => !status.isDirectory(),
    () => false,
  );
}
