import { faultText } from '../../guard/fault-text.ts'
import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { Patient } from '../services.ts'

const MOST_NAMES = 5
const listed = (names: readonly string[]) =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`

/** Whether the token sees the workspace that was connected. */
export function workspace({ asked: { account }, record }: Patient): Said {
  if (account.kind !== 'ok') return skip('It takes a token that works.')
  const name = record.workspaceName ?? record.workspaceId
  const found = account.value.workspaces.find(({ id }) => id === record.workspaceId)
  if (found !== undefined) return pass(`It sees ${found.name}, with ${found.members} members.`)
  return fail(`The token does not see the workspace ${name} any more.`, 'Invite its user there again in ClickUp.')
}

/** Whether the token sees every space that was chosen. */
export function spaces({ asked: { clickApps }, record, status, looks }: Patient): Said {
  if (clickApps.kind !== 'ok') return skip(`ClickUp told no spaces: ${faultText(clickApps)}`)
  const seen = new Set(clickApps.value.spaces.map(({ id }) => id))
  const nameOf = (id: string) => status.hierarchy?.spaces.find((space) => space.id === id)?.name ?? id
  const wanted = new Set([...(record.selection?.spaces ?? []), ...looks.keptSpaces])
  const missing = [...wanted].filter((id) => !seen.has(id))
  if (missing.length > 0)
    return fail(
      `Of the spaces that were chosen it does not see ${listed(missing.map(nameOf))}.`,
      'Add the token’s user to them in ClickUp, or choose others with npx hookline connect, or in the config’s filter.',
    )
  if (seen.size === 0)
    return fail('The token sees no space at all.', 'Add its user to the spaces that are wanted, in ClickUp.')
  return pass(`It sees ${wanted.size === 0 ? `all of ${seen.size}` : 'all that were chosen'}.`)
}

/** Whether what Hookline reads is switched on in ClickUp. */
export function clickApps({ asked: { clickApps: answer }, record }: Patient): Said {
  if (answer.kind !== 'ok') return skip(`ClickUp told nothing of them: ${faultText(answer)}`)
  const wanted = record.selection?.spaces
  const within = answer.value.spaces.filter(({ id }) => wanted === undefined || wanted.includes(id))
  const without = within.filter(({ timeTracking }) => timeTracking === false).map(({ name }) => name)
  const off = [
    ...(without.length > 0 ? [`Time Tracking is off in ${listed(without)}`] : []),
    ...(answer.value.timeInStatus === false ? ['Total time in Status is off'] : []),
  ]
  if (off.length > 0)
    return warn(
      `${off.join(', and ')}: time entries, or the times before the connection, are missing.`,
      'Switch it on in ClickUp’s App Center if reports are to have it.',
    )
  if (answer.value.timeInStatus === null) return pass('Time Tracking is on; there is no task to ask about the rest.')
  return pass('Time Tracking and Total time in Status are on.')
}
