import { api } from '../lib/api';
import { Listener, type ListenerSnapshot } from '../lib/listener';
import { openPlayer } from '../lib/player';

const volumeKey = 'eventrtc:volume';
const behindEveryMs = 500;

/** The listen page: one room, one audio element. */
export class ListeningRoom {
  snapshot = $state.raw<ListenerSnapshot>({ phase: 'checking', playback: 'stopped' });
  /** Seconds behind live; undefined while nothing plays. */
  behind = $state<number>();
  /** 0 to 1. */
  volume = $state(Number(localStorage.getItem(volumeKey) ?? 1));
  #listener: Listener | undefined;

  constructor(readonly name: string) {}

  /** Listens through `audio`; returns how to end that. */
  attach(audio: HTMLAudioElement): () => void {
    const listener = new Listener(this.name, audio, { api, openPlayer, random: Math.random }, (snapshot) => (this.snapshot = snapshot));
    const timer = setInterval(() => (this.behind = listener.behind()), behindEveryMs);
    this.#listener = listener;
    void listener.run();
    return () => {
      clearInterval(timer);
      listener.dispose();
    };
  }

  get listening(): boolean {
    return ['starting', 'playing', 'stalled'].includes(this.snapshot.playback);
  }

  toggle(): void {
    if (this.listening) this.#listener?.stop();
    else this.#listener?.play();
  }

  setVolume(volume: number): void {
    this.volume = volume;
    localStorage.setItem(volumeKey, String(volume));
  }
}
