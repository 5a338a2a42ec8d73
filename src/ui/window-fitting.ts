/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size at which a guest's screen fits: its own, or the largest of the same shape within the
 * room there is.
 */
export function fittingSize(guest: Size, room: Size): Size {
  const scale = Math.min(1, room.width / guest.width, room.height / guest.height);
  return {
    width: Math.max(1, Math.floor(guest.width * scale)),
    height: Math.max(1, Math.floor(guest.height * scale)),
  };
}
