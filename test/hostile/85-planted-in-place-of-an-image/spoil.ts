import { join } from 'node:path';
import { plantsAt } from '../support/plants.js';
import { keptImage } from '../support/kept-image.js';

const NAMES = ['data', 'record', 'lock', '.', 'used', 'image.json'];

export default plantsAt(async (store) => {
  const folder = await keptImage(store);
  return NAMES.map((name) => join(folder, name));
});
