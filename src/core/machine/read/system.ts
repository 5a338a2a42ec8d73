import type { XmlElement } from '../../xml/index.js';
import { MAX_DESCRIPTION_LENGTH, MOUSE_RATE_HZ, VCPUS } from '../limits.js';
import type { Machine } from '../machine.js';
import {
  ARCHITECTURES,
  BOOT_DEVICES,
  CLOCK_OFFSETS,
  METADATA_NAMESPACE,
  PLATFORM_FEATURES,
} from '../vocabulary.js';
import { refuse } from './refusal.js';
import { expectEmpty, openElement } from './strict-element.js';

/** `pc`, QEMU's names for it up to version 1.3, and those since; `q35`, and its versions. */
const MACHINE_TYPE = /^(pc(-0\.1[0-5]|-1\.[0-3]|-(i440fx|q35)-[0-9]{1,2}\.[0-9]{1,2})?|q35)$/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Signed, within a thousand years. */
const ADJUSTMENT = /^(reset|-?[0-9]{1,11})$/;
const TIMEZONE = /^[A-Za-z0-9_+/-]{1,64}$/;

export function readUuid(element: XmlElement): string {
  const uuid = openElement(element, { text: true }).text;
  return uuid.matching(UUID, 'a UUID').toLowerCase();
}

export function readDescription(element: XmlElement): string {
  const { path, text } = openElement(element, { text: true });
  if (text.text.length > MAX_DESCRIPTION_LENGTH) {
    refuse(path, `at most ${MAX_DESCRIPTION_LENGTH} characters are accepted`);
  }
  return text.text;
}

/** @returns motions per second, or null for no limit */
export function readMouseRate(element: XmlElement): number | null {
  const namespace = METADATA_NAMESPACE;
  const vmnetx = openElement(element, { once: ['vmnetx'], childNamespace: namespace }).child(
    'vmnetx',
  );
  if (vmnetx === null) return null;
  const limit = openElement(vmnetx, { once: ['limit_mouse_rate'], namespace }).child(
    'limit_mouse_rate',
  );
  if (limit === null) return null;
  return openElement(limit, { attributes: ['hz'], namespace })
    .required('hz')
    .integer(MOUSE_RATE_HZ);
}

export function readVcpus(element: XmlElement): number {
  const vcpu = openElement(element, { attributes: ['placement'], text: true });
  vcpu.attribute('placement')?.oneOf(['static']);
  return vcpu.text.integer(VCPUS);
}

export function readOs(
  element: XmlElement,
): Pick<Machine, 'architecture' | 'type' | 'bootDevices'> {
  const os = openElement(element, { once: ['type'], many: ['boot'] });
  const type = openElement(os.requiredChild('type'), {
    attributes: ['arch', 'machine'],
    text: true,
  });
  type.text.oneOf(['hvm']);
  const bootDevices = os.children('boot', BOOT_DEVICES.length).map((boot) => {
    return openElement(boot, { attributes: ['dev'] })
      .required('dev')
      .oneOf(BOOT_DEVICES);
  });
  if (new Set(bootDevices).size !== bootDevices.length) {
    refuse(os.path, 'it names a boot device twice');
  }
  return {
    architecture: type.required('arch').oneOf(ARCHITECTURES),
    type: type.required('machine').matching(MACHINE_TYPE, '“pc”, “q35” or one of their versions'),
    bootDevices,
  };
}

export function readPlatformFeatures(element: XmlElement): Machine['features'] {
  const features = openElement(element, { once: PLATFORM_FEATURES });
  return PLATFORM_FEATURES.filter((name) => {
    const feature = features.child(name);
    if (feature !== null) expectEmpty(feature);
    return feature !== null;
  });
}

/** Timezone and adjustment are only looked at: they belong to the publisher's computer. */
export function readClock(element: XmlElement): Machine['clockOffset'] {
  const clock = openElement(element, {
    attributes: ['offset', 'timezone', 'adjustment', 'basis'],
    once: ['timer'],
  });
  const offset = clock.required('offset').oneOf(CLOCK_OFFSETS);
  const timezone = clock.attribute('timezone');
  const adjustment = clock.attribute('adjustment');
  const basis = clock.attribute('basis');
  if (offset !== 'timezone') timezone?.refuse('it belongs to the offset “timezone”');
  if (offset !== 'variable') (adjustment ?? basis)?.refuse('it belongs to the offset “variable”');
  timezone?.matching(TIMEZONE, 'the name of a time zone');
  adjustment?.matching(ADJUSTMENT, 'a number of seconds');
  basis?.oneOf(['utc', 'localtime']);

  const timer = clock.child('timer');
  if (timer !== null) {
    const rtc = openElement(timer, { attributes: ['name', 'track'] });
    rtc.required('name').oneOf(['rtc']);
    rtc.required('track').oneOf(['guest']);
  }
  return offset;
}
