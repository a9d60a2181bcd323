import * as z from 'zod';
import { specInput } from './schema.ts';

/** The JSON Schema of flask-style.json, for editors. The build puts the text in the place of this module. */
export const editorSchema = JSON.stringify(z.toJSONSchema(specInput, { io: 'input' }), null, 2);
