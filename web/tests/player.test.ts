import { describe, expect, it } from 'vitest';
import { hlsConfig, isKeyUrl, secondsBehind } from '../src/lib/player';

describe('the token', () => {
  it.each([
    ['/hls/rooms/r1/enc.key?n=4f', true],
    ['https://live.example.org/hls/rooms/r1/enc.key', true],
    ['/hls/rooms/r2/enc.key', false],
    ['/hls/rooms/r1/stream.m3u8', false],
    ['/hls/rooms/r1/seg000001.ts', false],
    ['/elsewhere?next=/rooms/r1/enc.key', false],
  ])('goes with %s: %s', (url, goes) => expect(isKeyUrl(url, 'r1')).toBe(goes));
});

describe('seconds behind live', () => {
  const playing = Date.UTC(2026, 0, 1);

  it('come from the wall clock of the stream', () => expect(secondsBehind(playing + 3_400, playing, 2.9)).toBeCloseTo(3.4));
  it('come from the end of the playlist when the clocks disagree', () => {
    expect(secondsBehind(playing - 60_000, playing, 2.9)).toBe(2.9);
    expect(secondsBehind(playing + 90_000, playing, 2.9)).toBe(2.9);
  });
  it('come from the end of the playlist when it has no clock', () => expect(secondsBehind(playing, undefined, 2.9)).toBe(2.9));
  it('are unknown before anything plays', () => expect(secondsBehind(playing, undefined, undefined)).toBeUndefined());
});

describe('a server that cannot answer yet', () => {
  const { manifestLoadPolicy, playlistLoadPolicy, fragLoadPolicy, keyLoadPolicy } = hlsConfig('r1', 'token');

  it.each([
    ['the first playlist', manifestLoadPolicy],
    ['the playlist', playlistLoadPolicy],
    ['a segment', fragLoadPolicy],
    ['the key', keyLoadPolicy],
  ])('is asked again for %s, soon and for a minute', (_, policy) => {
    const { maxNumRetry, retryDelayMs, maxRetryDelayMs } = policy!.default.errorRetry!;
    expect(maxRetryDelayMs).toBeLessThanOrEqual(1_000);
    expect(maxNumRetry * retryDelayMs).toBeGreaterThanOrEqual(60_000);
  });
});
