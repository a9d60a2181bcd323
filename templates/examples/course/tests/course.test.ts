import { describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';

const app = useApp();
const hex = expect.stringMatching(/^[0-9a-f]{24}$/) as string;

const addUser = async (name: string): Promise<string> => {
  const { user_id: id } = (await app.api.post('/api/users', { name })).json() as {
    user_id: string;
  };
  return id;
};

/** Each row of the course's table of requests. */
describe('the course', () => {
  it.each([
    ['/', 'Welcome'],
    ['/about', '<h1>About Page</h1>'],
    ['/contact', '<h1>Contact Page</h1>'],
  ])('GET %s is a page', async (path, text) => {
    const page = await app.api.get(path);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).toContain(text);
  });

  it('GET /profile has name, role and the skills in a loop', async () => {
    const { text } = await app.api.get('/profile');
    expect(text).toContain('<h1>Priyanshu</h1>');
    expect(text).toContain('DevOps');
    expect(text.match(/<li>(Flask|MongoDB|Docker)<\/li>/g)).toHaveLength(3);
  });

  it('GET /api/data', async () => {
    const answer = await app.api.get('/api/data');
    expect([answer.status, answer.json()]).toEqual([200, { message: 'API Endpoint' }]);
  });

  it.each([
    ['/user?name=John&age=30', 'Hello John, you are 30 years old!'],
    ['/user?name=Priyanshu', 'Hello Priyanshu!'],
    ['/user', 'Hello Guest!'],
  ])('GET %s', async (path, text) => {
    expect((await app.api.get(path)).text).toBe(text);
  });

  it('escapes a name that is markup, and the page has a policy', async () => {
    const answer = await app.api.get('/user?name=<script>alert(1)</script>&age=<b>');
    expect(answer.text).toBe(
      'Hello &lt;script&gt;alert(1)&lt;/script&gt;, you are &lt;b&gt; years old!',
    );
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await app.api.get('/user?name=a&name=b')).text).toBe('Hello Guest!');
  });

  it('GET /user/<id>', async () => {
    const id = await addUser('Ann');
    const answer = await app.api.get(`/user/${id}`);
    expect([answer.status, answer.json()]).toEqual([200, { _id: id, name: 'Ann' }]);
    for (const none of ['f'.repeat(24), 'x', '%00', '[object Object]'])
      expect((await app.api.get(`/user/${none}`)).status, none).toBe(404);
  });

  it('POST /data', async () => {
    const answer = await app.api.post('/data', { name: 'Priyanshu', role: 'DevOps' });
    expect([answer.status, answer.json()]).toEqual([
      200,
      { message: 'Received data for Priyanshu', role: 'DevOps', status: 'success' },
    ]);
  });

  it.each(['/data', '/add', '/api/users'])('POST %s that is not JSON', async (path) => {
    const answer = await app.api.request('POST', path, {
      headers: { 'content-type': 'text/plain' },
      body: 'name=Ann',
    });
    expect([answer.status, answer.problem.error]).toEqual([400, 'Request must be JSON']);
  });

  it.each(['/add', '/api/users'])('POST %s without a name', async (path) => {
    for (const body of [{}, { name: '' }]) {
      const answer = await app.api.post(path, body);
      expect([answer.status, answer.problem.error]).toEqual([400, 'Name is required']);
    }
    expect((await app.api.post(path, { name: { $gt: '' } })).status).toBe(400);
  });

  it('POST /api/users and POST /add', async () => {
    const made = await app.api.request('POST', '/api/users', { body: { name: 'Ann' } });
    expect([made.status, made.json()]).toEqual([
      201,
      { message: 'User created successfully', user_id: hex, name: 'Ann' },
    ]);
    const added = await app.api.request('POST', '/add', { body: { name: 'Ben', role: 'SRE' } });
    expect([added.status, added.json()]).toEqual([
      201,
      { message: 'Data added successfully', id: hex },
    ]);
  });

  it.each(['/api/users', '/users'])('GET %s lists every user, not only the last', async (path) => {
    const ids = [await addUser('Cy'), await addUser('Di')];
    const answer = await app.api.get(path);
    const { users } = answer.json() as { users: { _id: string; name: string }[] };
    expect(answer.status).toBe(200);
    expect(users).toContainEqual({ _id: ids[0], name: 'Cy' });
    expect(users).toContainEqual({ _id: ids[1], name: 'Di' });
  });

  it('PUT and DELETE /api/users/:id', async () => {
    const id = await addUser('Ed');
    const changed = await app.api.put(`/api/users/${id}`, { name: 'Eve', role: 'SRE' });
    expect([changed.status, changed.json()]).toMatchObject([200, { _id: id, name: 'Eve' }]);
    expect((await app.api.put(`/api/users/${id}`, {})).status).toBe(400);
    expect((await app.api.delete(`/api/users/${id}`)).status).toBe(200);
    for (const none of [id, 'no-id']) {
      expect((await app.api.put(`/api/users/${none}`, { name: 'Eve' })).status).toBe(404);
      expect((await app.api.delete(`/api/users/${none}`)).status).toBe(404);
    }
  });
});
