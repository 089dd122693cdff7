import { isObject } from '../call.ts'

const STEP = /\.([A-Za-z0-9_-]+)|\['([^']*)'\]|\[(\d+)\]/y

/** The member names and indexes of a JSON path in dot or bracket notation, null when it is none that is supported. */
export function parsePath(path: string): (string | number)[] | null {
  if (!path.startsWith('$')) return null
  const steps: (string | number)[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path)
    if (found === null) return null
    const [, dotted, quoted, index] = found
    steps.push(index === undefined ? (dotted ?? quoted ?? '') : Number(index))
  }
  return steps
}

/** The value at a path, undefined where the event has none. */
export function valueAt(event: unknown, path: string): unknown {
  let value = event
  for (const step of parsePath(path) ?? []) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value[step] : undefined
    else value = isObject(value) ? value[step] : undefined
  }
  return value
}
