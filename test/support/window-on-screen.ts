import { output } from './programs.js';
import { readScreen, type ScreenReader } from './screen-reading.js';
import { eventually } from './wait.js';

/** On a computer that has other things to do. */
const SHOWN_MILLISECONDS = 20_000;

/** In pixels of the screen. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Something on the screen, as a screen reader knows it. */
export interface Element {
  readonly role: string;
  readonly name: string;
  /** What is said of it besides. */
  readonly description: string;
  readonly sensitive: boolean;
  /** Whether it can have the keyboard. */
  readonly focusable: boolean;
  readonly focused: boolean;
  /** Whether it is in the window that keys go to. */
  readonly active: boolean;
  readonly actions: number;
  /** Of what shows one, such as a progress bar. */
  readonly value: number | null;
  readonly place: Rectangle;
}

/** The real window of a process, read and pressed as a screen reader does. */
export class WindowOnScreen {
  /** @param reader looks at the screen; without one each look starts a process */
  constructor(
    readonly pid: number,
    private readonly reader: Pick<ScreenReader, 'read'> = { read: readScreen },
  ) {}

  /** The X11 id of the window, as soon as it is on the screen. */
  id(): Promise<string> {
    const search = ['search', '--onlyvisible', '--pid', String(this.pid)];
    return eventually(
      'the window is on the screen',
      () => output('xdotool', ...search).catch(() => undefined),
      SHOWN_MILLISECONDS,
    );
  }

  async elements(): Promise<readonly Element[]> {
    const elements: unknown = JSON.parse(await this.#screenReader());
    return isElements(elements) ? elements : [];
  }

  /** Waits until an element of this name is on the screen. */
  element(name: string): Promise<Element> {
    return eventually(
      `“${name}” is on the screen`,
      // A dialog that goes while somebody looks makes them look again.
      async () => (await this.elements().catch(() => [])).find((one) => one.name === name),
      SHOWN_MILLISECONDS,
    );
  }

  async press(name: string): Promise<void> {
    await eventually(
      `“${name}” can be pressed`,
      () => this.#screenReader('press', name).catch(() => undefined),
      SHOWN_MILLISECONDS,
    );
  }

  #screenReader(...words: string[]): Promise<string> {
    return this.reader.read(String(this.pid), ...words);
  }
}

/** Our own program writes the list: that it is one is all that can go wrong. */
function isElements(value: unknown): value is readonly Element[] {
  return Array.isArray(value);
}
