import { randomBytes } from 'node:crypto';

/** A step of a trace that somebody else began (W3C Trace Context). */
export interface Trace {
  readonly traceId: string;
  /** Of this request. */
  readonly spanId: string;
  /** What goes back to the caller, and on to whatever is called because of this request. */
  readonly traceparent: string;
}

const form =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

/** The next step of the caller's trace; nothing when its header is none. Later versions may have more at the end. */
export const continueTrace = (header: string): Trace | undefined => {
  const [, version, traceId, flags, more] = form.exec(header) ?? [];
  if (traceId === undefined || (version === '00' && more !== undefined)) return undefined;
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags ?? '00'}` };
};
