import { afterEach, describe, expect, it, vi } from 'vitest';
import { api } from '../src/lib/api';

const answers = (status: number, body: string) => vi.stubGlobal('fetch', vi.fn(async () => new Response(body, { status })));

describe('a REST call', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('creates a room that starts, under its key', async () => {
    answers(201, JSON.stringify({ success: true, room: { roomId: 'r1', pin: 'abc123', status: 'onair' } }));
    expect(await api.createRoom('key-1')).toMatchObject({ roomId: 'r1', pin: 'abc123' });
    expect(fetch).toHaveBeenCalledWith(
      '/api/rooms',
      expect.objectContaining({
        method: 'POST',
        body: '{"start":true}',
        headers: { 'Idempotency-Key': 'key-1', 'Content-Type': 'application/json' },
      }),
    );
  });

  it('gives a seat back with the token that proves it', async () => {
    answers(200, '{}');
    await api.release('r1', { userID: 'u1', token: 't1' });
    const headers = { Authorization: 'Bearer t1' };
    expect(fetch).toHaveBeenCalledWith('/api/rooms/r1/users/u1', expect.objectContaining({ method: 'DELETE', headers }));
  });

  it.each([
    ['a refusal', 409, '{"success":false,"error":"full","code":"room_full","retryable":false}', { status: 409, code: 'room_full', retryable: false }],
    ['a passing refusal', 503, '{"error":"busy","code":"no_capacity","retryable":true}', { status: 503, code: 'no_capacity', retryable: true }],
    ['a proxy without its service', 502, '<html>Bad Gateway</html>', { status: 502, code: 'unreachable', retryable: true }],
    ['a refusal without words', 413, '', { status: 413, code: 'http_413', retryable: false }],
  ])('tells %s', async (_, status, body, error) => {
    answers(status, body);
    await expect(api.startRoom('r1')).rejects.toMatchObject({ name: 'ApiError', ...error });
  });

  it('tells a server that does not answer', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('Failed to fetch'))));
    await expect(api.findRoom('r1')).rejects.toMatchObject({ status: 0, code: 'unreachable', retryable: true });
  });
});
