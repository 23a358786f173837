import { useNumber } from "~/lib/numbers.ts";
import classes from "./plugins.module.css";

/** The plugin's own counters, by the names that it gave them. */
export function Metrics({ metrics }: { metrics: [name: string, count: number][] }) {
  const number = useNumber();
  return (
    <dl className={classes.metrics}>
      {metrics.map(([name, count]) => (
        <div key={name} className={classes.metric}>
          <dt className={classes.code}>{name}</dt>
          <dd>{number(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
