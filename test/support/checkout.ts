import { fileURLToPath } from 'node:url';

/** The checkout's folder; the compiled tests lie in dist/test. */
export const checkout = fileURLToPath(new URL('../../../', import.meta.url));
