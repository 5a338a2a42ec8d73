export { fileError } from './file-error.js';
export { catalogue, type ErrorCode } from './catalogue.js';
export { fail, VmnetxError, type ErrorContext } from './vmnetx-error.js';
export { ownWords } from './own-words.js';
export { asVmnetxError, messageOf } from './wrap.js';
export { fromPlainError, isPlainError, toPlainError, type PlainError } from './plain.js';
