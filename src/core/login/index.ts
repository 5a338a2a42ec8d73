export type { KeptPassword, Keyring, Site } from './keyring.js';
export type { AskPerson, LoginAnswer, LoginQuestion } from './question.js';
export { RememberingLogin, type RememberingOptions } from './remembering-login.js';
