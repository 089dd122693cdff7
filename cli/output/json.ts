import type { Io } from '../io.ts'

/** The whole answer of a command with `--json`. */
export const writeJson = (io: Io, value: object): void => io.write(`${JSON.stringify(value, null, 2)}\n`)
