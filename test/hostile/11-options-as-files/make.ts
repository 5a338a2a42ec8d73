import type { Make } from '../support/scene.js';

const make: Make = async (scene) => {
  const names = ['--help', '-c', 'info', '--json', '--', '-'];
  for (const name of names) await scene.write(name, 'the content of a file');
  return Object.fromEntries(names.map((name) => [name, name]));
};

export default make;
