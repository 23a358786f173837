/** A small player for voice messages and sound files. */
import { useSignalEffect } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { useScreen } from "./context.ts";
import { Icon } from "./icons.tsx";

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function Player({ url, label, durationMs }: { url: string; label: string; durationMs: number | null }) {
  const { chat, words } = useScreen();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState((durationMs ?? 0) / 1000);
  useSignalEffect(() => {
    // A closed panel is silent.
    if (!chat.state.shown.value) audio.current?.pause();
  });

  const toggle = (): void => {
    const sound = audio.current;
    if (!sound) return;
    if (sound.paused) {
      // One sound at a time.
      for (const other of document.querySelectorAll("audio")) if (other !== sound) other.pause();
      void sound.play().catch(() => setPlaying(false));
    } else sound.pause();
  };
  const { say } = words.value;
  return (
    <div class="player" role="group" aria-label={label}>
      <button type="button" class="player-toggle" aria-label={say(playing ? "pause" : "play")} onClick={toggle}>
        <Icon name={playing ? "pause" : "play"} size={18} />
      </button>
      <input
        type="range"
        aria-label={say("seek")}
        aria-valuetext={clock(at)}
        min={0}
        max={Math.max(length, 0.1)}
        step={0.1}
        value={at}
        onInput={(event) => {
          const to = Number(event.currentTarget.value);
          setAt(to);
          if (audio.current) audio.current.currentTime = to;
        }}
      />
      <span class="player-time">{clock(playing || at > 0 ? at : length)}</span>
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => {
          if (Number.isFinite(event.currentTarget.duration)) setLength(event.currentTarget.duration);
        }}
      />
    </div>
  );
}
