// A message for the next page that is shown, as Flask's flash(): in a signed cookie, for a minute.
import type { Request, Response } from 'express';
import type { Jar } from './cookies.ts';
import type { Signer } from './signer.ts';

const cookie = 'flash';

export interface Flash {
  readonly put: (req: Request, res: Response, message: string) => void;
  /** The message, which is gone then. */
  readonly take: (req: Request, res: Response) => string | undefined;
}

export const createFlash = (jar: Jar, { sign, verify }: Signer): Flash => ({
  put: (req, res, message) => {
    jar.write(req, res, cookie, sign('flash', Buffer.from(message).toString('base64url')), 60);
  },
  take: (req, res) => {
    const signed = jar.read(req, cookie);
    if (signed === undefined) return undefined;
    jar.write(req, res, cookie, '', 0);
    const text = verify('flash', signed);
    return text === undefined ? undefined : Buffer.from(text, 'base64url').toString('utf8');
  },
});
