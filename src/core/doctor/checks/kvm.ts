import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { probeKvm, type KvmObstacle } from '../../accelerator/index.js';
import { bad, good, warning, type Check, type Host } from '../check.js';

/** Whether guests run on the processor itself; tried by a guest, as a device alone says little. */
export const kvm: Check = {
  id: 'kvm',
  title: 'Hardware virtualisation (KVM)',
  needed: false,
  examine: async (host, signal) => {
    const probe = await probeKvm(host.environment, signal);
    if (probe.usable) {
      return good(
        'A small guest ran on the processor itself.',
        'Machines run nearly as fast as the computer.',
      );
    }
    const { found, advice } = await described(probe.obstacle, host);
    return host.environment['VMNETX_ACCELERATOR'] === 'kvm'
      ? bad(found, 'Machines do not run, because VMNETX_ACCELERATOR asks for KVM.', advice)
      : warning(found, 'Machines run in software emulation, which is many times slower.', advice);
  },
};

interface Description {
  readonly found: string;
  readonly advice: string;
}

async function described(obstacle: KvmObstacle, host: Host): Promise<Description> {
  switch (obstacle) {
    case 'missing':
      return missing(host);
    case 'forbidden':
      return forbidden(host);
    case 'busy':
      return {
        found: 'Another program holds the processor’s virtualisation.',
        advice: 'Close other programs that run machines, such as VirtualBox or VMware.',
      };
    case 'slow':
      return {
        found: 'KVM is there, but a small guest did not come to its end in it within 2 seconds.',
        advice:
          'This is common where the computer is itself a virtual machine. ' +
          'Its administrator may be able to allow nested virtualisation.',
      };
    case 'failed':
      return {
        found: 'KVM is there, but a small guest could not be run in it.',
        advice:
          'Switch virtualisation on in the firmware settings (BIOS) of the computer: ' +
          'it is called VT-x, VMX, AMD-V or SVM there.',
      };
  }
}

/** Linux hides Intel's mark of virtualisation where the firmware has switched that off. */
async function missing({ root }: Host): Promise<Description> {
  const processor = await readFile(join(root, 'proc/cpuinfo'), 'utf8').catch(() => '');
  const [, name] = /^flags\s*:.*\b(vmx|svm)\b/m.exec(processor) ?? [];
  if (name !== undefined) {
    return {
      found: 'The processor has virtualisation, but Linux offers none: there is no /dev/kvm.',
      advice: `Load the driver: sudo modprobe ${name === 'vmx' ? 'kvm_intel' : 'kvm_amd'}. If that fails, switch virtualisation on in the firmware settings (BIOS).`,
    };
  }
  return {
    found: 'The processor shows no virtualisation: there is no /dev/kvm.',
    advice:
      'If the processor has it (VT-x or AMD-V), switch it on in the firmware settings (BIOS); ' +
      'in a virtual machine, have its administrator allow nested virtualisation.',
  };
}

async function forbidden({ root }: Host): Promise<Description> {
  const found = 'KVM is there, but this account may not use it.';
  const { gid, mode } = await stat(join(root, 'dev/kvm'));
  const groups = await readFile(join(root, 'etc/group'), 'utf8').catch(() => '');
  const name = new RegExp(`^([^:]+):[^:]*:${gid}:`, 'm').exec(groups)?.[1];
  const opensToGroup = (mode & 0o060) === 0o060;
  return opensToGroup && gid !== 0 && name !== undefined
    ? {
        found,
        advice: `Become a member of the group “${name}”: sudo usermod -aG ${name} "$USER". Then log out and in again.`,
      }
    : {
        found,
        advice:
          'Only root may use /dev/kvm here. Have the administrator open it for a group ' +
          'that you are in, as distributions do with the group “kvm”.',
      };
}
