import type { ListenerSnapshot } from '../lib/listener';

/** What the page says of where things stand, and of what comes next. */
export function tell({ phase, playback }: ListenerSnapshot): string {
  const wanted = playback === 'starting' || playback === 'playing' || playback === 'stalled';
  if (playback === 'unsupported') return 'This browser cannot play live audio. A current Chrome, Edge, Firefox or Safari can.';
  switch (phase) {
    case 'checking':
      return 'Looking for the room…';
    case 'missing':
      return 'There is no room of this name. Check the link, or wait here: it may yet be opened.';
    case 'waiting':
      return wanted ? 'Not on air yet. The sound starts by itself.' : 'Not on air yet. Press play, and the sound starts with the room.';
    case 'ended':
      return wanted ? 'The broadcast has ended. Should it go on, so does the sound.' : 'The broadcast has ended.';
    case 'unreachable':
      return 'The server cannot be reached. Trying again…';
    case 'onair':
      return whileOnAir[playback];
  }
}

const whileOnAir: Record<Exclude<ListenerSnapshot['playback'], 'unsupported'>, string> = {
  stopped: 'On air now. Press play to listen.',
  starting: 'Tuning in…',
  playing: 'Listening',
  stalled: 'Waiting for the network…',
  blocked: 'The browser wants a click first. Press play.',
};
