import type { Spoilings } from '../support/spoiling.js';

const spoilings: Spoilings = {
  'for most of the image': { mount: 'mount -t tmpfs -o size=400k,mode=700 none "$1"' },
  'for anything': { mount: 'mount -t tmpfs -o size=4k,mode=700 none "$1"' },
  'for one more file': { mount: 'mount -t tmpfs -o nr_inodes=6,mode=700 none "$1"' },
};

export default spoilings;
