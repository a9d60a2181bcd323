/** What an emitted project's own tests use to fill in its forms. */
import { join } from 'node:path';
import type { Answer, Client } from '../../../templates/project/tests/support/client.ts';

/** The texts of each input by its name. */
export type Values = Map<string, readonly string[]>;

export interface Visitor {
  get(path: string): Promise<Answer>;
  post(path: string, values: Values): Promise<Answer>;
}

export interface FormSupport {
  /** What the form on a page would send. */
  valuesOf(html: string): Values;
  /** Somebody with cookies of their own, who sends these headers with each request. */
  visitor(api: Client, headers: Record<string, string>): Visitor;
}

export const formSupport = async (project: string): Promise<FormSupport> =>
  (await import(join(project, 'tests/support/form.ts'))) as FormSupport;
