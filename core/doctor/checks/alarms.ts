import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { DoctorServices } from '../services.ts'

const SWITCHED_OFF = 'Alarms are switched off in the config (alarms.enabled).'
const CONFIRM =
  'Open the mail that AWS has sent to each address and confirm it; an https address confirms by itself, or never.'
const MOST_NAMES = 4
const listed = (names: readonly string[]) =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`

/** Whether every alarm is there, armed, with somebody to tell, and silent. */
export async function alarms({ aws, expectedAlarms }: DoctorServices): Promise<Said> {
  if (expectedAlarms.length === 0) return skip(SWITCHED_OFF)
  const there = new Map((await aws.alarms()).map((alarm) => [alarm.name, alarm]))
  const missing = expectedAlarms.filter((name) => !there.has(name))
  if (missing.length > 0)
    return fail(
      missing.length === expectedAlarms.length ? 'There is none.' : `There is none of the name ${listed(missing)}.`,
      'Deploy this version: npm run deploy. One that was deleted by hand comes back by npx cdk deploy --revert-drift Hookline-STAGE-Service alone.',
    )
  const ours = expectedAlarms.flatMap((name) => there.get(name) ?? [])
  const disarmed = ours.filter(({ enabled, actions }) => !enabled || actions.length === 0).map(({ name }) => name)
  if (disarmed.length > 0)
    return fail(
      `${listed(disarmed)} would tell nobody: ${disarmed.length === 1 ? 'its' : 'their'} actions are off or missing.`,
      'Switch them on: aws cloudwatch enable-alarm-actions --alarm-names NAME, or deploy again.',
    )
  const ringing = ours.filter(({ state }) => state === 'ALARM').map(({ name }) => name)
  if (ringing.length > 0)
    return warn(
      `${listed(ringing)} ${ringing.length === 1 ? 'is' : 'are'} in alarm.`,
      'See docs/runbook.md, by its name.',
    )
  return pass(`${ours.length} alarms are armed, and none is in alarm.`)
}

/** Whether somebody hears of the alarms, and has confirmed to want to. */
export async function subscriptions({ aws, expectedAlarms }: DoctorServices): Promise<Said> {
  if (expectedAlarms.length === 0) return skip(SWITCHED_OFF)
  const expected = new Set(expectedAlarms)
  const ours = (await aws.alarms()).filter(({ name }) => expected.has(name))
  const topics = [...new Set(ours.flatMap(({ actions }) => actions))].sort()
  const told = await Promise.all(topics.map(async (arn) => ({ arn, ...(await aws.subscriptions(arn)) })))
  const nameOf = (arn: string) => arn.split(':').at(-1) ?? arn
  const pending = told.filter((topic) => topic.pending > 0 && topic.confirmed === 0)
  if (pending.length > 0)
    return fail(`Of ${listed(pending.map(({ arn }) => nameOf(arn)))} nobody has confirmed the subscription.`, CONFIRM)
  const deaf = told.filter(({ confirmed }) => confirmed === 0)
  if (deaf.length > 0 || told.length === 0)
    return warn(
      told.length === 0 ? 'The alarms have no topics.' : `Nobody hears ${listed(deaf.map(({ arn }) => nameOf(arn)))}.`,
      'Name addresses under alarms in hookline.config.ts, and deploy.',
    )
  // Somebody else hears it: but who was to be woken is not.
  const partly = told.filter((topic) => topic.pending > 0)
  if (partly.length > 0)
    return warn(
      `Of ${listed(partly.map(({ arn, pending }) => `${nameOf(arn)} (${pending})`))} a part has not confirmed the subscription.`,
      CONFIRM,
    )
  return pass(`${told.reduce((sum, { confirmed }) => sum + confirmed, 0)} confirmed over ${told.length} topics.`)
}
