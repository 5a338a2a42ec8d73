import type { LoginAnswer, LoginQuestion } from '../core/login/index.js';
import type { Session } from '../core/session/index.js';
import { VERSION, withinProgram } from '../core/places/index.js';
import { cleanText } from '../core/text/index.js';
import { APPLICATION_ID } from './gtk-loop.js';
import { Gtk, type Widget, type Window } from './gtk.js';
import { showAbout } from './about-dialog.js';
import { addActivityAction } from './activity-action.js';
import { FullScreen } from './full-screen.js';
import { Header } from './header.js';
import { ConnectingPage } from './pages/connecting-page.js';
import type { LoginDialog } from './login-dialog.js';
import type { DisplayPage } from './pages/display-page.js';
import type { Page } from './pages/page.js';
import { ask, type Question } from './question.js';
import { addScalingActions } from './scaling-actions.js';
import { addScreenActions } from './screen-actions.js';
import { onReturn } from './keyboard-release.js';
import { handleShortcuts } from './shortcuts.js';
import { showShortcuts } from './shortcuts-window.js';
import { applyStyle } from './style.js';
import { Toast } from './toast.js';
import { translate } from './translate.js';
import { warpingScreen } from './warping-screen.js';
import { WindowActions } from './window-actions.js';
import { fittingSize, type Size } from './window-fitting.js';
import { isMaximized } from './window-state.js';

/** Before the guest's resolution is known: room for a common one. */
const FIRST_SIZE: Size = { width: 800, height: 600 };
const LONGEST_NAME = 200;

/**
 * The frame around the pages: header bar, banners, and a stack of which one page is visible. It
 * comes with the connecting page alone, so that it is on the screen before anything else is loaded.
 */
export class MachineWindow {
  readonly connecting: ConnectingPage;
  readonly header: Header;
  readonly actions: WindowActions;
  readonly toast: Toast;
  readonly #window: Window;
  readonly #column = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL });
  readonly #fullScreen: FullScreen;
  readonly #stack = new Gtk.Stack({
    transitionType: Gtk.StackTransitionType.CROSSFADE,
    transitionDuration: 150,
  });
  readonly #pages = new Set<Page>();
  #takeBack: () => void = () => undefined;
  #shown: Page | null = null;
  #loginDialog: LoginDialog | null = null;
  #lastSize = FIRST_SIZE;

  constructor(title: string, quit: () => void) {
    this.#window = new Gtk.Window({
      type: Gtk.WindowType.TOPLEVEL,
      defaultWidth: FIRST_SIZE.width,
      defaultHeight: FIRST_SIZE.height,
    });
    this.actions = new WindowActions(this.#window);
    this.header = new Header(this.#window, this.actions, quit);
    this.connecting = new ConnectingPage(translate('Starting…'), quit);
    this.#window.setTitlebar(this.header.widget);
    const overlay = new Gtk.Overlay();
    const toggle = (): void => {
      this.#fullScreen.toggle();
    };
    this.toast = new Toast(overlay);
    this.#fullScreen = new FullScreen(this.#window, overlay, toggle, quit);
    this.#addActions(toggle);
    for (const bar of [this.header.widget, this.#fullScreen.bar]) {
      onReturn(bar, () => this.#shown?.focus());
    }
    this.#window.on('set-focus', (widget) => {
      if (widget === null) this.#keepKeyboard();
    });
    this.setName(title);
    this.#window.on('delete-event', () => {
      quit();
      return true;
    });
    this.#column.packEnd(this.#stack, true, true, 0);
    overlay.add(this.#column);
    this.#window.add(overlay);
    this.showPage(this.connecting);
    applyStyle(this.#window);
  }

  /** Puts the window on the screen; fulfilled once it is there. */
  appear(): Promise<void> {
    return new Promise((resolve) => {
      this.#window.once('map-event', () => {
        resolve();
        return false;
      });
      this.#window.showAll();
      // The keyboard never starts out on a button that closes the window.
      this.#window.setFocus(null);
    });
  }

  /** Also before it appears. */
  takeWholeScreen(): void {
    this.#window.fullscreen();
  }

  /** Moves to where programs may move the pointer, if there is such a screen. */
  moveToWarpingScreen(): void {
    const screen = warpingScreen(this.#window);
    if (screen === null) return;
    this.#window.setScreen(screen);
    applyStyle(this.#window);
    this.complete();
  }

  /** What comes after the first picture of the window on a screen: its icon has to be rendered. */
  complete(): void {
    const icons = Gtk.IconTheme.getForScreen(this.#window.getScreen());
    icons.appendSearchPath(withinProgram('data/icons'));
    this.#window.setIconName(APPLICATION_ID);
  }

  /** Shows the name, as plain text and without what could hide or reorder it. */
  setName(name: string): void {
    const shown = cleanText(name, LONGEST_NAME);
    this.header.setTitle(shown);
    this.#fullScreen.setTitle(shown);
    this.#window.setTitle(shown);
  }

  /** Shows a passing hint, or null for none. */
  setHint(hint: string | null): void {
    this.header.setHint(hint);
    this.#fullScreen.setHint(hint);
  }

  /** Asks something, in the place of what was asked before. */
  ask(question: Question): void {
    this.takeBackQuestion();
    this.#takeBack = ask(this.#window, question);
  }

  /** Nobody need answer any more. */
  takeBackQuestion(): void {
    this.#takeBack();
  }

  /** Asks who logs in to a web server; null for nobody. */
  async askToLogIn(question: LoginQuestion, signal: AbortSignal): Promise<LoginAnswer | null> {
    const { LoginDialog } = await import('./login-dialog.js');
    this.#loginDialog ??= new LoginDialog(this.#window);
    return this.#loginDialog.ask(question, signal);
  }

  /** Has the window's actions send keys to this screen, and make pictures of it. */
  addScreen(display: DisplayPage): void {
    const machineName = (): string => this.#window.getTitle() ?? '';
    addScreenActions(this.actions, display, {
      window: this.#window,
      toast: this.toast,
      machineName,
    });
    this.header.setScreen(false);
    addScalingActions(this.actions, display.scaled, () => {
      const size = display.scaled.naturalSize;
      if (size !== null) this.#takeSizeOf(size);
    });
  }

  /** Has the window's actions show what becomes of the machine's disk. */
  addActivity(session: Pick<Session, 'watchActivity'>): void {
    addActivityAction(this.actions, this.#window, session);
  }

  addBanner(banner: Widget): void {
    this.#column.packStart(banner, false, false, 0);
  }

  /** Shows a page and gives it the keyboard; one that is shown already takes it from nothing else. */
  showPage(page: Page): void {
    if (!this.#pages.has(page)) {
      this.#pages.add(page);
      page.widget.show();
      this.#stack.addNamed(page.widget, page.name);
    }
    if (page === this.#shown) return;
    this.#shown = page;
    this.#stack.setVisibleChildName(page.name);
    page.focus();
  }

  /** Leads the keyboard out of the page, to the menu; Escape leads it back. */
  leavePage(): void {
    this.#window.setFocusVisible(true);
    (this.#fullScreen.isOn ? this.#fullScreen : this.header).focus();
  }

  /**
   * Resizes the window so that the guest's screen fits without scaling, if there is room; not if a
   * person, or the window manager, has given the window a size of its own.
   */
  fit(guest: Size, bannerHeight: number): void {
    const [width, height] = this.#window.getSize();
    const ours = width === this.#lastSize.width && height === this.#lastSize.height;
    if (ours && !isMaximized(this.#window)) this.#resizeTo(guest, bannerHeight);
  }

  /** With all the windows and dialogs that came after it. */
  hide(): void {
    for (const window of Gtk.Window.listToplevels()) window.hide();
  }

  /** What the window does by itself, whatever the machine does. */
  #addActions(toggleFullScreen: () => void): void {
    this.actions.add('full-screen', toggleFullScreen);
    this.actions.add('keyboard-shortcuts', () => {
      showShortcuts(this.#window);
    });
    this.actions.add('about', () => {
      showAbout(this.#window, VERSION);
    });
    handleShortcuts(this.#window, this.actions);
  }

  /** What has the keyboard may go, such as a banner: then it is the page's again. */
  #keepKeyboard(): void {
    setImmediate(() => {
      if (this.#window.getFocus() === null) this.#shown?.focus();
    });
  }

  /** Makes it a window of the size of what the pages show, whatever it was before. */
  #takeSizeOf(screen: Size): void {
    const bannerHeight = this.#column.getAllocatedHeight() - this.#stack.getAllocatedHeight();
    this.#window.unfullscreen();
    this.#window.unmaximize();
    this.#resizeTo(screen, bannerHeight);
  }

  /** Gives the window the size in which this fits, as far as the monitor has room. */
  #resizeTo(screen: Size, bannerHeight: number): void {
    const [, headerHeight] = this.header.widget.getPreferredHeight();
    const work = this.#workArea();
    const around = bannerHeight + headerHeight;
    const { width, height } = fittingSize(screen, {
      width: work.width,
      height: work.height - around,
    });
    this.#lastSize = { width, height: height + bannerHeight };
    this.#window.resize(this.#lastSize.width, this.#lastSize.height);
  }

  #workArea(): Size {
    const surface = this.#window.getWindow();
    const monitor = surface === null ? null : surface.getDisplay().getMonitorAtWindow(surface);
    return monitor === null ? FIRST_SIZE : monitor.getWorkarea();
  }
}
