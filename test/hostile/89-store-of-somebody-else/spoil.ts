import type { Spoilings } from '../support/spoiling.js';

const spoilings: Spoilings = {
  'the whole store': { mount: 'mount --bind /usr "$1/vmnetx"' },
  'its images': { mount: 'mount --bind /usr/share "$1/vmnetx/images"' },
  'the mark of the store': { mount: 'mount --bind /etc/hostname "$1/vmnetx/store.json"' },
};

export default spoilings;
