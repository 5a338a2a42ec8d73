export { parseLocation, type Location } from './location.js';
export { type Credentials, PackageUrl, parsePackageUrl } from './package-url.js';
export { formatReference, MAX_REFERENCE_BYTES, parseReference } from './reference.js';
