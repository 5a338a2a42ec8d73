export { startFaultServer, type FaultServer, type FaultServerOptions } from './fault-server.js';
export * as faults from './faults/index.js';
export type { AddedRule, Condition, Rule } from './rules.js';
export type { Answer, Exchange, Fault, SeenRequest } from './answer.js';
export type { LoggedRequest } from './request-log.js';
export type { Traffic } from './connections.js';
export { makeCertificates, type Certificate, type Certificates } from './certificates.js';
export {
  bytesFile,
  computedFile,
  folderFiles,
  generatedBytes,
  generatedFile,
  type Files,
  type ServedFile,
  type Version,
} from './served-file.js';
