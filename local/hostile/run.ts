import { someLines } from '../check/findings.ts'
import { tryConsumer } from './consumer/check.ts'
import type { Found } from './found.ts'
import type { HostileOptions, Part } from './options.ts'
import { trySyncAll } from './sync/check.ts'
import { tryVerifier } from './verifier/check.ts'

type Output = { write(text: string): unknown }

/** Runs the check to its end. @returns the exit status */
export async function runCheck(
  options: HostileOptions,
  { stdout, stderr }: { stdout: Output; stderr: Output },
): Promise<number> {
  const begun = performance.now()
  const seconds = () => Math.round((performance.now() - begun) / 1_000)
  const { parts, json, seed, broken } = options
  const note = (line: string) => json || stderr.write(`${String(seconds()).padStart(4)} s  ${line} ...\n`)
  const all: [Part, Found][] = []
  for (const part of parts) {
    if (broken[part] !== null) note(`Broken on purpose: ${broken[part]}`)
    const found = await tryPart(part, options, note)
    all.push([part, found])
    if (!json) stderr.write(`\n${readable(part, found, seed)}\n\n`)
    for (const line of someLines('broken', found.wrong)) stderr.write(`${line}\n`)
  }
  const isHeld = all.every(([, { tried, wrong }]) => tried > 0 && wrong.length === 0)
  const told = all.map(([part, { tried, endings, wrong }]) => [part, { tried, ...endings, wrong: wrong.length }])
  stdout.write(`${JSON.stringify({ seed, held: isHeld, ...Object.fromEntries(told), seconds: seconds() })}\n`)
  return isHeld ? 0 : 1
}

/** A workspace for each takes as long as a hundred messages. */
const MESSAGES_A_WORKSPACE = 100

function tryPart(part: Part, { seed, runs, all, only, broken }: HostileOptions, note: (line: string) => void) {
  switch (part) {
    case 'verifier':
      return tryVerifier({ seed, runs, only, broken: broken.verifier }, note)
    case 'consumer':
      return tryConsumer({ seed, runs: all ? null : runs, only, broken: broken.consumer }, note)
    case 'sync':
      return trySyncAll({ seed, runs: Math.ceil(runs / MESSAGES_A_WORKSPACE), only, broken: broken.sync }, note)
  }
}

function readable(part: Part, { tried, endings, wrong }: Found, seed: number): string {
  const ended = Object.entries(endings).map(([ending, count]) => `${ending} ${count}`)
  const verdict = wrong.length === 0 ? 'every promise held' : `${wrong.length} promises were broken`
  return `  ${part}: ${tried} tried, ${verdict} (seed ${seed})\n  ${ended.join(', ')}`
}
