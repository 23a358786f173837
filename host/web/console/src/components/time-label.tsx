import { brief, exact } from "~/lib/time.ts";

/** A relative time, exact on hover. */
export function TimeLabel({ at, now, className }: { at: string; now: number; className?: string | undefined }) {
  return (
    <time dateTime={at} title={exact(at)} className={className}>
      {brief(at, now)}
    </time>
  );
}
