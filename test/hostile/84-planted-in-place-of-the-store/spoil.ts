import { join } from 'node:path';
import { plantsAt } from '../support/plants.js';

const NAMES = ['store.json', '.', 'lock', 'images', 'CACHEDIR.TAG'];

export default plantsAt((store) => Promise.resolve(NAMES.map((name) => join(store, name))));
