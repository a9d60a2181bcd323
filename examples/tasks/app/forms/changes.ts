// The pages that change something: a form to make a document, one to change it, and the question before it is deleted.
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { ObjectId } from 'mongodb';
import type { Doc } from '../core/bson.ts';
import { isObjectId } from '../core/checks.ts';
import { locals } from '../core/context.ts';
import { optionsOf } from '../core/handlers.ts';
import { same } from '../core/input.ts';
import type { Problem } from '../core/problems.ts';
import { withDefaults } from '../core/schema.ts';
import type { Guard, ReadOptions, Service } from '../core/service.ts';
import { entriesOf, itemsOf, posted, settled, textOf, type Entries } from './entries.ts';
import { rowsOf } from './display.ts';
import { drawForm, idOfInput } from './inputs.ts';
import { readForm } from './reading.ts';
import { referFor, routed } from './reads.ts';
import { expected, refusable } from './refusals.ts';
import { choicesFor, pathOf, titleOf } from './references.ts';
import { resourceOf, type FormSite } from './site.ts';

const idOf = (req: Request): string => String(req.params.id);

/** The revision that the form was made from; one that is none fits no document. */
const revisionsOf = (entries: Entries): number[] => {
  const text = textOf(entries, '_rev');
  return [/^\d{1,15}$/.test(text) ? Number(text) : -1];
};

/** What one looks for in the choices of a reference, when the button beside it was pressed. */
const soughtIn = (entries: Entries): ReadonlyMap<string, string> => {
  const name = textOf(entries, '_find');
  return new Map(name === '' ? [] : [[pathOf(name), textOf(entries, `_find.${name}`).trim()]]);
};

/** A form that is to be shown: of a new document, or of one with the revision `_rev`. */
interface Form {
  readonly entries: Entries;
  readonly hidden: { readonly _id: string } | { readonly _rev: unknown };
  readonly heading: string;
  readonly problem?: Problem | undefined;
  readonly sought?: ReadonlyMap<string, string>;
  /** Of the input or the item that was asked for: where one goes on. */
  readonly next?: string;
  /** Fields that others have changed meanwhile, as they are now and as they were typed. */
  readonly conflict?: readonly object[];
}

/** The status of a page, and for the log what is on it. */
const note = (res: Response, problem: Problem | undefined): void => {
  res.status(problem?.status ?? 200);
  if (problem) locals(res).code = problem.code;
};

/** GET and POST of /new, /:id/edit and /:id/delete of one resource. */
export const changePages = (site: FormSite, service: Service): Router => {
  const { model, codec, context } = service;
  const { fields } = model;
  const { href, name: word } = resourceOf(model);

  const showForm = async (req: Request, res: Response, form: Form): Promise<void> => {
    const { entries, hidden, heading, problem, sought = new Map<string, string>() } = form;
    const choices = await choicesFor(context, model, entries, sought, optionsOf(res));
    const errors = problem?.errors ?? [];
    const drawn = drawForm({ fields, entries, errors, choices, isNew: '_id' in hidden });
    const others = problem && errors.length === 0 ? [problem.message] : drawn.others;
    note(res, problem);
    site.send(req, res, 'edit', model, {
      heading,
      hidden,
      inputs: drawn.inputs,
      mistakes: drawn.mistakes,
      focus: drawn.mistakes[0]?.id ?? form.next,
      others,
      conflict: form.conflict ?? [],
      back: '_id' in hidden ? href : `${href}/${idOf(req)}`,
    });
  };

  /** After a POST that worked: the page to look at, with a message on it. */
  const go = (req: Request, res: Response, to: string, message: string): void => {
    site.flash.put(req, res, message);
    res.redirect(303, to);
  };

  const showNew: RequestHandler = async (req, res) => {
    await showForm(req, res, {
      entries: entriesOf(fields, withDefaults(fields, {})),
      hidden: { _id: new ObjectId().toHexString() },
      heading: `New ${word.toLowerCase()}`,
    });
  };

  /** What was typed; whether it only asks for another item or other choices; and the wire document it means. */
  const receive = (req: Request, current?: Doc) => {
    const sent = posted(req.body);
    const add = textOf(sent, '_add');
    const entries = settled(fields, sent, add);
    const next = itemsOf(entries, add).at(-1) ?? textOf(sent, '_find');
    const asked = (add !== '' || next !== '') && { sought: soughtIn(sent), next: idOfInput(next) };
    const read = () => refusable(readForm(fields, entries, current), context.config.limits);
    return { sent, entries, asked, read };
  };

  const create: RequestHandler = async (req, res) => {
    const { sent, entries, asked, read } = receive(req);
    // The page brings the id of the document it makes: sent twice, it still makes one.
    const given = textOf(sent, '_id');
    const id = isObjectId(given) ? given : new ObjectId().toHexString();
    const form = { entries, hidden: { _id: id }, heading: `New ${word.toLowerCase()}` };
    if (asked) {
      await showForm(req, res, { ...form, ...asked });
      return;
    }
    const problem = await expected(() => service.createAt(id, read(), optionsOf(res)));
    if (problem && problem.code !== 'already_exists') {
      await showForm(req, res, { ...form, problem });
      return;
    }
    go(req, res, `${href}/${id}`, `${word} created`);
  };

  const showEdit: RequestHandler = async (req, res) => {
    const wire = codec.answer(await service.read(idOf(req), optionsOf(res)));
    await showForm(req, res, {
      entries: entriesOf(fields, wire),
      hidden: { _rev: wire._rev },
      heading: titleOf(model, wire),
    });
  };

  /** The fields in which what was typed and what is stored now are different. */
  const conflictOf = async (typed: Doc, stored: Doc, options: ReadOptions): Promise<object[]> => {
    const refer = await referFor(site, service, [typed, stored], options);
    const mine = rowsOf(fields, typed, refer);
    const theirs = rowsOf(fields, stored, refer);
    return theirs.flatMap((row, i) =>
      same(typed[row.name], stored[row.name]) || fields[row.name]?.readonly
        ? []
        : [{ label: row.label, theirs: row.value, mine: mine[i]?.value }],
    );
  };

  const change: RequestHandler = async (req, res) => {
    const options = optionsOf(res);
    const stored = codec.answer(await service.read(idOf(req), options));
    const { sent, entries, asked, read } = receive(req, stored);
    const form = {
      entries,
      hidden: { _rev: textOf(sent, '_rev') },
      heading: titleOf(model, stored),
    };
    if (asked) {
      await showForm(req, res, { ...form, ...asked });
      return;
    }
    const guard: Guard = { ...options, revisions: revisionsOf(sent) };
    const problem = await expected(() => service.replace(idOf(req), read(), guard));
    if (problem === undefined) {
      go(req, res, `${href}/${idOf(req)}`, `${word} saved`);
      return;
    }
    if (problem.code !== 'stale_revision') {
      await showForm(req, res, { ...form, problem });
      return;
    }
    const typed = readForm(fields, entries, stored).wire;
    const conflict = await conflictOf(typed, stored, options);
    await showForm(req, res, { ...form, hidden: { _rev: stored._rev }, problem, conflict });
  };

  const askDelete = async (req: Request, res: Response, problem?: Problem): Promise<void> => {
    const wire = codec.answer(await service.read(idOf(req), optionsOf(res)));
    note(res, problem);
    site.send(req, res, 'delete', model, {
      heading: titleOf(model, wire),
      hidden: { _rev: wire._rev },
      stale: problem?.code === 'stale_revision',
      refused: problem?.message,
      back: `${href}/${idOf(req)}`,
    });
  };

  const remove: RequestHandler = async (req, res) => {
    const guard: Guard = { ...optionsOf(res), revisions: revisionsOf(posted(req.body)) };
    const problem = await expected(() => service.remove(idOf(req), guard));
    if (problem) await askDelete(req, res, problem);
    else go(req, res, href, `${word} deleted`);
  };

  return Router({ strict: true, caseSensitive: true })
    .use('/new', routed(service, '/new'))
    .get('/new', showNew)
    .post('/new', create)
    .use('/:id/edit', routed(service, '/:id/edit'))
    .get('/:id/edit', showEdit)
    .post('/:id/edit', change)
    .use('/:id/delete', routed(service, '/:id/delete'))
    .get('/:id/delete', (req, res) => askDelete(req, res))
    .post('/:id/delete', remove);
};
