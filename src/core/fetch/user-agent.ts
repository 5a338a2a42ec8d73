import { VERSION } from '../places/index.js';

/** What web servers see: `vmnetx/VERSION`. */
export const USER_AGENT = `vmnetx/${VERSION}`;
