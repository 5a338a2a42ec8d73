import type { Session } from '../core/session/index.js';
import { endWithin, onEndingSignals, whenAborted } from './ending.js';
import type { LoginDesk } from './login-desk.js';
import { MachineWindow } from './machine-window.js';

/**
 * How long the end of a machine may take, in milliseconds: the whole process is promised to be gone
 * within 5 s.
 */
const LONGEST_END = 4500;

export interface WindowOptions {
  /** Stands in the header bar until the machine's name is known; plain text. */
  readonly title: string;
  /** Whether the window has the whole screen at first. */
  readonly fullScreen: boolean;
  /**
   * Loads what a session needs and begins one; called when the window is on the screen, and again
   * when a person tries again after it was rejected. Must not wait for the machine: what that
   * does shows in the session's state. The window closes the session.
   *
   * @param desk for whoever has to log in to a web server
   */
  readonly startSession: (desk: LoginDesk) => Promise<Session>;
  /** Whether a person is asked before what the guest did is lost; never rejected. */
  readonly confirms: () => Promise<boolean>;
}

/**
 * Shows a machine until the window is closed or SIGINT, SIGTERM or SIGHUP arrives. Must be called
 * inside GTK's loop (gtk-loop.ts). When it returns the session is closed and the window gone.
 *
 * @returns the exit status: 0, or that of the error on the screen when the window was closed
 * @throws VmnetxError `internal-error` when the session took too long to close, or what
 *   `Session.close` is rejected with
 */
export async function openWindow({
  title,
  fullScreen,
  startSession,
  confirms,
}: WindowOptions): Promise<number> {
  const ending = new AbortController();
  const end = (): void => {
    ending.abort();
  };
  let quit = end;
  const ended = whenAborted(ending.signal);
  const ignoreSignals = onEndingSignals(end);
  const window = new MachineWindow(title, () => {
    quit();
  });
  if (fullScreen) window.takeWholeScreen();
  try {
    await Promise.race([window.appear(), ended]);
    if (ending.signal.aborted) return 0;
    const { SessionView } = await import('./session-view.js');
    const view = new SessionView(window, { startSession, confirms, end });
    quit = () => {
      view.quit();
    };
    view.begin();
    window.complete();
    await ended;
    const { status } = view;
    window.hide();
    await endWithin(LONGEST_END, view.close());
    return status;
  } finally {
    ignoreSignals();
    // Not destroyed: GDK complains if the window was mapped a moment ago, and the process ends anyway.
    window.hide();
  }
}
