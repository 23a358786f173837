import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { duration } from "~/lib/time.ts";
import classes from "./audio-player.module.css";

const rates = [1, 1.5, 2];
/** Only one recording speaks at a time. */
let speaking: HTMLAudioElement | null = null;

interface Props {
  url: string;
  name: string;
  durationMs: number | null;
}

export function AudioPlayer({ url, name, durationMs }: Props) {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [total, setTotal] = useState(durationMs ?? 0);
  const [rate, setRate] = useState(1);

  useEffect(() => () => audio.current?.pause(), []);

  const toggle = () => {
    const element = audio.current;
    if (element === null) return;
    if (!element.paused) {
      element.pause();
      return;
    }
    if (speaking !== element) speaking?.pause();
    speaking = element;
    element.playbackRate = rate;
    void element.play().catch(() => setPlaying(false));
  };
  const seek = (ms: number) => {
    if (audio.current !== null) audio.current.currentTime = ms / 1000;
    setAt(ms);
  };
  return (
    <div className={classes.player} role="group" aria-label={name}>
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => seek(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime * 1000)}
        onLoadedMetadata={(event) => {
          const ms = event.currentTarget.duration * 1000;
          if (Number.isFinite(ms) && ms > 0) setTotal(ms);
        }}
      />
      <button type="button" className={classes.play} aria-label={t(playing ? "message.pause" : "message.play")} onClick={toggle}>
        {playing ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
      </button>
      <input
        type="range"
        className={classes.seek}
        min={0}
        max={Math.max(total, 1)}
        step={100}
        value={Math.min(at, total)}
        style={{ "--done": `${total === 0 ? 0 : (at / total) * 100}%` } as React.CSSProperties}
        aria-label={t("message.seek")}
        aria-valuetext={duration(at)}
        onChange={(event) => seek(Number(event.currentTarget.value))}
      />
      <span className={classes.time}>{duration(playing || at > 0 ? at : total)}</span>
      <button
        type="button"
        className={classes.rate}
        aria-label={t("message.speed", { rate })}
        onClick={() => {
          const next = rates[(rates.indexOf(rate) + 1) % rates.length] ?? 1;
          setRate(next);
          if (audio.current !== null) audio.current.playbackRate = next;
        }}
      >
        {rate}×
      </button>
    </div>
  );
}
