export { formatManifest, MANIFEST_NAME } from './manifest.js';
export { openPackage, type Member, type Package } from './open-package.js';
