import { Command } from 'commander'
import * as z from 'zod'
import { CHECKS, type Finding } from '../../core/doctor/finding.ts'
import { findingText, summaryText } from '../doctor/findings-text.ts'
import { Told } from '../failure.ts'
import type { Io } from '../io.ts'
import { commonOptions, withCommonOptions } from '../options.ts'
import { writeJson } from '../output/json.ts'
import { painter, plain } from '../output/text.ts'
import { type Target, withTarget } from '../target.ts'

const optionsSchema = commonOptions.extend({ gate: z.boolean().default(false) })
type Options = z.infer<typeof optionsSchema>

export function doctorCommand(io: Io): Command {
  const command = new Command('doctor')
    .summary('runs the production checklist')
    .description(
      'Looks at everything that production rests on: the deployment, the token and its rights, the webhooks, the public ' +
        'address (a signed test delivery goes through it into the ledger and is removed again), ClickUp’s latency and ' +
        'the budget, queues, schedules, secrets, alarms and who hears them. It says of each PASS, WARN or FAIL and what to ' +
        'do, and ends with status 1 when one has failed. It asks ClickUp six times for each connection and changes nothing.',
    )
    .optionsGroup('How:')
    .option('--gate', 'a warning fails, too: for the promotion from one stage to the next')
  return withCommonOptions(command)
    .addHelpText(
      'after',
      `
--json has target, passed, gate and findings: check (${Object.keys(CHECKS).slice(0, 3).join(', ')}, ...),
connection (null for what is the stage's), level (pass, warn, fail, skip), text,
advice (null where there is nothing to do).

Examples:
  $ npx hookline doctor
  $ npx hookline doctor --stage prod --profile work
  $ npx hookline doctor --stage staging --gate && npm run deploy
  $ npx hookline doctor --json | jq '.findings[] | select(.level == "fail")'`,
    )
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given)
      await withTarget(options, io.cwd, (target) => showDoctor(io, target, options))
    })
}

async function showDoctor(io: Io, target: Target, { json, gate }: Options): Promise<void> {
  const paint = painter(io.colours)
  const findings: Finding[] = []
  let about: string | null = null
  if (!json) io.write(`${paint('bold', plain(`The stage: ${target.label}`))}\n`)
  // Loaded only here: no other command has to wait for all that is looked at.
  const { examine, passes } = await import('../../core/doctor/doctor.ts')
  const { doctorServices } = await import('../doctor/services.ts')
  for await (const finding of examine(await doctorServices(io, target))) {
    findings.push(finding)
    if (json) continue
    if (finding.connection !== about) {
      about = finding.connection
      io.write(`\n${paint('bold', plain(`The connection ${about ?? ''}`))}\n`)
    }
    io.write(findingText(finding, paint))
  }
  const passed = passes(findings, gate)
  if (json) writeJson(io, { target: target.label, passed, gate, findings })
  else io.write(`\n${summaryText(findings, { passed, gate })}\n`)
  if (!passed) throw new Told()
}
