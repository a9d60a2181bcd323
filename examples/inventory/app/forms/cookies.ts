// Cookies that only this server reads; over https also bound to this very host.
import type { Request, Response } from 'express';
import type { Config } from '../../config.ts';

export interface Jar {
  readonly read: (req: Request, name: string) => string | undefined;
  /** @param seconds how long it is kept; until the browser is closed when nothing is said */
  readonly write: (
    req: Request,
    res: Response,
    name: string,
    value: string,
    seconds?: number,
  ) => void;
}

/** The way to cookies. `__Host-` makes a browser refuse one that a sister domain or plain http has set. */
export const cookieJar = ({ publicUrl }: Pick<Config, 'publicUrl'>): Jar => {
  const isSecure = (req: Request): boolean =>
    req.secure || publicUrl?.startsWith('https:') === true;
  const full = (req: Request, name: string): string => (isSecure(req) ? `__Host-${name}` : name);
  return {
    read: (req, name) => {
      const start = `${full(req, name)}=`;
      const pairs = (req.headers.cookie ?? '').split(/;\s*/);
      return pairs.find((pair) => pair.startsWith(start))?.slice(start.length);
    },
    write: (req, res, name, value, seconds) => {
      res.cookie(full(req, name), value, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: isSecure(req),
        ...(seconds !== undefined && { maxAge: seconds * 1_000 }),
      });
    },
  };
};
