import { exit, UserError } from '../../errors.ts';
import { changeProject } from '../../project/change.ts';
import { quote } from '../../spec/names.ts';
import { change } from '../change/run.ts';
import { toolsOf } from '../change/tools.ts';
import type { Run } from '../run.ts';
