// What the query language keeps for itself.

/** The parameters of a list that are no fields. */
export const reserved: readonly string[] = [
  'page',
  'limit',
  'cursor',
  'sort',
  'fields',
  'embed',
  'q',
  'count',
  'deleted',
];

/** Whether a field of that name needs an operator to be asked for: `limit[eq]=5`. */
export const isReserved = (name: string): boolean => reserved.includes(name);

/** The most conditions of one list. */
export const mostConditions = 20;
