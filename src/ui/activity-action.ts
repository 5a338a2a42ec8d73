import type { Session } from '../core/session/index.js';
import type { ActivityWindow } from './activity/index.js';
import type { Window } from './gtk.js';
import type { WindowActions } from './window-actions.js';

/** Has an action show what a session's machine does with its images: one window, however often. */
export function addActivityAction(
  actions: WindowActions,
  parent: Window,
  session: Pick<Session, 'watchActivity'>,
): void {
  let shown: Promise<ActivityWindow> | null = null;
  const open = async (): Promise<ActivityWindow> => {
    const { ActivityWindow: Activity } = await import('./activity/index.js');
    return new Activity(parent, session, () => {
      shown = null;
    });
  };
  actions.add('activity', () => {
    shown ??= open();
    void shown.then((window) => {
      window.present();
    });
  });
}
