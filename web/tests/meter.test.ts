import { describe, expect, it } from 'vitest';
import { amplitude, deflection, rms } from '../src/lib/meter';

const sampleRate = 48_000;
const sine = (hz: number, peak: number) =>
  Float32Array.from({ length: 4096 }, (_, i) => peak * Math.sin((2 * Math.PI * hz * i) / sampleRate));

describe('the meter', () => {
  it('measures silence as 0 and a sine as 0.707 of its peak', () => {
    expect(rms(new Float32Array(64))).toBe(0);
    expect(rms(sine(1_000, 0.5))).toBeCloseTo(0.3536, 2);
  });

  it('tells one frequency from another', () => {
    const tone = sine(1_000, 0.5);
    expect(amplitude(tone, sampleRate, 1_000)).toBeCloseTo(0.5, 2);
    expect(amplitude(tone, sampleRate, 1_000) / amplitude(tone, sampleRate, 700)).toBeGreaterThan(1_000);
  });

  it('moves evenly with decibels, from -60 dB to full scale', () => {
    expect([0, 0.001, 0.0316228, 1, 2].map(deflection)).toEqual([0, expect.closeTo(0), expect.closeTo(0.5), 1, 1]);
  });
});
