import type { Answer } from '../core/send.ts';
import type { Service } from '../core/service.ts';
import type { Job } from './job.ts';

/** Seconds after which it is worth looking at a run again. */
const lookAgain = '1';

/** The answer to a request that a run has to fulfil: 202, and where to watch it. */
export const runAnswer = ({ codec, context }: Service, job: Job): Answer => {
  const { publicUrl = '' } = context.config;
  return {
    status: 202,
    headers: {
      Location: `${publicUrl}/api/runs/${job._id.toHexString()}`,
      'Retry-After': lookAgain,
    },
    body: JSON.stringify(codec.answer(job)),
  };
};
