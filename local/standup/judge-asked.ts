import { type Findings, noFindings } from '../check/findings.ts'
import type { Asked } from './asked.ts'

/** What the function may have asked of ClickUp: how often each, by method and path, and no call beside these. */
export type Allowed = readonly { method: string; path: RegExp; least: number; most: number; what: string }[]

/** Compares what was asked with what is allowed. */
export function judgeAsked(asked: readonly Asked[], allowed: Allowed): Findings {
  const findings = noFindings()
  const counts = allowed.map(() => 0)
  for (const { method, path, status } of asked) {
    findings.compared += 1
    const at = allowed.findIndex((each) => each.method === method && each.path.test(path.split('?')[0] ?? ''))
    if (at < 0) findings.extra.push(`nothing but the write was to be asked of ClickUp: ${method} ${path} (${status})`)
    else counts[at] = (counts[at] ?? 0) + 1
  }
  for (const [i, { least, most, what }] of allowed.entries()) {
    const count = counts[i] ?? 0
    if (count < least) findings.missing.push(`${what}: asked ${count} times instead of ${least}`)
    if (count > most) findings.extra.push(`${what}: asked ${count} times instead of ${most}`)
  }
  return findings
}
