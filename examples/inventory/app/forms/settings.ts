import { productionSecret } from '../ops/variables.ts';

/** What the forms read of the environment. */
export const formVariables = {
  /** Signs the tokens of forms, so that another site cannot send one in a visitor's name. */
  FORMS_SECRET: productionSecret,
};
