export type { Check, Finding, Host, State } from './check.js';
export { CHECKS } from './checks.js';
export { readDistribution, type Distribution } from './distribution.js';
export { examine, type Result } from './examine.js';
