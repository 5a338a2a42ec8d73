import { Gtk, type Window } from './gtk.js';

/** What Adwaita has no class for: a status page's headline, and its details. */
const RULES = `
.status-icon { opacity: 0.5; }
.status-title { font-size: 150%; font-weight: 800; }
.status-title.long { font-size: 115%; font-weight: 700; }
.status-details { font-family: monospace; font-size: 90%; }
.numeric { font-feature-settings: 'tnum'; }
.login-refused { font-weight: 700; }
.activity-figure { font-size: 140%; font-weight: 700; }
.activity-heading { font-weight: 700; }
.activity-scale { font-size: 85%; }
.guest-screen { background-color: black; }
`;

/** Adds the rules above to the theme of the screen that the window is on. */
export function applyStyle(window: Window): void {
  const provider = new Gtk.CssProvider();
  provider.loadFromData([...Buffer.from(RULES)]);
  Gtk.StyleContext.addProviderForScreen(
    window.getScreen(),
    provider,
    Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION,
  );
}
