/** Takes the pictures in the READMEs of the examples, and puts them beside their specs. */
import path from 'node:path';
import { inTemporaryFolder, repository } from './support.ts';
import { visit } from './visit.ts';

const pictures = { tasks: '/forms/tasks?sort=due', inventory: '/forms/parts?sort=name' };

await inTemporaryFolder(async (folder) => {
  for (const [example, at] of Object.entries(pictures)) {
    await visit(folder, example, async (_browser, context, base) => {
      const page = await context.newPage();
      await page.goto(base + at);
      const file = path.join(repository, 'templates/examples', example, 'screenshot.png');
      await page.screenshot({ path: file });
    });
  }
});
