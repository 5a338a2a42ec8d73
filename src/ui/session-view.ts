import { fail } from '../core/errors/index.js';
import type { GuestPointer, Loaded, Session, StartStep } from '../core/session/index.js';
import { Banners } from './banners.js';
import { LateSession } from './late-session.js';
import { loginDesk, type LoginDesk } from './login-desk.js';
import type { LogWindow } from './log/log-window.js';
import { LOSSES, lossQuestion, type Loss } from './loss.js';
import type { MachineWindow } from './machine-window.js';
import type { DisplayPage } from './pages/display-page.js';
import type { Doing, Progress } from './pages/connecting-page.js';
import { EndedPage } from './pages/ended-page.js';
import { ErrorPage } from './pages/error-page.js';
import { loadingWords } from './loading-words.js';
import { networkQuestion } from './network-question.js';
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

/** What a view needs of its surroundings. */
export interface ViewOptions {
  readonly startSession: (desk: LoginDesk) => Promise<Session>;
  /** Whether a person is asked before what the guest did is lost. */
  readonly confirms: () => Promise<boolean>;
  /** Ends the program, without a question. */
  readonly end: () => void;
}

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
  readonly #options: ViewOptions;
  readonly #unsubscribe: () => void;
  #display: DisplayPage | null = null;
  #log: LogWindow | null = null;
  #isPlaced = false;

  constructor(window: MachineWindow, options: ViewOptions) {
    this.#window = window;
    this.#options = options;
    this.#session = new LateSession(async () => {
      this.#display ??= await this.#loadDisplay();
      return options.startSession(loginDesk(window));
    });
    const begin = (): void => {
      this.begin();
    };
    const quit = (): void => {
      this.quit();
    };
    this.#ended = new EndedPage({ startAgain: begin, quit });
    this.#error = new ErrorPage({
      tryAgain: begin,
      startWithLess: () => void this.#session.startWithLess(),
      startWithoutSavedState: () => void this.#session.startWithoutSavedState(),
      openAnyway: () => void this.#session.allowPrivateAddress(),
      showLog: () => void this.#showLog(),
      quit,
    });
    const askForNetwork = (): void => {
      this.#askForNetwork();
    };
    const restart = this.#asking(LOSSES.restart, begin);
    const powerOff = this.#asking(LOSSES.powerOff, () => void this.#session.powerOff());
    const shrink = (): void => {
      this.#fit();
    };
    this.#banners = new Banners({ quit, restart, askForNetwork, powerOff, shrink });
    for (const banner of this.#banners.widgets) window.addBanner(banner);
    window.header.onNetwork(askForNetwork);
    window.actions.add('restart', restart);
    window.actions.add('shut-down', () => void this.#session.shutDown());
    window.actions.add(
      'reset',
      this.#asking(LOSSES.reset, () => void this.#session.reset()),
    );
    window.actions.add('power-off', powerOff);
    window.actions.add('log', () => void this.#showLog());
    window.actions.addSwitch('mute', (muted) => {
      this.#session.mute(muted);
    });
    window.addActivity(this.#session);
    this.#unsubscribe = this.#session.onChange(() => {
      this.#update();
    });
  }

  /** Starts the machine, or starts it again. */
  begin(): void {
    void this.#session.restart();
  }

  /** Ends the program; a person who would lose something is asked first. */
  quit(): void {
    this.#asking(LOSSES.quit, this.#options.end)();
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
    this.#log?.close();
    this.#display?.close();
    await this.#session.close();
  }

  #update(): void {
    const { state } = this.#session;
    const running = state.phase === 'running';
    this.#window.header.setRunning(running);
    this.#window.header.setScreen(running && this.#display?.ready === true);
    this.#window.header.setSound(running ? state.sound : 'none');
    this.#window.header.setNetworkable(running && state.guestNetwork !== null);
    this.#banners.update(state);
    if (!running) {
      this.#display?.close();
      this.#window.takeBackQuestion();
    }
    switch (state.phase) {
      case 'starting':
        if (state.name !== null) this.#window.setName(state.name);
        this.#showConnecting({
          step: STEPS[state.step],
          progress: state.loaded === null ? null : progressOf(state.loaded),
          trouble: troubleOf(state),
          // The dialog has a Cancel of its own, and is above this one.
          cancellable: !state.loggingIn,
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
        this.#error.show(state);
        this.#window.showPage(this.#error);
        break;
    }
  }

  /** Whether something that a guest did would be lost if its machine ended now. */
  get #hasWork(): boolean {
    return this.#session.state.phase === 'running';
  }

  /** The same, after the person agreed where something would be lost. */
  #asking(loss: Loss, act: () => void): () => void {
    const ask = async (): Promise<void> => {
      const confirms = await this.#options.confirms();
      if (confirms && this.#hasWork) this.#window.ask(lossQuestion(loss, act));
      else act();
    };
    return () => {
      if (this.#hasWork) void ask();
      else act();
    };
  }

  async #showLog(): Promise<void> {
    const { LogWindow } = await import('./log/log-window.js');
    this.#log ??= new LogWindow(
      (signal) => this.#session.followLog(signal),
      () => (this.#log = null),
    );
    this.#log.present();
  }

  /** Once, before the first picture: gtk-vnc keeps cursors that belong to the screen it began on. */
  #chooseScreen({ isAbsolute }: GuestPointer): void {
    if (!this.#isPlaced && !isAbsolute) this.#window.moveToWarpingScreen();
    this.#isPlaced = true;
  }

  #askForNetwork(): void {
    const { state } = this.#session;
    if (state.phase !== 'running' || state.guestNetwork === null) return;
    const question = networkQuestion(state.guestNetwork, (allowed) => {
      void this.#session.allowNetwork(allowed);
    });
    this.#window.ask(question);
  }

  /** Has the window fit the guest's screen, unless it has a size of its own. */
  #fit(): void {
    const size = this.#display?.scaled.naturalSize ?? null;
    if (size !== null) this.#window.fit(size, this.#banners.height);
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
      onResolution: () => {
        this.#fit();
      },
      onPointerGrab: (grabbed) => {
        this.#window.setHint(grabbed ? RELEASE_HINT : null);
      },
      onRelease: () => {
        this.#window.leavePage();
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
