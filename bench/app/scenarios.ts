/** What is timed, and the proof that both sides answer it: the same status, the same documents, the same count. */
import type { Servers } from './servers.ts';

export const floors = ['express-prod', 'express'] as const;
export type Side = 'emitted' | (typeof floors)[number];

export interface Scenario {
  name: string;
  status: number;
  request: (side: Side, id: string) => { method: 'GET' | 'POST'; path: string; body?: string };
}

const prefix = (side: Side): string => (side === 'emitted' ? '/api/products' : '/products');
/** The floors count only when asked; the emitted app always does, bounded. */
const counted = (side: Side): string => (side === 'emitted' ? '' : '&count=true');

export const scenarios: readonly Scenario[] = [
  {
    name: 'read by id',
    status: 200,
    request: (side, id) => ({ method: 'GET', path: `${prefix(side)}/${id}` }),
  },
  {
    name: 'list of 20, bounded count',
    status: 200,
    request: (side) => ({
      method: 'GET',
      path: `${prefix(side)}?price[gte]=9000&sort=price&limit=20${counted(side)}`,
    }),
  },
  {
    name: 'create',
    status: 201,
    request: (side) => ({
      method: 'POST',
      path: prefix(side),
      body: JSON.stringify({ name: 'Lamp', price: 19.9, tags: ['home', 'light'] }),
    }),
  },
];

interface Answer {
  body: { name?: string; data?: { name: string }[]; meta?: { total?: number } };
  etag: boolean;
}

const names = (answer: Answer | undefined): string | undefined =>
  answer?.body.data?.map(({ name }) => name).join();

/** Throws unless every side answers the scenario alike (the bare floor has no ETag). */
export const checkAnswers = async (servers: Servers, scenario: Scenario): Promise<void> => {
  const answers = new Map<Side, Answer>();
  for (const side of ['emitted', ...floors] as const) {
    const { method, path, body } = scenario.request(side, servers.id(side));
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(servers.url(side) + path, {
      method,
      ...(body !== undefined && { body, headers }),
    });
    const answer = (await response.json()) as Answer['body'];
    answers.set(side, { body: answer, etag: response.headers.has('etag') });
    if (response.status !== scenario.status)
      throw new Error(
        `${scenario.name}: ${side} answered ${response.status}: ${JSON.stringify(answer)}`,
      );
  }
  const [ours, prod] = [answers.get('emitted'), answers.get('express-prod')];
  const same =
    ours?.body.name === prod?.body.name &&
    names(ours) === names(prod) &&
    ours?.body.meta?.total === prod?.body.meta?.total &&
    ours?.etag === true;
  if (!same) throw new Error(`${scenario.name} differs: ${JSON.stringify([...answers])}`);
};
