import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Config } from '../../config.ts';
import { problem } from '../core/problems.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

const isLoopback = (address = '') => /^(::ffff:)?127\.|^::1$/.test(address);

/**
 * For what shows the inside of the process (metrics, documentation): in production 404 without
 * `Authorization: Bearer <OPS_TOKEN>`, closed altogether when there is no token; elsewhere open to this machine.
 */
export const opsOnly = ({
  debug,
  opsToken,
}: Pick<Config, 'debug' | 'opsToken'>): RequestHandler => {
  const expected = opsToken === undefined ? undefined : digest(`Bearer ${opsToken}`);
  return (req, res, next) => {
    res.set('Cache-Control', 'private, no-store');
    const authorized =
      expected !== undefined && timingSafeEqual(digest(req.get('Authorization') ?? ''), expected);
    if (authorized || (debug && isLoopback(req.socket.remoteAddress))) next();
    else next(problem('not_found'));
  };
};
