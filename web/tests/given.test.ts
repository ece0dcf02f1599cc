import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetGivenSeat, givenSeat } from '../src/studio/given';
import { fakeToken, memoryStore } from './fakes';

describe('a seat that a link brings along', () => {
  const token = fakeToken({ userID: 'u', roomID: 'r1', role: 'host' });
  let address: string;

  function open(hash: string): void {
    vi.stubGlobal('location', { pathname: '/studio/', search: '?room=r1', hash });
  }

  beforeEach(() => {
    address = '';
    vi.stubGlobal('sessionStorage', memoryStore());
    vi.stubGlobal('history', { replaceState: (_: unknown, __: string, url: string) => (address = url) });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it('is taken out of the address, and kept over a reload', () => {
    open(`#token=${token}`);
    expect(givenSeat()).toMatchObject({ userID: 'u', roomID: 'r1', token });
    expect(address).toBe('/studio/?room=r1');
    open('');
    expect(givenSeat()).toMatchObject({ userID: 'u' });
    forgetGivenSeat();
    expect(givenSeat()).toBeUndefined();
  });

  it('is not there in a link without one', () => {
    open('#elsewhere');
    expect(givenSeat()).toBeUndefined();
    expect(address).toBe('');
  });

  it('is refused when it is none, and not kept', () => {
    open('#token=broken');
    expect(() => givenSeat()).toThrow(TypeError);
    open('');
    expect(givenSeat()).toBeUndefined();
  });
});
