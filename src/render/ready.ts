/** Sources in other forms, by source and form: the build puts those of our templates here, and from `src` each run makes them. */
export const ready: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map();
