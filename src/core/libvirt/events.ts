import type { NativeEvent } from './addon.js';
import {
  closeReason,
  ioErrorAction,
  lifecycle,
  type CloseReason,
  type IoErrorAction,
  type LifecycleDetail,
  type LifecycleName,
} from './names.js';

/** Which domain an event is about. */
export interface DomainIdentity {
  readonly name: string;
  readonly uuid: string;
}

/** A domain started, stopped, was suspended, … */
export interface LifecycleEvent {
  readonly type: 'lifecycle';
  readonly domain: DomainIdentity;
  readonly event: LifecycleName;
  readonly detail: LifecycleDetail;
}

/** The guest restarted, or was reset. */
export interface RebootEvent {
  readonly type: 'reboot';
  readonly domain: DomainIdentity;
}

/** A disk could not be read or written. */
export interface IoErrorEvent {
  readonly type: 'io-error';
  readonly domain: DomainIdentity;
  /** The image's path. */
  readonly path: string;
  /** The disk's alias, such as `ide0-0-0`. */
  readonly alias: string;
  readonly action: IoErrorAction;
  /** QEMU's word: `enospc` when the disk is full, else mostly empty. */
  readonly reason: string;
}

/** The other side ended the connection: no more events come, and every call is refused. */
export interface ClosedEvent {
  readonly type: 'closed';
  readonly reason: CloseReason;
}

export type ConnectionEvent = LifecycleEvent | RebootEvent | IoErrorEvent | ClosedEvent;

/** An event of the addon with names in place of numbers. */
export function decodeEvent(native: NativeEvent): ConnectionEvent {
  const domain = { name: native.name, uuid: native.uuid };
  switch (native.type) {
    case 'lifecycle':
      return { type: 'lifecycle', domain, ...lifecycle(native.number, native.detail) };
    case 'reboot':
      return { type: 'reboot', domain };
    case 'io-error':
      return {
        type: 'io-error',
        domain,
        path: native.path,
        alias: native.device,
        action: ioErrorAction(native.number),
        reason: native.reason,
      };
    case 'closed':
      return { type: 'closed', reason: closeReason(native.number) };
  }
}
