import assert from 'node:assert/strict';
import { comparePoints, type Colour, type Picture } from './picture.js';
import {
  cardHeight,
  cardWidth,
  clickPad,
  comparePattern,
  keyColour,
  keyPoints,
  keyRegion,
  markerPoints,
  markerSize,
  samplePoints,
} from './test-pattern.js';

const asIs = { x: 0, y: 0, scale: 1 };

/** A picture that has the colours of the sample points around them, and is black elsewhere. */
function drawn(width: number, height: number, at = asIs): Picture & { data: Uint8Array } {
  const picture = { width, height, data: new Uint8Array(width * height * 4) };
  for (const { x, y, colour } of samplePoints) {
    const size = Math.ceil(3 * at.scale);
    fill(picture, at.x + (x - 1) * at.scale, at.y + (y - 1) * at.scale, size, colour);
  }
  return picture;
}

function fill(picture: Picture, left: number, top: number, size: number, colour: Colour): void {
  for (let y = Math.floor(top); y < top + size; y++) {
    for (let x = Math.floor(left); x < left + size; x++) {
      picture.data.set([...colour, 255], (y * picture.width + x) * 4);
    }
  }
}

describe('The test pattern', () => {
  it('has at least twenty points, all on the card', () => {
    assert.ok(samplePoints.length >= 20);
    for (const { name, x, y } of samplePoints) {
      assert.ok(x >= 0 && x < cardWidth && y >= 0 && y < cardHeight, name);
    }
  });

  it('matches a picture of it in full', () => {
    const total = samplePoints.length;
    assert.deepEqual(comparePattern(drawn(800, 600), asIs), { matching: total, total });
  });

  it('matches where the card is moved and scaled', () => {
    const at = { x: 31, y: 77, scale: 0.75 };
    const picture = drawn(700, 600, at);
    assert.equal(comparePattern(picture, at).matching, samplePoints.length);
    assert.ok(comparePattern(picture, asIs).matching < samplePoints.length / 2);
  });

  it('does not match a black, a white or a missing picture', () => {
    for (const value of [0, 255]) {
      const data = new Uint8Array(800 * 600 * 4).fill(value);
      assert.equal(comparePattern({ width: 800, height: 600, data }, asIs).matching, 0);
    }
    const nothing = { width: 0, height: 0, data: new Uint8Array() };
    assert.equal(comparePattern(nothing, asIs).matching, 0);
  });

  it('notices one wrong point, and what lies outside the picture', () => {
    const picture = drawn(800, 600);
    fill(picture, 740, 60, 1, [217, 165, 33]);
    assert.equal(comparePattern(picture, asIs).matching, samplePoints.length - 1);
    const shifted = comparePattern(picture, { x: 790, y: 0, scale: 1 });
    assert.ok(shifted.matching < samplePoints.length / 4);
  });

  it('notices that red and blue are swapped', () => {
    const picture = drawn(800, 600);
    for (let i = 0; i < picture.data.length; i += 4) {
      picture.data.subarray(i, i + 3).reverse();
    }
    assert.ok(comparePattern(picture, asIs).matching < samplePoints.length * 0.7);
  });

  it('gives each key a colour of its own, which is not the idle one', () => {
    const codes = Array.from({ length: 159 }, (_, i) => i + 1);
    assert.equal(new Set(codes.map((code) => keyColour(code).join())).size, codes.length);
    const idle = samplePoints.filter(({ name }) => name === 'key panel');
    for (const code of codes) {
      assert.ok(keyColour(code)[0] - (idle[0]?.colour[0] ?? 255) >= 16);
    }
  });

  it('looks for a key press inside the key region and for a marker around the click', () => {
    for (const { x, y } of keyPoints(30)) {
      assert.ok(x > keyRegion.x && x < keyRegion.x + keyRegion.width);
      assert.ok(y > keyRegion.y && y < keyRegion.y + keyRegion.height);
    }
    const click = { x: clickPad.x + 100, y: clickPad.y + 50 };
    const picture = drawn(800, 600);
    const corner = { x: click.x - markerSize / 2, y: click.y - markerSize / 2 };
    const points = markerPoints(click.x, click.y, 'left');
    assert.equal(comparePoints(picture, asIs, points).matching, 0);
    fill(picture, corner.x, corner.y, markerSize, [255, 140, 26]);
    assert.equal(comparePoints(picture, asIs, points).matching, points.length);
  });
});
