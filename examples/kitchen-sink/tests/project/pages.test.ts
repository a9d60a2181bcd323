import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { models } from '../../app/models/index.ts';
import { navigation } from '../../app/navigation.ts';
import { createViews } from '../../app/views.ts';
import { useApp } from '../support/app.ts';

const app = useApp();
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const templates = join(import.meta.dirname, '../../app/templates');

describe('pages', () => {
  it('has a welcome page that names every resource', async () => {
    const page = await app.api.get('/', html);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    for (const model of models) expect(page.text).toContain(`/api${model.path}`);
  });

  it('leads somewhere with every link of the navigation, and says where one is', async () => {
    const home = await app.api.get('/', html);
    for (const { path, title } of navigation) {
      expect(home.text).toContain(`<a href="${path}"`);
      const page = await app.api.get(path, html);
      expect(page.status, path).toBe(200);
      if (page.text.includes('aria-current'))
        expect(page.text).toContain(`<a href="${path}" aria-current="page">${title}</a>`);
    }
  });

  it('loads its style and script from here, as its content security policy demands', async () => {
    const page = await app.api.get('/', html);
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    const parts = [...page.text.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)];
    expect(parts.length).toBeGreaterThan(1);
    for (const [, path = ''] of parts) expect((await app.api.get(path)).status, path).toBe(200);
  });

  it('answers an unknown path with a page to people, with a problem to programs and under /api', async () => {
    const page = await app.api.get('/no/such/page', html);
    expect(page.status).toBe(404);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).not.toContain('/no/such/page');
    for (const [path, accept] of [
      ['/no/such/page', '*/*'],
      ['/no/such/page', 'application/json'],
      ['/no/such/page', 'application/json, text/html;q=0.9'],
    ] as const) {
      const answer = await app.api.get(path, { accept });
      expect(answer.status).toBe(404);
      expect(answer.problem.code, `${path} ${accept}`).toBe('not_found');
    }
    const api = await app.api.get('/api/no/such/page', html);
    expect(api.problem.code).toBe('not_found');
  });

  it('gives nothing outside of app/static', async () => {
    for (const path of [
      '/static/',
      '/static/..%2f..%2fconfig.ts',
      '/static/%2e%2e/templates/index.html',
    ]) {
      expect((await app.api.get(path)).status, path).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('templates', () => {
  it('escape what they show', () => {
    const render = createViews(app.context);
    const page = render('500.html', { requestId: '<script>alert(1)</script>' });
    expect(page).not.toContain('<script>alert');
  });

  it('never mark data as safe, and never print it into a script', async () => {
    const files = await readdir(templates, { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.html'))) {
      const text = await readFile(join(templates, file), 'utf8');
      expect(text, file).not.toMatch(/\|\s*safe\b|autoescape\s+false|<script[^>]*>[^<]*\{\{/);
    }
  });
});
