export { locateMachine, type MachineLocation } from './machine-location.js';
export { prepareDisk, type DiskToPrepare } from './prepare-disk.js';
export { publishPackage, type Publication, type PublishProgress } from './publish.js';
export { writeThroughScratch } from './scratch.js';
export { validateMachine, type Validation } from './validate.js';
export { writePackage, type PackageToWrite } from './write-package.js';
export { writeReference } from './write-reference.js';
