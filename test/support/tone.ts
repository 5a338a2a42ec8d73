/** In samples a second. */
export const SAMPLE_RATE = 44_100;

/** A whole number of periods of every tone of whole hundreds of hertz. */
const BLOCK = SAMPLE_RATE / 100;

/**
 * Which part of a sound's power lies at a frequency, by Goertzel's algorithm: 1 of a pure tone, 0.81 of
 * a square wave, 0 of silence.
 *
 * @param samples one channel, at least a hundredth of a second
 */
export function shareAt(frequency: number, samples: Int16Array): number {
  const whole = samples.subarray(0, samples.length - (samples.length % BLOCK));
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / SAMPLE_RATE);
  let [last, beforeLast, power] = [0, 0, 0];
  for (const sample of whole) {
    [last, beforeLast] = [sample + factor * last - beforeLast, last];
    power += sample * sample;
  }
  if (power === 0) return 0;
  const found = last * last + beforeLast * beforeLast - factor * last * beforeLast;
  return (2 * found) / (whole.length * power);
}
