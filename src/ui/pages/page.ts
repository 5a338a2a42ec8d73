import type { Widget } from '../gtk.js';

/** One of the pictures that the window can show; the window's stack owns the widget. */
export interface Page {
  readonly name: 'connecting' | 'display' | 'error' | 'ended';
  readonly widget: Widget;
  /** Moves the keyboard's focus to what a person wants next on this page. */
  focus(): void;
}
