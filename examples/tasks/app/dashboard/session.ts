import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CookieOptions, Request, Response } from 'express';
import type { Config } from '../../config.ts';

const name = 'dashboard';
const lifeMs = 12 * 3_600_000;

const isSame = (a: string, b: string) => {
  const [left, right] = [a, b].map((text) => createHmac('sha256', 'compare').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
};

/**
 * Who has shown the OPS_TOKEN once is known by a cookie for twelve hours. It holds when it ends and a signature made
 * with the token: nothing is stored, a new token ends all sessions, and the cookie does not tell the token.
 */
export const createSessions = ({ opsToken, publicUrl }: Pick<Config, 'opsToken' | 'publicUrl'>) => {
  const sign = (until: string) =>
    createHmac('sha256', opsToken ?? '')
      .update(`dashboard.${until}`)
      .digest('base64url');

  /** Over https a prefix that no other host of the domain can set; a browser refuses it over plain http. */
  const cookie = (req: Request) => {
    const tls = req.secure || publicUrl?.startsWith('https:') === true;
    const options: CookieOptions = { httpOnly: true, sameSite: 'strict', path: '/', secure: tls };
    return { name: tls ? `__Host-${name}` : name, options };
  };

  return {
    isToken: (given: unknown) =>
      opsToken !== undefined && typeof given === 'string' && isSame(given, opsToken),
    open(req: Request, res: Response): void {
      const until = String(Date.now() + lifeMs);
      const { name: key, options } = cookie(req);
      res.cookie(key, `${until}.${sign(until)}`, { ...options, maxAge: lifeMs });
    },
    close(req: Request, res: Response): void {
      const { name: key, options } = cookie(req);
      res.clearCookie(key, options);
    },
    isOpen(req: Request): boolean {
      const key = `${cookie(req).name}=`;
      const pairs = (req.headers.cookie ?? '').split(/;\s*/);
      const [until = '', signature = ''] =
        pairs
          .find((pair) => pair.startsWith(key))
          ?.slice(key.length)
          .split('.') ?? [];
      return opsToken !== undefined && isSame(signature, sign(until)) && Number(until) > Date.now();
    },
  };
};
