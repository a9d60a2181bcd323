// The kinds of environment variables: what config.ts and the settings of features are made of.
import * as z from 'zod';

/** A whole number within limits. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be a whole number from ${min} to ${max}`);

/** Words between commas. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** A secret is refused when it is short, the sample of .env.example, or one character over and over. */
export const secret = z
  .string()
  .refine(
    (text) => Buffer.byteLength(text) >= 32,
    'must have at least 32 bytes: openssl rand -hex 32',
  )
  .refine(
    (text) => !/replace|change|example|sample/i.test(text) && new Set(text).size >= 8,
    'is a sample, not a secret: openssl rand -hex 32',
  );

const needed = { neededInProduction: true };

/** A secret that production does not start without. */
export const productionSecret = secret.optional().meta(needed);

/** Whether production does not start without a variable of this kind. */
export const isNeededInProduction = (type: z.ZodType): boolean =>
  type.meta()?.neededInProduction === true;
