import { describe, expect, it } from 'vitest';
import { WatchedWorld } from '../src/lib/debug';
import { FakeWorld } from './fakes';

describe('a watched world', () => {
  it('drops its newest WebSocket as a lost network would, and counts its peer connections', () => {
    const real = new FakeWorld();
    const watched = new WatchedWorld({
      api: real.api,
      seats: real.seats,
      openSocket: (token) => real.openSocket(token),
      openPeer: () => real.openPeer(),
      random: () => 0.5,
    });
    watched.dropSocket();
    watched.world.openSocket('a');
    watched.world.openSocket('b');
    watched.dropSocket();
    expect(real.sockets.map(({ closedWith }) => closedWith)).toEqual([undefined, 4000]);
    expect(watched.sessions).toBe(0);
    watched.world.openPeer();
    expect(watched.sessions).toBe(1);
  });
});
