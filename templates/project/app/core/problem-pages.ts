// The pages behind the `type` of problem documents: what each code means, for people (HTML) and programs (JSON).
import { Router, type Request, type Response } from 'express';
import { catalogue, isProblemCode, type ProblemCode } from './problem-codes.ts';
import { problem } from './problems.ts';

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${content}</html>\n`;

const about = (code: ProblemCode) => {
  const [status, title, text] = catalogue[code];
  return { code, status, title, description: text };
};

const row = (code: ProblemCode): string =>
  `<li><a href="/problems/${code}">${code}</a> (${catalogue[code][0]}): ${catalogue[code][1]}</li>`;

const answer = (req: Request, res: Response, json: object, html: string): void => {
  if (req.accepts(['application/json', 'text/html']) === 'text/html') res.type('html').send(html);
  else res.json(json);
};

/** GET / lists the codes, GET /:code explains one; to be mounted at /problems. */
export const problemPages: Router = Router()
  .get('/', (req, res) => {
    const codes = Object.keys(catalogue).filter(isProblemCode);
    answer(
      req,
      res,
      { data: codes.map(about) },
      page('Problems', `<ul>${codes.map(row).join('')}</ul>`),
    );
  })
  .get('/:code', (req, res) => {
    const { code } = req.params;
    if (!isProblemCode(code)) throw problem('not_found');
    const { status, title, description } = about(code);
    answer(
      req,
      res,
      about(code),
      page(title, `<p><code>${code}</code>, status ${status}</p><p>${description}</p>`),
    );
  });
