/** One place in a source file of the project, and what stands there instead. */
export interface Edit {
  /** Path from the root of the project. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

/** The source with the edit; throws, with the name of whoever asks, where it does not fit exactly once. */
export function edited(source: string, { file, from, to }: Edit, name: string): string {
  if (source.split(from).length !== 2) throw new Error(`${name}: ${file} does not hold once: ${from}`);
  return source.replace(from, () => to);
}
