export { prepareDisk, type DiskToPrepare } from './prepare-disk.js';
export { publishPackage, type Publication, type PublishProgress } from './publish.js';
export { readDomainFile } from './read-domain-file.js';
export { writeThroughScratch } from './scratch.js';
export { writePackage, type PackageToWrite } from './write-package.js';
export { writeReference } from './write-reference.js';
