import type { XmlElement } from '../../xml/index.js';
import { SCREENS, VIDEO_KIB } from '../limits.js';
import type { Video } from '../machine.js';
import { VIDEO_MODELS } from '../vocabulary.js';
import { readPciAddress } from './addresses.js';
import { openElement } from './strict-element.js';

export function readVideo(element: XmlElement): Video {
  const video = openElement(element, { once: ['model', 'address'] });
  const model = openElement(video.requiredChild('model'), {
    attributes: ['type', 'vram', 'ram', 'vgamem', 'heads', 'primary'],
    once: ['acceleration'],
  });
  const type = model.required('type').oneOf(VIDEO_MODELS);
  const ram = model.attribute('ram');
  const vgamem = model.attribute('vgamem');
  if (type !== 'qxl') (ram ?? vgamem)?.refuse('only qxl has such memory');
  // There is only this one, so it is the first.
  model.attribute('primary')?.oneOf(['yes']);
  const acceleration = model.child('acceleration');
  if (acceleration !== null) checkAcceleration(acceleration, type);
  const hasScreens = type === 'qxl' || type === 'virtio';
  return {
    model: type,
    vramKib: model.attribute('vram')?.integer(VIDEO_KIB) ?? null,
    ramKib: ram?.integer(VIDEO_KIB) ?? null,
    vgamemKib: vgamem?.integer(VIDEO_KIB) ?? null,
    heads: model.attribute('heads')?.integer(hasScreens ? SCREENS : { min: 1, max: 1 }) ?? null,
    address: readPciAddress(video.child('address')),
  };
}

/**
 * QEMU never accelerated the old cards, and libvirt has come to refuse the request: it is dropped.
 * The virtio one would really hand what the guest draws to the host's own graphics driver.
 */
function checkAcceleration(element: XmlElement, type: Video['model']): void {
  const acceleration = openElement(element, { attributes: ['accel2d', 'accel3d'] });
  const words = type === 'virtio' ? ['no'] : ['yes', 'no'];
  acceleration.attribute('accel2d')?.oneOf(words);
  acceleration.attribute('accel3d')?.oneOf(words);
}
