/** Members of a package, ours and ignored ones. A package has four; more only cost memory. */
export const MAX_ENTRIES = 10_000;

/** The central directory, in bytes: read as a whole before anything is shown. */
export const MAX_DIRECTORY_BYTES = 4 * 2 ** 20;

/** The manifest, in bytes, unpacked: a few lines. */
export const MAX_MANIFEST_BYTES = 64 * 1024;

/** The domain XML, in bytes, unpacked: libvirt writes some 10 KB. */
export const MAX_DOMAIN_BYTES = 2 ** 20;

/** The name shown for a machine, in characters: it must fit into a window's title. */
export const MAX_NAME_CHARACTERS = 200;
