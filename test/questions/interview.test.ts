import { describe, expect, test } from 'vitest';
import { UserError, exit } from '../../src/errors.ts';
import { interview } from '../../src/questions/interview.ts';
import { askProject, problemOf, type Answers, type Known } from '../../src/questions/project.ts';
import { back, type Question } from '../../src/questions/question.ts';

const open: Known = { dir: undefined, resources: [], pages: undefined, pm: undefined };

/** Answers question after question from a list and keeps what was asked. */
async function held(
  answers: readonly (string | typeof back)[],
  known: Known = open,
): Promise<{ result: Answers; asked: Question[] }> {
  const asked: Question[] = [];
  const left = [...answers];
  const result = await interview(
    () => askProject({ ...known, folderProblem: () => undefined }),
    async (question) => {
      asked.push(question);
      const answer = left.shift();
      if (answer === undefined) throw new Error(`nothing is said to ${question.message}`);
      if (answer === back) return back;
      const problem =
        question.kind === 'text'
          ? question.problem?.(answer)
          : question.choices.includes(answer)
            ? undefined
            : 'no choice';
      if (problem !== undefined) throw new Error(`${question.message}: ${problem}`);
      return answer;
    },
  );
  expect(left).toEqual([]);
  return { result, asked };
}

describe('the questions of a new project', () => {
  test('fields in the shorthand, or word by word', async () => {
    const { result } = await held([
      'shop',
      'product',
      'name:string:required',
      'status',
      'enum',
      'draft,live',
      'yes',
      '',
      '',
      'order',
      'product',
      'ref',
      'product',
      'no',
      'index',
      '',
      '',
      'yes',
      'npm',
    ]);
    expect(result).toEqual({
      dir: 'shop',
      resources: [
        { name: 'product', fields: ['name:string:required', 'status:enum:draft,live:required'] },
        { name: 'order', fields: ['product:ref:product:index'] },
      ],
      pages: true,
      pm: 'npm',
    });
  });

  test('only what is not known is asked', async () => {
    const { result, asked } = await held(['no'], {
      dir: 'shop',
      resources: [{ name: 'product', fields: ['name'] }],
      pages: undefined,
      pm: 'pnpm',
    });
    expect(asked.map(({ message }) => message)).toEqual(['HTML pages as well']);
    expect(result).toMatchObject({ pages: false, pm: 'pnpm' });
  });

  test('back asks the question before again, over as many as wanted', async () => {
    const { result, asked } = await held([
      'shop',
      'prodct',
      back,
      'product',
      'name',
      'string',
      back,
      back,
      'title:string',
      '',
      '',
      'yes',
      'npm',
    ]);
    expect(result.resources).toEqual([{ name: 'product', fields: ['title:string'] }]);
    expect(asked.map(({ message }) => message.split(',')[0])).toEqual([
      'Folder of the new project',
      'First resource',
      'First field of prodct',
      'First resource',
      'First field of product',
      'Type of name',
      'Must name be sent',
      'Type of name',
      'First field of product',
      'Next field of product (Enter: no more)',
      'Next resource (Enter: no more)',
      'HTML pages as well',
      'Package manager',
    ]);
  });

  test('back before the first question asks it again', async () => {
    const { result } = await held([
      back,
      'shop',
      back,
      'store',
      'product',
      'name:string',
      '',
      '',
      'no',
      'npm',
    ]);
    expect(result.dir).toBe('store');
  });

  test.each([
    ['the first resource', ['shop', ''], 'name at least one'],
    ['the first field', ['shop', 'product', ''], 'name at least one'],
    ['a name', ['shop', '1abc'], '1abc'],
    [
      'a resource twice',
      ['shop', 'product', 'name:string', '', 'products'],
      'there is a resource product already',
    ],
    ['a field name', ['shop', 'product', '__proto__'], '__proto__'],
    ['a type', ['shop', 'product', 'name:strnig'], 'did you mean string?'],
    ['a modifier', ['shop', 'product', 'name', 'string', 'no', 'uniqe'], 'did you mean unique?'],
    ['a field twice', ['shop', 'product', 'name:string', 'name:text'], 'given twice'],
    ['a reference', ['shop', 'product', 'owner:ref:users'], 'users'],
  ])('%s is checked with the answer', async (_, answers, problem) => {
    await expect(held(answers)).rejects.toThrow(problem);
  });

  test('a reference can point to the resources named so far', async () => {
    await expect(
      held(['shop', 'author', 'name:string', '', 'book', 'author', 'ref', 'nobody']),
    ).rejects.toThrow('author points to: no choice');
  });
});

describe('problemOf', () => {
  test('is the line of a refusal with its hint', () => {
    const refuse = () => {
      throw new UserError(exit.usage, 'no', 'try yes');
    };
    expect(problemOf(refuse)).toBe('no (try yes)');
    expect(problemOf(() => undefined)).toBeUndefined();
  });

  test('does not swallow a bug', () => {
    expect(() =>
      problemOf(() => {
        throw new TypeError('bug');
      }),
    ).toThrow(TypeError);
  });
});
