import { ApiError } from './api';
import type { GiveUp } from './endings';
import { MicrophoneError, type MicrophoneProblem } from './microphone';
import { RpcClosed, RpcError, RpcTimeout } from './rpc';

/** What happened, and what the person can do now. */
export interface Explanation {
  readonly title: string;
  readonly next: string;
}

const explanations: Record<string, Explanation> = {
  left: { title: 'You have left the room', next: 'Your microphone is off. You can go on air again at any time.' },
  room_ended: { title: 'The room has ended', next: 'The host closed it, or its time was up. Create a new room to go on.' },
  room_removing: { title: 'The room is closing', next: 'Create a new room to go on.' },
  room_not_found: { title: 'There is no room of this name', next: 'Check the room id, or create a new room.' },
  wrong_pin: { title: 'That is not the room’s PIN', next: 'It has six letters or digits. Ask the host for it, then try again.' },
  room_full: { title: 'The room is full', next: 'Somebody has to leave before you can go on air. You can listen meanwhile.' },
  taken_over: { title: 'You are on air somewhere else', next: 'Another tab took your place. Go on there, or go on air here with a place of your own.' },
  removed: { title: 'The host has removed you', next: 'Your microphone is off. Ask the host before you go on air again.' },
  already_joined: { title: 'You are already in the room', next: 'Close the other tab, wait half a minute, then try again.' },
  unauthorized: { title: 'The server did not accept your place', next: 'Try again. If it stays like this, tell the operator.' },
  forbidden: { title: 'You may not do that', next: 'It takes another role in the room. Ask the host.' },
  room_not_ready: { title: 'The room is not ready yet', next: 'It usually takes a second. Try again in a moment.' },
  not_started: { title: 'The room has not been started', next: 'Start it, and you go on air in it.' },
  no_capacity: { title: 'No media server is free', next: 'All of them are busy. Try again in a minute.' },
  gateway_unreachable: { title: 'The server cannot be reached', next: 'Check your network, then try again.' },
  unreachable: { title: 'The server cannot be reached', next: 'Check your network, then try again.' },
  media_unreachable: {
    title: 'Your sound cannot reach the media server',
    next: 'A firewall may block UDP. Try another network, then try again.',
  },
};

const microphoneProblems: Record<MicrophoneProblem, Explanation> = {
  insecure: { title: 'This page may not use a microphone', next: 'Browsers allow it on https and on localhost only. Open the page there.' },
  denied: {
    title: 'The microphone is not allowed',
    next: 'Allow it in the browser’s address bar (the icon beside the address), then try again.',
  },
  missing: { title: 'No microphone was found', next: 'Plug one in, or choose another one, then try again.' },
  busy: { title: 'The microphone did not open', next: 'Another program may be using it. Close that one, then try again.' },
};

export const microphoneUnplugged: Explanation = {
  title: 'Your microphone is gone',
  next: 'Nobody hears you. Plug it in again, or choose another one.',
};

export const mutedByHost: Explanation = {
  title: 'The host has muted you',
  next: 'Nobody hears you until the host or you unmute.',
};

export function explain(why: GiveUp): Explanation {
  return explanations[why] ?? { title: 'The server refused', next: `It says “${why}”. Try again, or tell the operator.` };
}

/** Explains what a click led to; throws on what only a bug can have caused. */
export function explainError(error: unknown): Explanation {
  if (error instanceof MicrophoneError) return microphoneProblems[error.problem];
  if (error instanceof ApiError) return explain(error.code);
  if (error instanceof RpcError) return explain(error.data.code ?? `rpc_${error.code}`);
  if (error instanceof RpcTimeout || error instanceof RpcClosed) return explain('gateway_unreachable');
  throw error;
}
