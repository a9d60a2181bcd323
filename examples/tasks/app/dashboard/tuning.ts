import * as z from 'zod';
import type { Rule } from './alerts.ts';

/** What one deployment wants of a rule; nothing when it does not want the rule at all. */
export type Tuning = Pick<Rule, 'above' | 'forSeconds'> & Partial<Pick<Rule, 'severity'>>;

const form = /^(\w+) (?:off|> (\d{1,15}(?:\.\d{1,6})?) for (\d{1,5}) s(?: (warning|critical))?)$/;

const read = (text: string): readonly [string, Tuning | undefined] | undefined => {
  const [, key, above, forSeconds, severity] = form.exec(text) ?? [];
  if (key === undefined) return undefined;
  if (above === undefined) return [key, undefined];
  const numbers = { above: Number(above), forSeconds: Number(forSeconds) };
  if (severity === 'warning' || severity === 'critical') return [key, { ...numbers, severity }];
  return [key, numbers];
};

/** ALERT_RULES, `p95 > 0.5 for 60 s critical, memory off`: what is to be another way, by the keys of the rules. */
export const tuningOf = (rules: readonly Rule[]) =>
  z.string().transform((text, context): ReadonlyMap<string, Tuning | undefined> => {
    const keys = rules.map(({ key }) => key);
    const items = text.split(',').map((item) => read(item.trim()));
    const known = items.filter((item) => item !== undefined);
    if (known.length < items.length || known.some(([key]) => !keys.includes(key))) {
      context.addIssue({
        code: 'custom',
        message: `must be like "p95 > 0.5 for 60 s critical, memory off"; there are ${keys.join(', ')}`,
      });
    }
    return new Map(known);
  });

/** The rules as a deployment wants them. */
export const tuned = (
  rules: readonly Rule[],
  tuning: ReadonlyMap<string, Tuning | undefined> = new Map(),
): readonly Rule[] =>
  rules.flatMap((rule) =>
    tuning.has(rule.key) && tuning.get(rule.key) === undefined
      ? []
      : [{ ...rule, ...tuning.get(rule.key) }],
  );
