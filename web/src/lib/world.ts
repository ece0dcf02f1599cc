import { api, type Api } from './api';
import { gatewayUrl } from './gateway';
import { Seats } from './seats';

/** The world around a room client: the browser's own for a page, a made-up one for a test. */
export interface RoomWorld {
  readonly api: Pick<Api, 'admit' | 'release'>;
  readonly seats: Seats;
  openSocket(token: string): WebSocket;
  openPeer(): RTCPeerConnection;
  /** 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/** REST and gateway on the page's own origin, seats kept for as long as the tab lives. */
export function browserWorld(): RoomWorld {
  return {
    api,
    seats: new Seats(sessionStorage),
    openSocket: (token) => new WebSocket(gatewayUrl(location, token)),
    // No STUN: the media server is reached at its own address, and answers to wherever our packets come from.
    openPeer: () => new RTCPeerConnection(),
    random: Math.random,
  };
}
