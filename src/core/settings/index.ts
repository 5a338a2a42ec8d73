export {
  readCacheLimit,
  writeCacheLimit,
  type CacheLimit,
  type LimitSource,
} from './cache-limit.js';
export { readConfirmQuit } from './confirm-quit.js';
export { readLoginName, writeLoginName } from './login-name.js';
export { readNetworkAnswer, writeNetworkAnswer } from './network-answer.js';
export {
  parsePrivateHost,
  privateHostsSetting,
  readPrivateHosts,
  type PrivateHost,
} from './private-hosts.js';
export { parseSize } from './size.js';
