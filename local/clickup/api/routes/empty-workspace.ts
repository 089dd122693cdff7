import { type Answer, ERRORS, ok } from '../answer.ts'
import type { Call, Handler } from '../call.ts'

/** The workspace that is there to be chosen wrongly. Its id is none that the world gives. */
export const EMPTY_WORKSPACE = { id: '90110000001', name: 'Northwind Archive', color: '#87909e' } as const

const answers =
  (body: (call: Call) => unknown): Handler =>
  (call): Answer =>
    call.faults.workspaces === 'two' ? ok(body(call)) : ERRORS.noAccess

const at = (rest: string) => `GET /v2/team/${EMPTY_WORKSPACE.id}/${rest}`

/** There is nothing in it, and nothing can be done in it. */
export const emptyWorkspaceRoutes: Record<string, Handler> = {
  [at('plan')]: answers(() => ({ plan_name: 'Free Forever', plan_id: 1 })),
  [at('space')]: answers(() => ({ spaces: [] })),
  [at('task')]: answers(() => ({ tasks: [] })),
  [at('webhook')]: answers(() => ({ webhooks: [] })),
  [at('goal')]: answers(() => ({ goals: [], folders: [] })),
  [at('field')]: answers(() => ({ fields: [] })),
  [at('time_entries')]: answers(() => ({ data: [] })),
  [`POST /v2/team/${EMPTY_WORKSPACE.id}/webhook`]: () => ERRORS.noAccess,
}
