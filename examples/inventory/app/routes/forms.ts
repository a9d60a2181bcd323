import { formPages } from '../forms/index.ts';
import { movements } from '../services/movements.ts';
import { parts } from '../services/parts.ts';
import { places } from '../services/places.ts';
import { suppliers } from '../services/suppliers.ts';

/** The services whose documents have pages under /forms. */
export const forms = formPages([
  // one a line
  movements,
  parts,
  places,
  suppliers,
]);
