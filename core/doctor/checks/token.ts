import { faultText } from '../../guard/fault-text.ts'
import { fail, pass, type Said, skip, warn } from '../finding.ts'
import type { Patient } from '../services.ts'

/** 1 owner, 2 admin: below that not every space is seen, nor everybody's time. */
const ADMIN = 2
const ROLES: Readonly<Record<number, string>> = { 1: 'owner', 2: 'admin', 3: 'member', 4: 'guest' }

/** Whether ClickUp takes the token that is stored. */
export function token({ asked: { account } }: Patient): Said {
  if (account.kind === 'ok') return pass(`ClickUp accepts it: it is ${account.value.user.name}'s.`)
  if (account.kind === 'tokenDead')
    return fail(
      `ClickUp refuses the token (${account.code}).`,
      'Make a new one in ClickUp (Settings, Apps) and bring it with npx hookline rotate token.',
    )
  const said = 'Whether the token is good cannot be told.'
  // That the budget is spent is no fault of the token's.
  return account.kind === 'rateLimited' ? warn(said, faultText(account)) : fail(said, faultText(account))
}

/** Whether the token's user may see what there is to be seen, and is the one that was connected. */
export function account({ asked, record }: Patient): Said {
  if (asked.account.kind !== 'ok') return skip('It takes a token that works.')
  const { user, workspaces } = asked.account.value
  if (user.id !== record.userId)
    return fail(
      `The token is ${user.name}'s, and the connection was made by ${record.userName ?? record.userId}.`,
      'Its webhooks cannot be seen with this token: take them over with npx hookline rotate token --takeover.',
    )
  const seen = workspaces.find(({ id }) => id === record.workspaceId)
  if (seen === undefined) return skip('It takes a workspace that the token sees.')
  const { role } = seen
  if (role === null)
    return warn(`ClickUp does not say what ${user.name} may do.`, 'See in ClickUp that it is an admin.')
  const roleName = ROLES[role] ?? `role ${role}`
  if (role > ADMIN)
    return fail(
      `${user.name} is a ${roleName}: it sees neither all spaces nor everybody's time.`,
      `Make ${user.name} an admin of the workspace in ClickUp (Settings, People).`,
    )
  return pass(`${user.name} is an ${roleName}.`)
}

/** Whether another stage spends the same budget and hears the same deliveries. */
export async function sharing({ looks, asked }: Patient): Promise<Said> {
  const { names, compared } = await looks.sharedWith()
  if (names.length > 0)
    return fail(
      `The same token is in ${names.join(', ')}: both spend one rate limit, and neither knows of the other.`,
      'Make a service account of its own for each stage, and bring its token with npx hookline rotate token.',
    )
  const elsewhere = otherPlaces(asked, looks)
  if (elsewhere.length > 0)
    return warn(
      `Its user has webhooks like ours at ${elsewhere.join(', ')}: another Hookline may use it.`,
      'Give each stage a user of its own; delete webhooks that nobody needs any more in ClickUp.',
    )
  return pass(compared === 0 ? 'No other stage is in this account.' : `No other of ${compared} secrets holds it.`)
}

function otherPlaces({ webhooks }: Patient['asked'], looks: Patient['looks']): string[] {
  if (webhooks.kind !== 'ok') return []
  const own = new URL(looks.url('a')).host
  const hosts = webhooks.value.flatMap(({ endpoint }) => {
    if (!URL.canParse(endpoint)) return []
    const { host, pathname } = new URL(endpoint)
    return pathname.includes('/webhooks/clickup/') && host !== own ? host : []
  })
  return [...new Set(hosts)]
}
