import { require as load } from 'node-gtk';

/** The namespaces of the GTK 3 toolkit. Importing this module loads its libraries. */
export const Gtk = load('Gtk', '3.0');
export const Gdk = load('Gdk', '3.0');
export const Gio = load('Gio', '2.0');
export const GLib = load('GLib', '2.0');
export const Pango = load('Pango', '1.0');

export type Box = InstanceType<typeof Gtk.Box>;
export type Button = InstanceType<typeof Gtk.Button>;
export type HeaderBar = InstanceType<typeof Gtk.HeaderBar>;
export type Overlay = InstanceType<typeof Gtk.Overlay>;
export type SimpleAction = InstanceType<typeof Gio.SimpleAction>;
export type Label = InstanceType<typeof Gtk.Label>;
export type Widget = InstanceType<typeof Gtk.Widget>;
export type Window = InstanceType<typeof Gtk.Window>;
