/** Exit statuses of every command (sysexits.h). */
const USAGE = 64;
const REFUSED = 65;
const NOT_THERE = 66;
const UNAVAILABLE = 69;
const INTERNAL = 70;
const INPUT_OUTPUT = 74;
const NOT_ALLOWED = 77;

interface Entry {
  readonly status: number;
  /** Whether the same call may go through later without anything being changed. */
  readonly retryable: boolean;
  /** What happened, one sentence for the user; `{name}` is replaced by a parameter. */
  readonly message: string;
  /** What to do about it, or null. */
  readonly hint: string | null;
}

/**
 * Every error of the program, in one table. Codes are stable: scripts rely on them. `docs/errors.md`
 * lists them for people and is checked against this table.
 */
export const catalogue = {
  'usage-unknown-option': {
    status: USAGE,
    retryable: false,
    message: 'There is no option “{option}”.',
    hint: 'See “{command} --help”.',
  },
  'usage-arguments': {
    status: USAGE,
    retryable: false,
    message: 'This is not how the command is called: {reason}.',
    hint: 'See “{command} --help”.',
  },
  'usage-password-file': {
    status: USAGE,
    retryable: false,
    message: '{path} is not a file that holds a password: {reason}.',
    hint: 'The password is the only line of the file.',
  },
  'usage-not-yet': {
    status: USAGE,
    retryable: false,
    message: '“{word}” does not exist yet in this version.',
    hint: null,
  },

  'reference-missing': {
    status: NOT_THERE,
    retryable: false,
    message: 'There is no file {path}.',
    hint: 'Check the name, or download the file again.',
  },
  'reference-not-xml': {
    status: REFUSED,
    retryable: false,
    message: '{location} is neither a machine reference nor a machine package.',
    hint: 'Ask its publisher for a correct file.',
  },
  'reference-malformed': {
    status: REFUSED,
    retryable: false,
    message: 'The machine reference {location} is not correct: {reason}.',
    hint: 'Ask its publisher for a correct file.',
  },
  'reference-url-refused': {
    status: REFUSED,
    retryable: false,
    message: 'The address “{url}” cannot be opened: {reason}.',
    hint: 'A machine’s address begins with http:// or https://.',
  },
  'reference-remote-machine': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'This link names a machine that runs on a server, which this version cannot show.',
    hint: null,
  },

  'package-not-zip': {
    status: REFUSED,
    retryable: false,
    message: '{location} is not a machine package.',
    hint: 'Ask its publisher for a correct file.',
  },
  'package-no-manifest': {
    status: REFUSED,
    retryable: false,
    message: '{location} is a ZIP archive, but no machine package: it has no {member}.',
    hint: 'Ask its publisher for a correct file.',
  },
  'package-malformed': {
    status: REFUSED,
    retryable: false,
    message: 'The machine package {location} is not correct: {reason}.',
    hint: 'Ask its publisher for a correct file.',
  },
  'package-changed': {
    status: REFUSED,
    retryable: false,
    message: '{location} was changed while it was being read.',
    hint: 'Open it again to get the new version.',
  },

  'package-damaged': {
    status: REFUSED,
    retryable: false,
    message: '{location} is damaged: its disk is not what its publisher packed.',
    hint: 'Open it again; if that does not help, tell its publisher.',
  },

  'domain-refused': {
    status: REFUSED,
    retryable: false,
    message: 'The machine is not accepted because of {path}: {reason}.',
    hint: 'See docs/domain-xml.md for what is accepted, or ask its publisher for another.',
  },
  'domain-malformed': {
    status: REFUSED,
    retryable: false,
    message: 'The machine’s description is not correct XML: {reason}.',
    hint: 'Ask its publisher for a correct file.',
  },

  'image-malformed': {
    status: REFUSED,
    retryable: false,
    message: 'The disk image is not correct: {reason}.',
    hint: 'Ask its publisher for a correct file.',
  },
  'image-refused': {
    status: REFUSED,
    retryable: false,
    message: 'The disk image is not opened: {reason}.',
    hint: 'Ask its publisher for one that stands on its own.',
  },
  'image-working-set': {
    status: REFUSED,
    retryable: false,
    message: '{path} does not say what to fetch first for this machine: {reason}.',
    hint: 'Make it again by “vmnetx mount --record” (docs/working-set.md).',
  },
  'image-unreadable': {
    status: REFUSED,
    retryable: false,
    message: 'The disk {path} cannot be copied.',
    hint: 'See the details; “qemu-img check” may tell more.',
  },

  'server-no-ranges': {
    status: REFUSED,
    retryable: false,
    message: 'The web server {host} does not serve parts of a file.',
    hint: 'Its operator must switch on byte ranges, and compression off for machine packages.',
  },
  'server-login-required': {
    status: NOT_ALLOWED,
    retryable: false,
    message: 'The web server {host} asks for a name and a password.',
    hint: 'Log in, give them by --user and --password-file, or ask its operator for access.',
  },
  'server-login-refused': {
    status: NOT_ALLOWED,
    retryable: false,
    message: 'The web server {host} does not accept this name and password.',
    hint: 'Check both, or ask its operator for access.',
  },
  'server-forbidden': {
    status: NOT_ALLOWED,
    retryable: false,
    message: 'The web server {host} does not allow access to this file.',
    hint: 'Ask its operator for access.',
  },
  'server-not-found': {
    status: NOT_THERE,
    retryable: false,
    message: 'There is no {url}.',
    hint: 'Check the address, or ask its publisher for a new one.',
  },
  'server-redirect': {
    status: REFUSED,
    retryable: false,
    message: 'The web server {host} sends the request elsewhere, which is refused: {reason}.',
    hint: 'Use the address of the file itself, or tell the operator of the server.',
  },
  'server-busy': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The web server {host} is busy.',
    hint: 'Try again later.',
  },
  'server-failed': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The web server {host} failed.',
    hint: 'Try again later.',
  },
  'server-answer': {
    status: REFUSED,
    retryable: false,
    message: 'The web server {host} gave a wrong answer: {reason}.',
    hint: 'Tell its operator, with the details.',
  },

  'network-unreachable': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The network cannot be reached.',
    hint: 'Check your connection.',
  },
  'network-host-not-found': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'There is no computer called {host}.',
    hint: 'Check the address and your connection.',
  },
  'network-refused': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The computer {host} refused the connection.',
    hint: 'Check the address, or try again later.',
  },
  'network-timeout': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The computer {host} does not answer.',
    hint: 'Check your connection, or try again later.',
  },
  'network-tls': {
    status: UNAVAILABLE,
    retryable: false,
    message:
      'There is no secure connection to {host}: its certificate or encryption is not accepted.',
    hint: 'Check the address and this computer’s date; else tell the operator of the server.',
  },
  'network-proxy': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The proxy that the environment names cannot be used.',
    hint: 'Check http_proxy and https_proxy: they are addresses like http://proxy.example.org:3128.',
  },
  'network-proxy-login': {
    status: NOT_ALLOWED,
    retryable: false,
    message: 'The proxy on the way to {host} asks for a name and a password.',
    hint: 'Put them into its address: http_proxy=http://NAME:PASSWORD@PROXY:PORT, and https_proxy likewise.',
  },
  'network-private-address': {
    status: NOT_ALLOWED,
    retryable: false,
    message:
      '{host} is on this computer or in a private network: no link, no file opened from the desktop, and no other server may lead there.',
    hint: 'If you trust it, run “vmnetx” in a terminal with the link or file. To let all of them lead there, have {setting} in ~/.config/vmnetx/settings.json.',
  },
  'network-failed': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The connection to {host} was lost.',
    hint: 'Check your connection, or try again later.',
  },

  'host-file-missing': {
    status: NOT_THERE,
    retryable: false,
    message: 'There is no {path}.',
    hint: 'Check the name.',
  },
  'host-permission': {
    status: NOT_ALLOWED,
    retryable: false,
    message: 'You may not open {path}.',
    hint: 'Check the permissions of the file and its folder.',
  },
  'host-not-a-file': {
    status: REFUSED,
    retryable: false,
    message: '{path} is not an ordinary file.',
    hint: 'Check the name.',
  },
  'host-no-space': {
    status: INPUT_OUTPUT,
    retryable: true,
    message: 'There is no space left for {path}.',
    hint: 'Make room, then try again.',
  },
  'store-full': {
    status: INPUT_OUTPUT,
    retryable: true,
    message: 'The machines in use have filled the space for fetched data ({megabytes} MB).',
    hint: 'Data that is needed again is fetched again; “vmnetx cache limit” allows more.',
  },
  'store-newer': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The fetched data in {path} was kept by a newer version of VMNetX.',
    hint: 'Use that version, or remove the folder: it can all be fetched again.',
  },
  'store-foreign': {
    status: NOT_ALLOWED,
    retryable: false,
    message: '{path}, where fetched data is kept, belongs to somebody else.',
    hint: 'Remove it, or have XDG_CACHE_HOME name a folder of your own.',
  },
  'store-unsafe': {
    status: NOT_ALLOWED,
    retryable: false,
    message: '{path}, where fetched data is kept, cannot be trusted: {reason}.',
    hint: 'Remove it, or have XDG_CACHE_HOME name another folder.',
  },
  'store-unusable': {
    status: INPUT_OUTPUT,
    retryable: true,
    message: 'The fetched data of this machine that is kept here cannot be used.',
    hint: 'It is fetched again, and nothing is kept this time; see the details.',
  },
  'store-busy': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The fetched data in {path} is held by another program.',
    hint: 'Try again later.',
  },
  'store-nothing-kept': {
    status: NOT_THERE,
    retryable: false,
    message: 'Nothing of {location} is kept.',
    hint: 'See “vmnetx cache list”. Only machines from web servers are kept, once they were opened.',
  },
  'store-in-use': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The data of {location} is in use and was not removed.',
    hint: 'Close the machine, then try again.',
  },
  'store-state-damaged': {
    status: INPUT_OUTPUT,
    retryable: true,
    message: 'What was kept of the machine’s memory from the last time is damaged.',
    hint: 'Start the machine again: it is fetched again.',
  },
  'host-no-log': {
    status: NOT_THERE,
    retryable: false,
    message: 'There is no log yet.',
    hint: 'One is written whenever a machine is opened or mounted.',
  },
  'host-log-unusable': {
    status: INPUT_OUTPUT,
    retryable: true,
    message: 'The logs in {path} cannot be used, and nothing is written there.',
    hint: 'It has to be a folder of your own to which nobody else may write; see the details.',
  },
  'settings-malformed': {
    status: REFUSED,
    retryable: false,
    message: 'The settings in {path} are not correct: {reason}.',
    hint: 'Correct the file, or remove it to get the defaults.',
  },
  'host-input-output': {
    status: INPUT_OUTPUT,
    retryable: true,
    message: '{path} cannot be read or written.',
    hint: 'See the details; the disk may be failing.',
  },
  'host-program-missing': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The program {program} is not installed.',
    hint: 'Install the package “{package}” of your distribution.',
  },
  'host-program-failed': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The program {program} failed.',
    hint: 'See the details; there may be too little memory.',
  },

  'image-changed': {
    status: UNAVAILABLE,
    retryable: true,
    message: '{path} changed while it was packed.',
    hint: 'Leave the machine alone until its package is written, then try again.',
  },
  'memory-not-packed': {
    status: REFUSED,
    retryable: false,
    message: '{reason} So {what} cannot be packed.',
    hint: 'Change the machine and save it again, or leave its memory out by --no-memory.',
  },
  'memory-malformed': {
    status: REFUSED,
    retryable: false,
    message: 'The machine’s saved memory is not correct: {reason}.',
    hint: 'Start the machine from its disk by --no-saved-state, or tell its publisher.',
  },
  'memory-refused': {
    status: REFUSED,
    retryable: false,
    message: 'The machine’s saved memory is not accepted: {reason}.',
    hint: 'Start the machine from its disk by --no-saved-state, or tell its publisher.',
  },
  'memory-other-machine': {
    status: REFUSED,
    retryable: false,
    message: 'The saved memory is that of another machine: its {what} differs.',
    hint: 'Start the machine from its disk by --no-saved-state, or tell its publisher.',
  },
  'memory-damaged': {
    status: REFUSED,
    retryable: false,
    message: 'The machine’s saved memory is damaged: {reason}.',
    hint: 'Start the machine from its disk by --no-saved-state, or tell its publisher.',
  },
  'memory-too-large': {
    status: REFUSED,
    retryable: false,
    message: 'The saved memory decompresses to more than a machine of its size can have ({most}).',
    hint: 'Start the machine from its disk by --no-saved-state, or tell its publisher.',
  },
  'memory-type-missing': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'QEMU on this computer lacks the kind of machine whose memory was saved, {type}.',
    hint: 'Start the machine from its disk by --no-saved-state.',
  },
  'memory-processor-missing': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The memory was saved on a computer whose processor can do more than this one.',
    hint: 'Start the machine from its disk by --no-saved-state.',
  },
  'memory-other-accelerator': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The memory was saved with {saved}, and can only go on with it.',
    hint: 'Start the machine from its disk by --no-saved-state.',
  },
  'memory-host-too-small': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The machine gets less than it had when its memory was saved.',
    hint: 'Start the machine from its disk by --no-saved-state.',
  },
  'memory-not-loaded': {
    status: REFUSED,
    retryable: false,
    message: 'QEMU did not take up the machine’s saved memory.',
    hint: 'Start the machine from its disk by --no-saved-state, or send the details to its publisher.',
  },

  'host-lacks-machine-type': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The machine is of the type {type}, which the QEMU of this computer does not have.',
    hint: 'Try a newer version of QEMU. If it has no such type either, the publisher can name a newer one.',
  },
  'host-lacks-processor': {
    status: UNAVAILABLE,
    retryable: false,
    message:
      'The machine names a processor, or a feature of it, that is not known on this computer.',
    hint: 'Try newer versions of libvirt and QEMU. Send the details to its publisher if it happens with them, too.',
  },
  'host-machine-not-started': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The machine could not be started on this computer.',
    hint: 'Send the details to its publisher if it happens every time.',
  },
  'host-too-small': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The machine wants {wanted}, but this computer can give it only {given}.',
    hint: 'Start it with less in its window, or open it on a larger computer.',
  },
  'host-no-machine': {
    status: NOT_THERE,
    retryable: false,
    message: 'libvirt has no machine “{name}”.',
    hint: 'Check the name by “virsh list --all”, or give the path of its domain XML.',
  },
  'host-machine-running': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The machine “{name}” is running.',
    hint: 'Shut it down first, or pack it with its memory.',
  },
  'host-machine-not-saved': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'libvirt does not save the machine “{name}”: {reason}.',
    hint: 'Shut it down, and pack it then.',
  },
  'host-libvirt-lost': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The machine was stopped, because the connection to libvirt was lost.',
    hint: 'Start it again.',
  },
  'host-root': {
    status: NOT_ALLOWED,
    retryable: false,
    message: 'Machines do not run as root.',
    hint: 'Start VMNetX from an ordinary account.',
  },
  'host-no-display': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'There is no display to open a window on.',
    hint: 'Start VMNetX from a desktop session, or under Xvfb.',
  },
  'host-no-gtk': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The window needs {library}, which is not installed completely.',
    hint: 'Install GTK 3 and GtkVnc with their GObject introspection data (on Debian: gir1.2-gtk-3.0 and gir1.2-gtk-vnc-2.0).',
  },
  'host-no-libvirt': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'libvirt, which runs the machines, cannot be reached.',
    hint: 'Install libvirt and QEMU (on Debian: libvirt-daemon, libvirt-daemon-driver-qemu and qemu-system-x86), then try again.',
  },
  'host-not-built': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'A part of VMNetX is missing or does not fit this computer: {part}.',
    hint: 'Install VMNetX again; in a checkout, run “npm run setup”.',
  },
  'host-no-runtime-directory': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'There is no private folder for sockets: XDG_RUNTIME_DIR is not set.',
    hint: 'Log in to a desktop session, or set XDG_RUNTIME_DIR to a folder that only you can enter.',
  },
  'host-no-kvm': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'Hardware virtualisation (KVM) was asked for, but cannot be used on this computer.',
    hint: 'Leave out the option to run the machine in slower software emulation.',
  },
  'host-machine-stopped': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The machine stopped unexpectedly.',
    hint: 'Start it again. If it happens every time, send the details to its publisher.',
  },
  'host-machine-keeps-stopping': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'The machine has stopped unexpectedly {times} times within a few minutes.',
    hint: 'Send the details to its publisher; “vmnetx doctor” tells whether something is wrong with this computer.',
  },
  'host-pages-lost': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The machine was stopped, because the part of VMNetX that brings its data ended.',
    hint: 'Start it again.',
  },
  'host-no-fuse': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'This computer does not let you mount file systems (FUSE).',
    hint: 'Install the package “fuse3”, and see that there is a /dev/fuse which you may use.',
  },
  'host-mount-failed': {
    status: UNAVAILABLE,
    retryable: false,
    message: 'Nothing could be mounted on {directory}.',
    hint: 'It has to be an empty folder of your own; see the details.',
  },
  'host-unmount-failed': {
    status: UNAVAILABLE,
    retryable: true,
    message: 'The folder {directory} could not be unmounted.',
    hint: 'Run “fusermount3 -u -z {directory}”.',
  },
  'host-mount-lost': {
    status: UNAVAILABLE,
    retryable: true,
    message:
      'The mount on {path} ended: somebody removed it, or the program that serves it stopped.',
    hint: null,
  },
  'host-mount-directory': {
    status: NOT_THERE,
    retryable: false,
    message: '{path} is not an empty folder.',
    hint: 'Make an empty folder to mount on.',
  },

  'internal-error': {
    status: INTERNAL,
    retryable: false,
    message: 'Something went wrong inside VMNetX.',
    hint: 'Please report it with the details.',
  },
} as const satisfies Record<string, Entry>;

/** The stable, kebab-case name of an error. */
export type ErrorCode = keyof typeof catalogue;

type Placeholders<Template extends string> =
  Template extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

type TextOf<Code extends ErrorCode> = (typeof catalogue)[Code][
  'message' | 'hint'] extends infer Text
  ? Text extends string
    ? Text
    : never
  : never;

/** The parameters that the sentence and the hint of a code ask for. */
export type ParametersOf<Code extends ErrorCode> = Readonly<
  Record<Placeholders<TextOf<Code>>, string | number>
>;
