import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Peer } from '../src/lib/peer';
import { FakePeer, FakeStream, settle } from './fakes';

describe('a peer', () => {
  const microphone = { id: 'microphone' } as unknown as MediaStreamTrack;
  const signalling = { offer: async () => ({ type: 'answer', sdp: 'their sdp' }) as const, trickle: vi.fn() };
  let connection: FakePeer;
  let told: string[];
  let peer: Peer;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('MediaStream', FakeStream);
    connection = new FakePeer();
    told = [];
    peer = new Peer(connection.asPeer(), microphone, {
      connected: () => told.push('connected'),
      lost: (how) => told.push(how),
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('ignores a candidate that comes before its offer: it is meant for an earlier one', async () => {
    await peer.receive({ candidate: { candidate: 'of a ghost' } });
    await peer.negotiate(signalling);
    expect(connection.applied).toEqual(['local offer', 'remote answer']);
  });

  it('survives a candidate that the browser cannot use', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    connection.addIceCandidate = () => Promise.reject(new DOMException('unusable', 'OperationError'));
    await peer.negotiate(signalling);
    await peer.receive({ candidate: { candidate: 'broken' } });
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  it('is given twenty seconds to be established', async () => {
    await peer.negotiate(signalling);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual(['failed']);
  });

  it('is established once media has flowed, and stays it while it looks for another path', async () => {
    expect(peer.established).toBe(false);
    connection.become('connected');
    connection.become('disconnected');
    expect(peer.established).toBe(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toEqual(['connected', 'patience']);
    peer.look();
    await vi.advanceTimersByTimeAsync(4_999);
    connection.become('connected');
    expect(told).toEqual(['connected', 'patience', 'connected']);
  });

  it('tells nothing more once it is closed', async () => {
    connection.become('disconnected');
    peer.close();
    connection.become('failed');
    await settle();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
