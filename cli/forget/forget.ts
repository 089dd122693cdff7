import { type Counts, noCounts, totalOf } from '../../core/forget/counts.ts'
import { erase, type ForgetServices, survey, unfinished } from '../../core/forget/forget.ts'
import type { ForgetProgress } from '../../core/forget/progress-store.ts'
import { remaining } from '../../core/forget/remains.ts'
import type { Subject } from '../../core/forget/subject.ts'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { plain } from '../output/text.ts'
import type { Target } from '../target.ts'
import type { ForgetChoice } from './choice.ts'
import { servicesOf, standingOf } from './services.ts'
import { writeReport } from './texts.ts'

/** Surveys, asks, erases, and says what was done and what remains. An erasure that was interrupted goes on where it was. */
export async function forget(io: Io, target: Target, subject: Subject, choice: ForgetChoice): Promise<void> {
  const { json, dryRun } = choice
  const services = await servicesOf(io, target, choice)
  const { isMember } = await standingOf(target, services.connections, subject)
  const report = (counts: Counts) => remaining({ subject, counts, isMember, hasArchive: services.archive !== null })
  const what = `${subject.kind} ${subject.id} in ${services.connections.join(', ')} (${target.label})`
  const begun = dryRun ? null : await unfinished(services, subject)
  const begin = begun ?? (await found(io, services, subject))
  if (begun !== null) io.note(plain(`An erasure of ${what} was interrupted: it goes on where it was.`))
  else if (dryRun || totalOf(begin.counts) === 0) {
    if (json) writeJson(io, { subject, erased: false, ...begin.counts, remains: report(begin.counts) })
    else if (totalOf(begin.counts) === 0) io.write(`${plain(`Nothing of ${what} is stored.`)}\n`)
    else writeReport(io, begin.counts, 'would be', report(begin.counts))
    return
    // Whoever has said yes beforehand has nothing to read yet, and a reader that goes away would end it half-way.
  } else if (!json && !choice.yes) writeReport(io, begin.counts, 'would be', report(begin.counts))
  if (!(await confirm(io, choice, `Erase ${what}?`))) return io.note('Nothing was changed.')
  const counts = await erase(services, subject, begun ?? { ...begin, counts: noCounts() })
  io.progress?.(null)
  if (json) writeJson(io, { subject, erased: true, ...counts, remains: report(counts) })
  else writeReport(io, counts, 'were', report(counts))
}

/** What a survey has found, as the beginning of an erasure. @throws Failure for a task's custom id */
async function found(io: Io, services: ForgetServices, subject: Subject): Promise<ForgetProgress> {
  const { aliases, counts, customIdOf } = await survey(services, subject)
  io.progress?.(null)
  if (customIdOf !== null)
    throw new Failure(
      `${plain(subject.id)} is the custom id of task ${plain(customIdOf)}: say --task ${plain(customIdOf)}.`,
    )
  const [names, emails] = [[...aliases.names], [...aliases.emails]]
  if (names.length + emails.length > 0) io.note(plain(`Known as ${[...names, ...emails].join(', ')}.`))
  return { startedAt: io.now(), names, emails, table: 0, after: null, counts }
}
