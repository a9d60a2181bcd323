/** Takes the pictures in the READMEs of the examples, and puts them beside their specs; of those that are named, or of all. */
import path from 'node:path';
import { inTemporaryFolder, repository } from './support.ts';
import { desk, visit } from './visit.ts';

const pictures = {
  tasks: '/forms/tasks?sort=due',
  inventory: '/forms/parts?sort=name',
  course: '/profile',
  bookshop: '/',
  minimal: '/docs',
  'kitchen-sink': '/docs',
};
const wanted = process.argv.slice(2);

await inTemporaryFolder(async (folder) => {
  for (const [example, at] of Object.entries(pictures)) {
    if (wanted.length > 0 && !wanted.includes(example)) continue;
    await visit(folder, example, async (browser, _context, base) => {
      const page = await browser.newPage({ viewport: desk });
      await page.goto(base + at, { waitUntil: 'networkidle' });
      const file = path.join(repository, 'templates/examples', example, 'screenshot.png');
      await page.screenshot({ path: file });
    });
  }
});
