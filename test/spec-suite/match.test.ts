import { Binary, Decimal128, Double, Int32, Long, MongoServerError, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { matchError } from './errors.ts';
import { Mismatch, match, type MatchContext } from './match.ts';
import { applies } from './requirements.ts';

const id = new ObjectId();
const context: MatchContext = { entity: () => id, lsid: () => ({ id: 1 }) };
const matches = (expected: unknown, actual: unknown, root = false): boolean => {
  try {
    match(expected, actual, context, '', root);
    return true;
  } catch (error) {
    if (error instanceof Mismatch) return false;
    throw error;
  }
};

describe('matching of the unified test format', () => {
  it('allows additional keys in root documents and their array elements only', () => {
    expect(matches({ a: 1 }, { a: 1, b: 2 }, true)).toBe(true);
    expect(matches([{ a: 1 }], [{ a: 1, b: 2 }], true)).toBe(true);
    expect(matches({ a: { b: 1 } }, { a: { b: 1, c: 2 } }, true)).toBe(false);
    expect(matches({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(matches({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  });

  it('compares numbers by value, whatever their type', () => {
    for (const one of [1, new Int32(1), new Double(1), Long.ONE, 1n])
      expect(matches(1, one)).toBe(true);
    expect(matches(1, 2)).toBe(false);
    expect(matches(1, Decimal128.fromString('1'))).toBe(false);
    expect(matches(1, '1')).toBe(false);
  });

  it('knows $$exists, $$unsetOrMatches, $$type and the look-ups', () => {
    expect(matches({ a: { $$exists: false } }, {}, true)).toBe(true);
    expect(matches({ a: { $$exists: false } }, { a: null }, true)).toBe(false);
    expect(matches({ a: { $$exists: true } }, {}, true)).toBe(false);
    expect(matches({ a: { $$unsetOrMatches: 1 } }, {}, true)).toBe(true);
    expect(matches({ a: { $$unsetOrMatches: 1 } }, { a: 2 }, true)).toBe(false);
    expect(matches({ $$type: ['int', 'string'] }, 'x')).toBe(true);
    expect(matches({ $$type: 'int' }, 1.5)).toBe(false);
    expect(matches({ $$matchesEntity: 'x' }, id)).toBe(true);
    expect(matches({ $$matchesEntity: 'x' }, new ObjectId())).toBe(false);
    expect(matches({ $$sessionLsid: 's' }, { id: 2 })).toBe(false);
    expect(() => matches({ $$nonsense: 1 }, 1)).toThrow('not known');
  });

  it('compares other values by type and content, arrays by length', () => {
    expect(matches(new Binary(Buffer.from('a')), new Binary(Buffer.from('b')))).toBe(false);
    expect(matches(new Date(1), new Date(1))).toBe(true);
    expect(matches([1, 2], [1])).toBe(false);
    expect(matches(null, undefined)).toBe(false);
  });
});

describe('expected errors', () => {
  const error = new MongoServerError({
    message: 'no',
    code: 11000,
    codeName: 'DuplicateKey',
    errorLabels: ['L'],
  });

  it('match code, name, text, labels and origin', () => {
    matchError(
      {
        isClientError: false,
        errorCode: 11000,
        errorCodeName: 'DuplicateKey',
        errorContains: 'NO',
        errorLabelsContain: ['L'],
      },
      error,
      context,
    );
    for (const wrong of [
      { isClientError: true },
      { errorCode: 1 },
      { errorContains: 'yes' },
      { errorLabelsOmit: ['L'] },
      { errorLabelsContain: ['M'] },
    ]) {
      expect(() => matchError(wrong, error, context)).toThrow(Mismatch);
    }
  });
});

describe('requirements', () => {
  const server = { version: [8, 0, 0], topology: 'replicaset' as const };

  it('need one of the list to be met', () => {
    expect(applies(undefined, server)).toBe(true);
    expect(applies([{ topologies: ['sharded'] }, { minServerVersion: '4.2' }], server)).toBe(true);
    expect(applies([{ maxServerVersion: '7.99' }], server)).toBe(false);
    expect(applies([{ minServerVersion: '8.2.0' }], server)).toBe(false);
    expect(applies([{ auth: true }], server)).toBe(false);
  });
});
