/** What `vmnetx --help` prints. */
export const HELP = `Usage: vmnetx [open] LOCATION [--accelerator auto|kvm|tcg] [--no-saved-state] [--fullscreen]
       vmnetx info LOCATION [--json]
       vmnetx mount LOCATION DIRECTORY [--record FILE] [--prefetch FILE] [--whole]
       vmnetx cache list|limit [SIZE]|pin LOCATION|unpin LOCATION|clear [LOCATION] [--json]
       vmnetx doctor [--json]
       vmnetx log [--follow]

Runs virtual machines straight from a web server: only what the machine touches is fetched.

LOCATION is a machine reference (.netx) or package (.nxpk): a file, or an address that begins with
http://, https://, vmnetx+http:// or vmnetx+https://.

Commands:
  open    opens the machine in a window
  info    reads and checks the machine's package; starts nothing
  mount   shows the machine's disk as a file in an empty DIRECTORY until it is interrupted
  cache   shows what was fetched and is kept for the next time (list), how much that may be
          (limit; SIZE is such as 20G, or “default”), keeps a machine's data whatever the limit
          (pin, unpin), and removes what is not in use (clear): of all that is not pinned, or of one
  doctor  tells whether this computer can run machines, and what to do if not
  log     prints what the newest session wrote down: what happened, what failed, and why

Options:
  --accelerator KIND  kvm: the processor runs the machine; tcg: software emulation, slow;
                      auto: kvm where it is usable (default; or VMNETX_ACCELERATOR)
  --from-link         the machine comes from a link: it must not come from this computer or a
                      private network, and if it is opened, it has no network until you allow it
  --no-saved-state    boots a machine that was saved while it ran from its disk
  --fullscreen        gives the machine the whole screen; F11 or the upper edge leads back
  --user NAME         the name for a web server that asks for one; without it you are asked, in
                      the window or on the terminal
  --password-file FILE
                      holds the password that goes with --user, as its only line
  --record FILE       mount: writes down, at the end, what was touched and when
  --prefetch FILE     mount: fetches what such a file names before it is asked for
  --whole             mount: fetches all the rest, too, when there is nothing else to do
  -f, --follow        log: goes on as more is written, and with newer sessions
  --json              one JSON object on standard output
  --verbose           more about failures
  --version           prints the version
  --help              prints this
  --                  ends the options

In the window:
  Ctrl+Alt            takes keyboard and pointer from the machine, to the menu; Escape returns
  F11                 gives the machine the whole screen, and leaves it
  F12                 takes a screenshot
  Ctrl+?              lists these keys
  The menu also sends keys that the machine would never see, scales its screen, mutes it, and shows
  what it does with its disk (Activity) and what is written down (Log).

Settings:
  VMNETX_CONFIRM=0    nobody is asked before a machine is switched off or started again and what was
                      changed in it is lost; for always: “"confirm-quit": false” in
                      ~/.config/vmnetx/settings.json
`;
