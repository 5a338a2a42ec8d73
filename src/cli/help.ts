/** What `vmnetx --help` prints. */
export const HELP = `Usage: vmnetx [open] LOCATION [--accelerator auto|kvm|tcg]
       vmnetx info LOCATION [--json]
       vmnetx mount LOCATION DIRECTORY

Runs virtual machines straight from a web server: only what the machine touches is fetched.

LOCATION is a machine reference (.netx) or package (.nxpk): a file, or an address that begins with
http://, https://, vmnetx+http:// or vmnetx+https://.

Commands:
  open    opens the machine in a window
  info    reads and checks the machine's package; starts nothing
  mount   shows the machine's disk as a file in an empty DIRECTORY until it is interrupted

Options:
  --accelerator KIND  kvm: the processor runs the machine; tcg: software emulation, slow;
                      auto: kvm where it is usable (default; or VMNETX_ACCELERATOR)
  --from-link         the machine comes from a link: it gets no network
  --json              one JSON object on standard output
  --verbose           more about failures
  --version           prints the version
  --help              prints this
  --                  ends the options
`;
