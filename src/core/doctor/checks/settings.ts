import { VmnetxError } from '../../errors/index.js';
import { readCacheLimit, readPrivateHosts } from '../../settings/index.js';
import { bad, good, type Check } from '../check.js';

export const settings: Check = {
  id: 'settings',
  title: 'Settings',
  needed: true,
  examine: async ({ environment }) => {
    try {
      await readCacheLimit(environment);
      await readPrivateHosts(environment);
      return good('They can be read.', 'What you have set is heeded.');
    } catch (error) {
      // Its own sentence may tell what stands in the file, which is nobody's business.
      const inEnvironment = error instanceof VmnetxError && error.code === 'usage-arguments';
      return inEnvironment
        ? bad(
            'VMNETX_CACHE_LIMIT is not a size.',
            'Machines from web servers are not opened.',
            'Set it to a size such as 20G, or not at all.',
          )
        : bad(
            'The file settings.json cannot be read, or holds something wrong.',
            'Machines from web servers are not opened.',
            'Correct the file, or remove it to get the defaults.',
          );
    }
  },
};
