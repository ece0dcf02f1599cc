import { describe, expect, it } from 'vitest';
import { readToken } from '../src/lib/token';
import { fakeToken } from './fakes';

describe('a room token', () => {
  it('says whose place it is', () => {
    const token = fakeToken({ userID: 'user-ä', roomID: 'r1', role: 'host', exp: 1 });
    expect(readToken(token)).toEqual({ userID: 'user-ä', roomID: 'r1', role: 'host', token });
  });

  it.each([
    ['nothing', ''],
    ['no token', 'hello'],
    ['no JSON', 'a.b.c'],
    ['a listener’s token', fakeToken({ roomID: 'r1' })],
    ['no object', `a.${btoa('null')}.c`],
  ])('is refused when it is %s', (_, token) => {
    expect(() => readToken(token)).toThrow(TypeError);
  });
});
