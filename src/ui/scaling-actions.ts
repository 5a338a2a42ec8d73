import type { ScaledScreen } from './scaled-screen.js';
import { ORIGINAL, type Scaling } from './screen-scaling.js';
import type { WindowActions } from './window-actions.js';

/** What makes sense only while there is a screen. */
export const SCALING_ACTIONS = [
  'scaling',
  'zoom-in',
  'zoom-out',
  'smooth-scaling',
  'resize-window',
] as const;

/** How the menu names what it offers. */
export const FIT = targetOf('fit');
export const ORIGINAL_SIZE = targetOf(ORIGINAL);

/**
 * Adds what decides how large the guest's screen is shown. None has a key: all that are usual for it
 * are those of programs in the guest, too.
 */
export function addScalingActions(
  actions: WindowActions,
  screen: ScaledScreen,
  resizeWindow: () => void,
): void {
  const show = actions.addRadio('scaling', targetOf(screen.scaling), (target) => {
    screen.scaleTo(target === FIT ? 'fit' : ORIGINAL);
  });
  actions.add('zoom-in', () => {
    show(targetOf(screen.zoom('in')));
  });
  actions.add('zoom-out', () => {
    show(targetOf(screen.zoom('out')));
  });
  actions.addSwitch('smooth-scaling', (on) => {
    screen.setSmooth(on);
  });
  actions.add('resize-window', resizeWindow);
}

function targetOf(scaling: Scaling): string {
  return String(scaling);
}
