import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Retry } from '../src/lib/endings';
import { Pace } from '../src/lib/pace';
import { settle } from './fakes';

const retry: Retry = { kind: 'retry', afterMs: 0, atOnce: true, anew: 'line' };

describe('the pace of tries', () => {
  let random: number;
  let pace: Pace;

  beforeEach(() => {
    vi.useFakeTimers();
    random = 0.5;
    pace = new Pace(() => random);
  });
  afterEach(() => void vi.useRealTimers());

  /** How long the pause is, in milliseconds. */
  async function paused(after?: (waited: number) => void): Promise<number> {
    let over = false;
    const start = Date.now();
    void pace.pause(new AbortController().signal).then(() => (over = true));
    await settle();
    while (!over) {
      await vi.advanceTimersByTimeAsync(1);
      after?.(Date.now() - start);
      await settle();
    }
    return Date.now() - start;
  }

  async function waits(failures: number): Promise<number[]> {
    const all = [];
    for (let i = 0; i < failures; i++) {
      pace.failed(retry, 0);
      all.push(await paused());
    }
    return all;
  }

  it('does not wait the first time, then 250 ms doubling to 10 s, of which the upper half is random', async () => {
    random = 0;
    expect(await waits(8)).toEqual([0, 125, 250, 500, 1_000, 2_000, 4_000, 5_000]);
    pace = new Pace(() => 1);
    expect(await waits(8)).toEqual([0, 250, 500, 1_000, 2_000, 4_000, 8_000, 10_000]);
  });

  it('begins anew after a connection that held for ten seconds, and not after a shorter one', async () => {
    await waits(5);
    pace.failed(retry, 9_999);
    expect(await paused()).toBe(3_000);
    pace.failed(retry, 10_000);
    expect(await paused()).toBe(0);
  });

  it('spreads even the first try when many may come at once', async () => {
    pace.failed({ ...retry, atOnce: false }, 0);
    expect(await paused()).toBe(187);
  });

  it('waits as long as the server asks, and longer when it would have anyway', async () => {
    pace.failed({ ...retry, afterMs: 700 }, 0);
    expect(await paused()).toBe(700);
    await waits(5);
    pace.failed({ ...retry, afterMs: 700 }, 0);
    expect(await paused()).toBe(6_000);
  });

  it('remembers what the server asked when something else fails meanwhile', async () => {
    pace.failed({ ...retry, afterMs: 700 }, 0);
    pace.failed(retry, 0);
    expect(await paused()).toBe(700);
  });

  it('can be hurried in what it waits by itself, and not in what the server asked for', async () => {
    await waits(6);
    pace.failed({ ...retry, afterMs: 700 }, 0);
    expect(await paused((waited) => waited >= 100 && pace.hurry())).toBe(700);
    pace.failed(retry, 0);
    expect(await paused((waited) => waited === 100 && pace.hurry())).toBe(100);
  });

  it('does not wait when it is invited, neither for its failures nor for what the server asked before', async () => {
    await waits(6);
    pace.failed({ ...retry, afterMs: 700 }, 0);
    pace.failed({ ...retry, invited: true }, 0);
    expect(await paused()).toBe(0);
    pace.failed(retry, 0);
    expect(await paused()).toBe(7_500); // an invitation is no success
  });
});
