/** How a picture is to look: a theme, and a language or the direction in which it is read. */
export interface Look {
  /** The end of the picture's name. */
  readonly name: 'light' | 'dark' | 'german' | 'right-to-left';
  readonly environment: Readonly<Record<string, string>>;
}

export const LIGHT: Look = { name: 'light', environment: { GTK_THEME: 'Adwaita' } };
export const DARK: Look = { name: 'dark', environment: { GTK_THEME: 'Adwaita:dark' } };
export const GERMAN: Look = {
  name: 'german',
  environment: { GTK_THEME: 'Adwaita', LANGUAGE: 'de' },
};
/** There is no translation: the words are English, and all is mirrored as in Hebrew. */
export const RIGHT_TO_LEFT: Look = {
  name: 'right-to-left',
  environment: { GTK_THEME: 'Adwaita', LANGUAGE: 'he' },
};

export const LOOKS: readonly Look[] = [LIGHT, DARK, GERMAN, RIGHT_TO_LEFT];
