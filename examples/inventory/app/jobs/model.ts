/**
 * What /api/runs shows of a job. Nothing but data: openapi.json is made of it too, before there is a process. `due`: when it may be taken; while it runs, when its
 * lease ends; absent when it is over.
 */
export const runModel = {
  name: 'run',
  description: 'What became of jobs.',
  plural: 'runs',
  path: '/runs',
  collection: 'job_queue',
  fields: {
    kind: { type: 'string', required: true },
    key: { type: 'string' },
    state: {
      type: 'enum',
      values: ['waiting', 'running', 'done', 'dead', 'cancelled'],
      required: true,
    },
    cancelling: { type: 'boolean' },
    attempts: { type: 'integer', required: true },
    progress: { type: 'number' },
    input: { type: 'json' },
    traceparent: { type: 'string' },
    tracestate: { type: 'text' },
    result: { type: 'json' },
    error: { type: 'string' },
    log: {
      type: 'object',
      array: true,
      fields: { at: { type: 'datetime' }, text: { type: 'string' } },
    },
    due: { type: 'datetime', index: true },
    startedAt: { type: 'datetime' },
    endedAt: { type: 'datetime' },
  },
} as const;
