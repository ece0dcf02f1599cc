import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readReason, RpcClosed, RpcConnection, RpcError, RpcTimeout } from '../src/lib/rpc';
import { FakeSocket, settle } from './fakes';

describe('a JSON-RPC connection', () => {
  let socket: FakeSocket;
  let rpc: RpcConnection;

  beforeEach(() => {
    vi.useFakeTimers();
    socket = new FakeSocket();
    rpc = new RpcConnection(socket.asSocket(), 1_000);
  });
  afterEach(() => void vi.useRealTimers());

  it('sends a request when the socket is open, and not before', async () => {
    void rpc.request('join', { pin: '123456' });
    await settle();
    expect(socket.sent).toEqual([]);
    await socket.open();
    expect(socket.sent).toEqual([{ jsonrpc: '2.0', id: 1, method: 'join', params: { pin: '123456' } }]);
  });

  it('gives each answer to its own request, in whatever order they come', async () => {
    await socket.open();
    const first = rpc.request('a');
    const second = rpc.request('b');
    await settle();
    await socket.answer('b', { result: 'B' });
    await socket.answer('a', { result: 'A' });
    expect(await first).toBe('A');
    expect(await second).toBe('B');
  });

  it('turns an error into one that says whether to try again', async () => {
    await socket.open();
    const answer = rpc.request('join');
    await settle();
    const outcome = expect(answer).rejects.toEqual(
      new RpcError(-32050, 'starting', { code: 'room_not_ready', retryable: true, retryAfterMs: 200 }),
    );
    const data = { code: 'room_not_ready', retryable: true, retryAfterMs: 200 };
    await socket.answer('join', { error: { code: -32050, message: 'starting', data } });
    await outcome;
    await expect(answer).rejects.toMatchObject({ code: -32050, data });
  });

  it('stops waiting after its time limit, and ignores the answer that comes later', async () => {
    await socket.open();
    const outcome = expect(rpc.request('slow')).rejects.toBeInstanceOf(RpcTimeout);
    await vi.advanceTimersByTimeAsync(1_000);
    await outcome;
    await socket.answer('slow', { result: null });
  });

  it('waits for one request as long as that one says', async () => {
    await socket.open();
    const outcome = expect(rpc.request('keepalive', {}, 300)).rejects.toThrow('within 300 ms');
    await vi.advanceTimersByTimeAsync(300);
    await outcome;
  });

  it('is over at once when we close it, however long the other side takes to notice', async () => {
    await socket.open();
    const heard = vi.fn();
    rpc.on('talking', heard);
    const outcome = expect(rpc.request('a')).rejects.toMatchObject({ close: { code: 4000, reason: 'gone' } });
    await settle();
    socket.deaf = true;
    rpc.close(4000, 'gone');
    await outcome;
    await socket.notify('talking', {});
    socket.drop(1006);
    expect(await rpc.closed).toEqual({ code: 4000, reason: 'gone' });
    expect(heard).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails every waiting and every later request when the socket closes', async () => {
    await socket.open();
    const outcome = expect(rpc.request('a')).rejects.toMatchObject({ close: { code: 1012, reason: 'restart' } });
    await settle();
    socket.drop(1012, 'restart');
    await outcome;
    await expect(rpc.request('b')).rejects.toBeInstanceOf(RpcClosed);
    expect(await rpc.closed).toEqual({ code: 1012, reason: 'restart' });
  });

  it('fails a request that waits for a socket that never opens', async () => {
    const outcome = expect(rpc.request('join')).rejects.toMatchObject({ close: { code: 4001 } });
    socket.drop(4001);
    await outcome;
  });

  it('hands notifications, also in a batch, to their handlers', async () => {
    const heard: unknown[] = [];
    rpc.on('talking', (params) => heard.push(params));
    await socket.open();
    await socket.notify('talking', { userId: 'u', talking: true });
    await socket.deliver([
      { jsonrpc: '2.0', method: 'talking', params: 1 },
      { jsonrpc: '2.0', method: 'unknown', params: 2 },
    ]);
    expect(heard).toEqual([{ userId: 'u', talking: true }, 1]);
  });

  it('answers a request of the server with “method not found”', async () => {
    await socket.open();
    await socket.deliver({ jsonrpc: '2.0', id: 's1', method: 'hello' });
    expect(socket.sent).toMatchObject([{ id: 's1', error: { code: -32601 } }]);
  });

  it.each(['not json', 'null', '7', '"text"'])('survives the frame %s', async (frame) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await socket.open();
    await socket.deliver(frame);
    expect(warn).toHaveBeenCalledOnce();
    const answer = rpc.request('still alive');
    await settle();
    await socket.answer('still alive', { result: true });
    expect(await answer).toBe(true);
    warn.mockRestore();
  });
});

describe('a close reason', () => {
  it('is read when it is the gateway’s', () => {
    expect(readReason('{"code":"restart","retryable":true,"retryAfterMs":3120}')).toEqual({ code: 'restart', retryable: true, retryAfterMs: 3120 });
  });

  it.each(['', 'taken over', '{broken', 'null', '7', '"restart"'])('says nothing when it is %j', (reason) => {
    expect(readReason(reason)).toEqual({});
  });
});
