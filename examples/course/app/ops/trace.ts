import { randomBytes } from 'node:crypto';

/** A step of a trace (W3C Trace Context). */
export interface Trace {
  readonly traceId: string;
  /** Of this step. */
  readonly spanId: string;
  /** What goes back to the caller, and on to whatever is called because of this request. */
  readonly traceparent: string;
}

/** A step of its own in the trace of that id. */
export const stepOf = (traceId: string, flags: string): Trace => {
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
};

const form =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

/** The next step of the caller's trace; nothing when its header is none. Later versions may have more at the end. */
export const continueTrace = (header: string): Trace | undefined => {
  const [, version, traceId, flags, more] = form.exec(header) ?? [];
  if (traceId === undefined || (version === '00' && more !== undefined)) return undefined;
  return stepOf(traceId, flags ?? '00');
};
