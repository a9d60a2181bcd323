/** A small fetch client for tests: keeps what each answer said, and remembers the documents it made so that it can delete them. */
import { expect } from 'vitest';

/** A document as the API answers it. */
export interface Item {
  [field: string]: unknown;
  _id: string;
  _rev: number;
  createdAt: string;
  updatedAt: string;
}

export interface List {
  data: Item[];
  meta: {
    limit: number;
    page?: number;
    pages?: number;
    total?: number;
    totalCapped?: true;
    next?: string | null;
  };
}

/** RFC 9457 problem with this API's extension members. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  error: string;
  requestId: string;
  errors?: {
    pointer?: string;
    parameter?: string;
    header?: string;
    code: string;
    detail: string;
  }[];
  truncated?: true;
}

/** One answer. `item`, `list` and `problem` fail the test when the answer is something else. */
export interface Answer {
  method: string;
  path: string;
  status: number;
  headers: Headers;
  text: string;
  json(): unknown;
  readonly item: Item;
  readonly list: List;
  readonly problem: Problem;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  /** Sent as JSON, unless it is a string or bytes: those go out as they are. */
  body?: unknown;
}

export interface Client {
  readonly baseUrl: string;
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Every answer so far, oldest first. */
  readonly answers: readonly Answer[];
  /** Paths of documents that this client made, oldest first; the caller deletes them. */
  readonly made: string[];
}

/** @param baseUrl for example `http://127.0.0.1:5000`, without a slash at the end. */
export function client(baseUrl: string): Client {
  const answers: Answer[] = [];
  const made: string[] = [];

  async function request(method: string, path: string, options: RequestOptions = {}) {
    const raw = typeof options.body === 'string' || options.body instanceof Uint8Array;
    const response = await send(baseUrl + path, {
      method,
      headers: {
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: raw ? (options.body as string) : JSON.stringify(options.body) }),
    });
    const answer = answerOf(method, path, response, await response.text());
    answers.push(answer);
    remember(answer, made);
    return answer;
  }

  return {
    baseUrl,
    answers,
    made,
    request,
    get: (path, headers = {}) => request('GET', path, { headers }),
    post: (path, body, headers = {}) => request('POST', path, { headers, body }),
    put: (path, body, headers = {}) => request('PUT', path, { headers, body }),
    patch: (path, body, headers = {}) => request('PATCH', path, { headers, body }),
    delete: (path, headers = {}) => request('DELETE', path, { headers }),
  };
}

/** Against a deployment with a rate limit the suite waits for its turn instead of failing. */
async function send(url: string, init: RequestInit): Promise<Response> {
  for (;;) {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    if (response.status !== 429) return response;
    await response.arrayBuffer();
    const seconds = Number(response.headers.get('retry-after') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

function answerOf(method: string, path: string, response: Response, text: string): Answer {
  const { status, headers } = response;
  const seen = `${method} ${path} answered ${String(status)} ${text.slice(0, 600)}`;
  const body = (ok: boolean, type: string): unknown => {
    if (!ok || !headers.get('content-type')?.startsWith(type)) expect.fail(seen);
    return JSON.parse(text);
  };
  const success = status >= 200 && status < 300;
  return {
    method,
    path,
    status,
    headers,
    text,
    json: () => JSON.parse(text) as unknown,
    get item() {
      return body(success, 'application/json') as Item;
    },
    get list() {
      return body(success, 'application/json') as List;
    },
    get problem() {
      return body(status >= 400, 'application/problem+json') as Problem;
    },
  };
}

function remember(answer: Answer, made: string[]): void {
  if (answer.status !== 201) return;
  const path = answer.path.split('?')[0] ?? '';
  const location = answer.headers.get('location');
  if (answer.method === 'PUT') made.push(path);
  else if (location !== null) made.push(`${path}/${location.split('/').at(-1) ?? ''}`);
  else for (const { _id } of answer.list.data) made.push(`${path}/${_id}`);
}
