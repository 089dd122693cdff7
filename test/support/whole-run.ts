/** A run of tests, as far as it says whether all of them were run. */
type Run = {
  config: { root: string; watch: boolean; testNamePattern?: RegExp | undefined; project: readonly string[] }
  state: {
    getFiles(): readonly { filepath: string; result?: { state: string } | undefined }[]
    getUnhandledErrors(): readonly unknown[]
  }
}

/**
 * Whether every file was run, whole, once, and to its end: of a part nothing can be concluded.
 * @param all what there is on the disk. What Vitest itself takes for all lacks whatever the command line has excluded.
 */
export function isWholeRun({ config, state }: Run, all: readonly string[]): boolean {
  const ended = new Set(
    state
      .getFiles()
      .filter(({ result }) => result?.state === 'pass' || result?.state === 'skip')
      .map(({ filepath }) => filepath),
  )
  const isCut = config.watch || config.testNamePattern !== undefined || config.project.length > 0
  return !isCut && state.getUnhandledErrors().length === 0 && all.length > 0 && all.every((path) => ended.has(path))
}
