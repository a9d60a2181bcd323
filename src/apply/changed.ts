/** A file is not what the plan was made for: somebody saved, made or removed it meanwhile. */
export class Changed extends Error {
  override name = 'Changed';
  readonly path: string;

  constructor(path: string) {
    super(`${path} changed`);
    this.path = path;
  }
}
