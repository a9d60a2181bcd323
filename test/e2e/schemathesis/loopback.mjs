/**
 * Loaded before the application (`node --import`): no connection and no question for a name leaves this machine. What
 * was to leave is written down, one line a call, in the file LEFT_OUT.
 */
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { BlockList, isIP, Socket } from 'node:net';
import process from 'node:process';

const inside = new BlockList();
inside.addSubnet('127.0.0.0', 8, 'ipv4');
inside.addAddress('::1', 'ipv6');

const isInside = (host) =>
  isIP(host) === 0 ? host === 'localhost' : inside.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');

const refuse = (call, host) => {
  appendFileSync(process.env.LEFT_OUT, `${call} ${host}\n`);
  return Object.assign(new Error(`${call} ${host} was kept on this machine`), {
    code: 'ENOTFOUND',
  });
};

const { lookup } = dns;
dns.lookup = (host, ...rest) => {
  if (isInside(host)) return lookup(host, ...rest);
  const error = refuse('lookup', host);
  process.nextTick(rest.at(-1), error);
};
syncBuiltinESMExports();

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  // node:net hands its own arguments on as one array.
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const { host = '127.0.0.1' } = typeof options === 'object' ? options : {};
  if (isIP(host) !== 0 && !isInside(host)) return this.destroy(refuse('connect', host));
  // Whatever function looked a name up: this is the last moment before the connection.
  this.prependListener('lookup', (error, address) => {
    if (error === null && !isInside(address)) this.destroy(refuse('connect', address));
  });
  return connect.apply(this, args);
};
