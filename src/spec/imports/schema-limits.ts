import { limits, type FieldSpec, type JsonValue } from '../schema.ts';
import type { JsonObject } from './pointer.ts';

/** The lengths of a text, as far as a field can have them. */
export function lengths(
  min: JsonValue | undefined,
  max: JsonValue | undefined,
): Pick<FieldSpec, 'minLength' | 'maxLength'> {
  const usable = (length: JsonValue | undefined, least: number): length is number =>
    Number.isInteger(length) && Number(length) >= least && Number(length) <= limits.textLength;
  return {
    ...(usable(min, 1) && { minLength: min }),
    ...(usable(max, 1) && { maxLength: max }),
  };
}

/** The limits of a number; an exclusive one only where the next whole number says the same. */
export function range(
  schema: JsonObject,
  type: 'integer' | 'number',
): Pick<FieldSpec, 'min' | 'max'> {
  const limit = (inclusive: string, exclusive: string, step: 1 | -1): number | undefined => {
    const value = schema[inclusive];
    const open = schema[exclusive];
    if (type === 'number') return typeof value === 'number' && open !== true ? value : undefined;
    const whole = (from: number) => (step === 1 ? Math.ceil(from) : Math.floor(from));
    if (typeof open === 'number') return whole(open) === open ? open + step : whole(open);
    if (typeof value !== 'number') return undefined;
    return open === true && whole(value) === value ? value + step : whole(value);
  };
  const min = limit('minimum', 'exclusiveMinimum', 1);
  const max = limit('maximum', 'exclusiveMaximum', -1);
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}
