import type { Running } from '../core/session/index.js';
import { translate } from './translate.js';

const MORE = translate('“vmnetx doctor” in a terminal tells more.');

/** Why a machine is slow, and what to do about it; null for one that is not emulated. */
export function emulationWords(reason: Running['emulated']): string | null {
  switch (reason) {
    case null:
      return null;
    case 'asked-for':
      return translate(
        'The machine runs slowly, because software emulation was asked for. Without that option it runs on the processor itself, where that can be.',
      );
    case 'missing':
      return `${translate('The machine runs slowly, because this computer offers no hardware virtualisation (KVM). If its processor has it, it can be switched on in the firmware settings (BIOS).')} ${MORE}`;
    case 'forbidden':
      return `${translate('The machine runs slowly, because your account may not use hardware virtualisation (KVM). Become a member of the group “kvm”, then log out and in again.')} ${MORE}`;
    case 'busy':
      return `${translate('The machine runs slowly, because another program holds the processor’s virtualisation. Close other programs that run machines, then restart this one.')} ${MORE}`;
    case 'slow':
      return `${translate('The machine runs slowly, because hardware virtualisation (KVM) does not work on this computer. It may itself be a virtual machine, whose administrator can allow nested virtualisation.')} ${MORE}`;
    case 'failed':
      return `${translate('The machine runs slowly, because hardware virtualisation (KVM) failed when it was tried. It may have to be switched on in the firmware settings (BIOS).')} ${MORE}`;
  }
}
