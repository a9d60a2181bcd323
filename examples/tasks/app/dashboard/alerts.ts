import type { Reading } from './readings.ts';

/** When somebody has to be told; listed in rules.ts. */
export interface Rule {
  /** What ALERT_RULES calls it. */
  readonly key: string;
  readonly name: string;
  /** Nothing while there is nothing to measure: then all is well. */
  readonly value: (now: Reading) => number | undefined;
  readonly above: number;
  readonly forSeconds: number;
  readonly severity: 'warning' | 'critical';
}

/** How it stands with a rule. */
export interface Alert {
  readonly rule: Rule;
  readonly firing: boolean;
  /** When it began to fire, or ceased to; milliseconds since 1970. */
  readonly since?: number;
  readonly value?: number | undefined;
  /** `at` of the reading since which the value says the opposite of `firing`. */
  readonly turning?: number;
}

/** How it stands with a rule after one more reading: it turns when the value has been on the other side for long enough. */
export const judge = ({ rule, firing, since, turning }: Alert, now: Reading): Alert => {
  const value = rule.value(now);
  const wrong = value !== undefined && value > rule.above;
  const still = { rule, firing, ...(since !== undefined && { since }), value };
  if (wrong === firing) return still;
  const from = turning ?? now.at;
  return now.at - from >= rule.forSeconds * 1_000
    ? { rule, firing: wrong, since: now.time, value }
    : { ...still, turning: from };
};

/** An alert as the page and the receiver of the webhook see it. */
export const describeAlert = ({ rule, firing, since, value }: Alert) => ({
  name: rule.name,
  severity: rule.severity,
  above: rule.above,
  forSeconds: rule.forSeconds,
  firing,
  since: since === undefined ? undefined : new Date(since).toISOString(),
  value,
});
