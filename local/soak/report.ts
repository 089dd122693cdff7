import { someLines } from '../check/findings.ts'
import type { Command } from './command.ts'
import type { Played } from './play.ts'

export type Failure = { seed: number; commands: readonly Command[]; violations: readonly string[] }

/** What all runs came to. */
export type Report = {
  runs: number
  failures: Failure[]
  compared: number
  happened: number
  lost: number
  swept: number
  virtualHours: number
  seconds: number
}

export const noRuns = (): Report => ({
  ...{ runs: 0, failures: [], compared: 0, happened: 0, lost: 0, swept: 0, virtualHours: 0, seconds: 0 },
})

const HOUR_MS = 3_600_000

export function add(report: Report, { compared, happened, lost, swept, virtualMs }: Played): void {
  report.compared += compared
  report.happened += happened
  report.lost += lost
  report.swept += swept
  report.virtualHours += virtualMs / HOUR_MS
}

/** Whether all held, and there was something that could have been otherwise. */
export const isFaultless = ({ failures, compared, lost }: Report): boolean =>
  failures.length === 0 && compared > 0 && lost > 0

/** A run that did not hold, for people: what was wrong, what it takes, and how to see it again. */
export const failureLines = ({ seed, commands, violations }: Failure, again: string): string[] => [
  `seed ${seed}, ${commands.length} commands:`,
  ...commands.map((command) => `  ${JSON.stringify(command)}`),
  ...someLines('wrong', violations),
  `again: ${again}`,
]

/** The one line that ends it, for programs. */
export function jsonLine(report: Report): string {
  const { failures, virtualHours, ...rest } = report
  const failed = failures.map(({ seed, commands, violations }) => ({
    ...{ seed, commands: commands.length, violations: violations.length },
  }))
  return JSON.stringify({ ...rest, virtualHours: Math.round(virtualHours), ok: isFaultless(report), failed })
}

export const readable = (report: Report): string =>
  `${report.runs} runs, ${Math.round(report.virtualHours)} h of virtual time in ${report.seconds} s: ${report.happened} changes, ` +
  `${report.lost} never delivered, ${report.swept} found by sweeps, ${report.compared} things compared, ` +
  `${report.failures.length} runs in which something did not hold`
