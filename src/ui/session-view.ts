import { fail } from '../core/errors/index.js';
import type { GuestPointer, Loaded, Session, StartStep } from '../core/session/index.js';
import { Banners } from './banners.js';
import { LateSession } from './late-session.js';
import type { MachineWindow } from './machine-window.js';
import type { DisplayPage } from './pages/display-page.js';
import type { Doing, Progress } from './pages/connecting-page.js';
import { EndedPage } from './pages/ended-page.js';
import { ErrorPage } from './pages/error-page.js';
import { loadingWords } from './loading-words.js';
import { troubleOf } from './state-words.js';
import { translate } from './translate.js';

const STEPS: Readonly<Record<StartStep, string>> = {
  resolving: translate('Looking for the machine…'),
  checking: translate('Reading the machine’s description…'),
  preparing: translate('Preparing the machine’s disk…'),
  loading: translate('Bringing back the machine’s memory…'),
  booting: translate('Starting the machine…'),
};
const OPENING_SCREEN = translate('Opening the machine’s screen…');
const NO_SCREEN = translate(
  'What the machine sends is no screen. Restart it, or close the window.',
);
const STOPPING = translate('Stopping the machine…');
const RELEASE_HINT = translate('Press Ctrl+Alt to release the pointer');

/**
 * Shows the state of one session in a window, and passes on what the person asks of it. Owns the
 * session.
 */
export class SessionView {
  readonly #window: MachineWindow;
  readonly #session: LateSession;
  readonly #ended: EndedPage;
  readonly #error: ErrorPage;
  readonly #banners: Banners;
  readonly #unsubscribe: () => void;
  #display: DisplayPage | null = null;
  #isPlaced = false;
  #takeBackQuestion: (() => void) | null = null;

  constructor(window: MachineWindow, startSession: () => Promise<Session>, quit: () => void) {
    this.#window = window;
    this.#session = new LateSession(async () => {
      this.#display ??= await this.#loadDisplay();
      return startSession();
    });
    const restart = (): void => {
      this.begin();
    };
    this.#ended = new EndedPage({ startAgain: restart, quit });
    const startWithLess = (): void => {
      void this.#session.startWithLess();
    };
    const readLog = (): Promise<string> => this.#session.readLog();
    this.#error = new ErrorPage({ tryAgain: restart, startWithLess, readLog, quit });
    const askForNetwork = (): void => {
      this.#askForNetwork();
    };
    const powerOff = (): void => {
      void this.#session.powerOff();
    };
    this.#banners = new Banners({ quit, askForNetwork, powerOff });
    for (const banner of this.#banners.widgets) window.addBanner(banner);
    window.header.onRestart(restart);
    window.header.onNetwork(askForNetwork);
    window.actions.add('shut-down', () => void this.#session.shutDown());
    window.actions.add('reset', () => void this.#session.reset());
    window.actions.add('power-off', powerOff);
    this.#unsubscribe = this.#session.onChange(() => {
      this.#update();
    });
  }

  /** Starts the machine, or starts it again. */
  begin(): void {
    void this.#session.restart();
  }

  /** Exit status for ending now: that of the error on the screen or about to be, else 0. */
  get status(): number {
    const { state } = this.#session;
    const outcome = state.phase === 'stopping' ? state.next : state;
    return outcome.phase === 'failed' ? outcome.error.status : 0;
  }

  /** Lets go of the display and closes the session. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#display?.close();
    await this.#session.close();
  }

  #update(): void {
    const { state } = this.#session;
    const running = state.phase === 'running';
    this.#window.header.setRunning(running);
    this.#window.header.setScreen(running && this.#display?.ready === true);
    this.#window.header.setNetworkable(running && state.guestNetwork !== null);
    this.#banners.update(state);
    if (!running) {
      this.#display?.close();
      this.#takeBackQuestion?.();
      this.#takeBackQuestion = null;
    }
    switch (state.phase) {
      case 'starting':
        if (state.name !== null) this.#window.setName(state.name);
        this.#showConnecting({
          step: STEPS[state.step],
          progress: state.loaded === null ? null : progressOf(state.loaded),
          trouble: troubleOf(state),
          cancellable: true,
        });
        break;
      case 'running':
        this.#window.setName(state.name);
        this.#chooseScreen(state.pointer);
        this.#display?.open(state.displaySocket, state.pointer.mostMotions);
        this.#showScreen();
        break;
      case 'stopping':
        this.#showConnecting({ step: STOPPING });
        break;
      case 'ended':
        this.#ended.show(state.how);
        this.#window.showPage(this.#ended);
        break;
      case 'failed':
        this.#error.show(state.error);
        this.#window.showPage(this.#error);
        break;
    }
  }

  /** Once, before the first picture: gtk-vnc keeps cursors that belong to the screen it began on. */
  #chooseScreen({ isAbsolute }: GuestPointer): void {
    if (!this.#isPlaced && !isAbsolute) this.#window.moveToWarpingScreen();
    this.#isPlaced = true;
  }

  #askForNetwork(): void {
    const { state } = this.#session;
    if (state.phase !== 'running' || state.guestNetwork === null) return;
    this.#takeBackQuestion = this.#window.askAboutNetwork(state.guestNetwork, (allowed) => {
      void this.#session.allowNetwork(allowed);
    });
  }

  #showConnecting(doing: Pick<Doing, 'step'> & Partial<Doing>): void {
    this.#window.connecting.show({ progress: null, trouble: '', cancellable: false, ...doing });
    this.#window.showPage(this.#window.connecting);
  }

  /** The guest's screen, or that it is being connected to. */
  #showScreen(): void {
    if (this.#session.state.phase !== 'running') return;
    this.#window.header.setScreen(this.#display?.ready === true);
    if (this.#display?.ready === true) this.#window.showPage(this.#display);
    else {
      const trouble = this.#display?.futile === true ? NO_SCREEN : '';
      this.#showConnecting({ step: OPENING_SCREEN, trouble });
    }
  }

  /** The VNC library is large, and may be missing: it comes when there is a window to say so. */
  async #loadDisplay(): Promise<DisplayPage> {
    const { DisplayPage } = await import('./pages/display-page.js').catch((cause: unknown) => {
      throw fail('host-no-gtk', { library: 'GtkVnc' }, { cause });
    });
    const display = new DisplayPage({
      onConnection: () => {
        this.#showScreen();
      },
      onResolution: (size) => {
        this.#window.fit(size, this.#banners.height);
      },
      onPointerGrab: (grabbed) => {
        this.#window.setHint(grabbed ? RELEASE_HINT : null);
      },
    });
    this.#window.addScreen(display);
    return display;
  }
}

function progressOf(loaded: Loaded): Progress {
  const { done, total } = loaded;
  return { fraction: total > 0 ? Math.min(1, done / total) : 1, words: loadingWords(loaded) };
}
