// Nobody else's page can send our forms: a signed token bound to a cookie, and where the browser says the form was.
import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Config } from '../../config.ts';
import { problem } from '../core/problems.ts';
import type { Jar } from './cookies.ts';
import type { Signer } from './signer.ts';

/** The name of the hidden field. */
export const tokenField = '_csrf';

const cookie = 'forms';
const random = (): string => randomBytes(18).toString('base64url');

export interface Csrf {
  /** A token for a page that is about to be sent; a visitor without a session gets one. */
  readonly token: (req: Request, res: Response) => string;
  /** Refuses with 403 what was not sent from a page of ours. Needs the body. */
  readonly check: RequestHandler;
}

export const createCsrf = (
  { publicUrl }: Pick<Config, 'publicUrl'>,
  jar: Jar,
  { sign, verify }: Signer,
): Csrf => {
  const purpose = (session: string): string => `csrf ${session}`;

  const sameOrigin = (req: Request): boolean => {
    const site = req.get('sec-fetch-site');
    if (site !== undefined) return site === 'same-origin';
    // Older browsers, and all of them over plain http, say only this. A program says neither.
    const origin = req.get('origin');
    const own = publicUrl === undefined ? [] : [new URL(publicUrl).origin];
    return origin === undefined || [...own, `${req.protocol}://${req.host}`].includes(origin);
  };

  const isOurs = (req: Request): boolean => {
    const session = jar.read(req, cookie);
    const body: unknown = req.body;
    const token: unknown =
      typeof body === 'object' && body !== null ? Reflect.get(body, tokenField) : undefined;
    return (
      session !== undefined &&
      typeof token === 'string' &&
      verify(purpose(session), token) !== undefined
    );
  };

  return {
    token: (req, res) => {
      let session = jar.read(req, cookie);
      if (session === undefined) {
        session = random();
        jar.write(req, res, cookie, session);
      }
      // Another one each time, so that no compression of the page tells anything about it.
      return sign(purpose(session), random());
    },
    check: (req, _res, next) => {
      const isRead = req.method === 'GET' || req.method === 'HEAD';
      if (isRead || (sameOrigin(req) && isOurs(req))) {
        next();
        return;
      }
      const detail = 'This form was sent from elsewhere, or is too old: load its page again';
      throw problem('forbidden', detail);
    },
  };
};
