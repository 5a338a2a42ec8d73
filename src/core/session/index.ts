export type { Session, SessionState, StartStep } from './session-state.js';
