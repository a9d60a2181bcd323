import { randomBytes } from 'node:crypto';

/** A step of a trace (W3C Trace Context). */
export interface Trace {
  readonly traceId: string;
  /** Of this step. */
  readonly spanId: string;
  /** What goes back to the caller, and on to whatever is called because of this request. */
  readonly traceparent: string;
}

const mostStates = { characters: 512, members: 32 };

/** `vendor=what it noted`, `tenant@vendor=what it noted` */
const state =
  /^[a-z0-9][a-z0-9_*/@-]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** What the systems before this one noted of the trace: sent on as it came, or not at all when it is malformed. */
export const passedOn = (tracestate: string | undefined): string | undefined => {
  if (tracestate === undefined || tracestate.length > mostStates.characters) return undefined;
  const members = tracestate.split(/[ \t]*,[ \t]*/).filter((member) => member !== '');
  const valid = members.length <= mostStates.members && members.every((one) => state.test(one));
  return valid && members.length > 0 ? tracestate : undefined;
};

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
