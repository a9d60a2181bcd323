import type { Spec, WebhookSpec } from '../spec/schema.ts';
import { featuresOf } from './features.ts';

/** A variable of the environment that holds a secret which production needs, and who reads it beside us. */
export interface Secret {
  readonly name: string;
  readonly scheme: WebhookSpec['scheme'];
}

/** Any number of bytes that nobody can guess. */
export type RandomBytes = (count: number) => Uint8Array;

/** `ci-system` → `WEBHOOK_CI_SYSTEM_SECRET`. */
export function secretName(webhook: string): string {
  return `WEBHOOK_${webhook.toUpperCase().replaceAll('-', '_')}_SECRET`;
}

/** The variables that hold secrets, for everything that the spec asks for. */
export function secretsOf(spec: Spec): readonly Secret[] {
  return featuresOf(spec).flatMap(({ secrets }) => secrets?.(spec) ?? []);
}

/** Their lines in `.env.example`: names, and no secret. */
export function placeholders(secrets: readonly Secret[]): string {
  const lines = secrets.map(({ name }) => `#${name}=replace-by-32-random-bytes-or-more\n`);
  return secrets.length === 0
    ? ''
    : `\n# What the senders of webhooks sign with; production needs them: openssl rand -hex 32\n${lines.join('')}`;
}

/** The text of `.env`: a secret for each, of 32 random bytes; undefined when none is needed. */
export function environmentFile(
  secrets: readonly Secret[],
  random: RandomBytes,
): string | undefined {
  if (secrets.length === 0) return undefined;
  const lines = secrets.map(({ name, scheme }) => `${name}=${secretText(scheme, random(32))}\n`);
  return `# Secrets of this machine: not in git. What else can be set is in .env.example.\n${lines.join('')}`;
}

/** Standard Webhooks has a form of its own for bytes, which libraries of senders expect. */
function secretText(scheme: Secret['scheme'], bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  return scheme === 'standard' ? `whsec_${buffer.toString('base64')}` : buffer.toString('hex');
}
