/** The program that plays a guest's sound; `--check`: ends with 0 where there is a sound server. */
export const PLAYER = 'native/sound/build/Release/vmnetx-sound';
