export { loadNative } from './load-native.js';
export {
  cacheDirectory,
  configDirectory,
  requireRuntimeDirectory,
  runtimeDirectory,
  stateDirectory,
  TRIAL_PREFIX,
  type Environment,
} from './places.js';
export { withinProgram } from './program.js';
export { VERSION } from './version.js';
