import { require as load } from 'node-gtk';

/** The VNC widget for GTK 3. Importing this module loads its library. */
export const GtkVnc = load('GtkVnc', '2.0');

export type VncDisplay = InstanceType<typeof GtkVnc.Display>;
/** A picture of the screen. */
export type Pixbuf = ReturnType<VncDisplay['getPixbuf']>;
