/** JSON as npm writes it. */
export const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/** A starter as it lies on disk: path → text. */
export type Starter = Readonly<Record<string, string>>;
