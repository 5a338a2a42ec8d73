import { fail, type VmnetxError } from '../errors/index.js';
import { libvirtCode, LibvirtError, type Connection, type Emulation } from '../libvirt/index.js';
import { executedType, generateCpu, type Machine, type Placement } from '../machine/index.js';

/** What of a machine not every version of libvirt and QEMU knows. */
export interface HostNeeds {
  readonly emulation: Emulation & { readonly machine: string };
  /** The `<cpu>` element, or null for the default. */
  readonly cpuXml: string | null;
}

export function hostNeeds(
  machine: Machine,
  { accelerator, emulator }: Pick<Placement, 'accelerator' | 'emulator'>,
): HostNeeds {
  return {
    emulation: {
      ...(emulator === null ? {} : { emulator }),
      arch: machine.architecture,
      machine: executedType(machine.type),
      virtType: accelerator === 'kvm' ? 'kvm' : 'qemu',
    },
    cpuXml: generateCpu(machine, accelerator),
  };
}

/**
 * Which of its needs keeps a machine from starting. libvirt's refusal of a start does not tell it
 * apart from others, so it is asked again for each by itself.
 *
 * @returns `host-lacks-machine-type`, `host-lacks-processor`, or null
 */
export async function findUnmetNeed(
  connection: Connection,
  { emulation, cpuXml }: HostNeeds,
): Promise<VmnetxError | null> {
  const typeError = await refusalOf(connection.domainCapabilities(emulation));
  if (typeError?.code === libvirtCode.invalidArgument) {
    const context = { cause: typeError, detail: typeError.message };
    return fail('host-lacks-machine-type', { type: emulation.machine }, context);
  }
  if (typeError !== null || cpuXml === null) return null;
  // A processor that this computer does not have is no error: libvirt says only whether it does.
  const cpuError = await refusalOf(connection.compareCpu(cpuXml, emulation));
  if (cpuError?.code !== libvirtCode.internalError) return null;
  return fail('host-lacks-processor', {}, { cause: cpuError, detail: cpuError.message });
}

async function refusalOf(call: Promise<unknown>): Promise<LibvirtError | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof LibvirtError) return error;
    throw error;
  }
}
