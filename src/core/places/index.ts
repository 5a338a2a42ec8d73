export { places, type Environment, type Places } from './places.js';
export { withinProgram } from './program.js';
