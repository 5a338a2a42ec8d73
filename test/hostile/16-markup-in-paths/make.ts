import type { Make } from '../support/scene.js';

const make: Make = () =>
  Promise.resolve({
    escapes: './\u001b[2J\u001b]0;title\u0007',
    'line breaks': './a\nvmnetx: All is well. (no-error)',
    'bidirectional controls': './\u202egnp.exe',
  });

export default make;
