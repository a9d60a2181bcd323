import { exit } from '../../errors.ts';
import type { Invocation } from '../argv.ts';
import type { Report } from '../report.ts';

/** Runs a command, loading its file and no other; returns the exit code. */
export async function runCommand(
  invocation: Invocation,
  report: Report,
  signal: AbortSignal,
): Promise<number> {
  const run = { invocation, report, signal };
  switch (invocation.command) {
    case 'new':
      return (await import('./new.ts')).newProject(run);
    case 'example':
      return (await import('./example.ts')).example(run);
    case 'add resource':
      return (await import('./add.ts')).addNewResource(run);
    case 'add field':
      return (await import('./add.ts')).addNewFields(run);
    case 'add automation':
      return (await import('./automation.ts')).addOneAutomation(run);
    case 'add webhook':
      return (await import('./webhook.ts')).addOneWebhook(run);
    case 'add page':
      return (await import('./add.ts')).addNewPage(run);
    case 'add feature':
      return (await import('./feature.ts')).addOneFeature(run);
    case 'rename resource':
      return (await import('./rename.ts')).renameOneResource(run);
    case 'rename field':
      return (await import('./rename.ts')).renameOneField(run);
    case 'remove resource':
      return (await import('./remove.ts')).removeOneResource(run);
    case 'remove field':
      return (await import('./remove.ts')).removeOneField(run);
    case 'remove automation':
      return (await import('./automation.ts')).removeOneAutomation(run);
    case 'remove webhook':
      return (await import('./webhook.ts')).removeOneWebhook(run);
    case 'remove page':
      return (await import('./remove.ts')).removeOnePage(run);
    case 'remove feature':
      return (await import('./feature.ts')).removeOneFeature(run);
    case 'apply':
      return (await import('./apply.ts')).apply(run);
    case 'update':
      return (await import('./apply.ts')).update(run);
    case 'status':
      return (await import('./status.ts')).status(run);
    case 'diff':
      return (await import('./diff.ts')).diff(run);
    case 'undo':
      return (await import('./undo.ts')).undo(run);
    case 'redo':
      return (await import('./undo.ts')).redo(run);
    case 'resolve':
      return (await import('./keep.ts')).resolve(run);
    case 'adopt':
      return (await import('./keep.ts')).adopt(run);
    case 'eject':
      return (await import('./keep.ts')).eject(run);
    case 'routes':
      return (await import('./routes.ts')).listRoutes(run);
    case 'doctor':
      return (await import('./doctor.ts')).examine(run);
    case 'completion':
      return (await import('./completion.ts')).completion(run);
    case 'help':
      report.raw((await import('../help.ts')).help(invocation.words));
      return exit.done;
  }
}
