import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoff, wait } from '../src/lib/backoff';

const options = { firstMs: 100, lastMs: 10_000 };

describe('backoff', () => {
  it('doubles from the first wait to the last', () => {
    const longest = [0, 1, 2, 3, 6, 7, 50].map((attempt) => backoff(attempt, options, () => 1));
    expect(longest).toEqual([100, 200, 400, 800, 6_400, 10_000, 10_000]);
  });

  it('spreads the upper half of each wait', () => {
    expect(backoff(3, options, () => 0)).toBe(400);
    expect(backoff(3, options, () => 0.5)).toBe(600);
  });

  it('stays within its bounds for any attempt and any randomness', () => {
    for (let attempt = 0; attempt < 2_000; attempt++) {
      const delay = backoff(attempt, options);
      expect(delay).toBeGreaterThanOrEqual(50);
      expect(delay).toBeLessThanOrEqual(10_000);
    }
  });
});

describe('wait', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends when its time is over', async () => {
    const ended = vi.fn();
    void wait(500, new AbortController().signal).then(ended);
    await vi.advanceTimersByTimeAsync(499);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('ends at once when it is called off, before or meanwhile', async () => {
    const controller = new AbortController();
    const meanwhile = wait(60_000, controller.signal);
    controller.abort();
    await meanwhile;
    await wait(60_000, controller.signal);
    expect(vi.getTimerCount()).toBe(0);
  });
});
