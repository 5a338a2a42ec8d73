import type { Spoilings } from '../support/spoiling.js';

const spoilings: Spoilings = {
  'with the image in it': { mount: 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"' },
};

export default spoilings;
