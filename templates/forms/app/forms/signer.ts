// Signatures with FORMS_SECRET; in development, where it may be missing, with a key of this process.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Config } from '../../config.ts';

export interface Signer {
  /** The text with its signature. `purpose` keeps what was signed for one thing from being used for another. */
  readonly sign: (purpose: string, text: string) => string;
  /** The text, when the signature is ours. */
  readonly verify: (purpose: string, signed: string) => string | undefined;
}

export const createSigner = ({ variables }: Pick<Config, 'variables'>): Signer => {
  const key = variables.FORMS_SECRET ?? randomBytes(32);
  const mac = (purpose: string, text: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([purpose, text]))
      .digest();
  return {
    sign: (purpose, text) => `${text}.${mac(purpose, text).toString('base64url')}`,
    verify: (purpose, signed) => {
      const dot = signed.lastIndexOf('.');
      if (dot < 0) return undefined;
      const text = signed.slice(0, dot);
      const given = Buffer.from(signed.slice(dot + 1), 'base64url');
      const expected = mac(purpose, text);
      return given.length === expected.length && timingSafeEqual(given, expected)
        ? text
        : undefined;
    },
  };
};
