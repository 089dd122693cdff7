/** The endpoints that are asked, as ClickUp's documentation writes them. */
const TEMPLATES = [
  '/v2/user',
  '/v2/team',
  '/v2/team/{team_id}/plan',
  '/v2/team/{team_id}/space',
  '/v2/team/{team_id}/task',
  '/v2/team/{team_id}/time_entries',
  '/v2/team/{team_id}/time_entries/{timer_id}',
  '/v2/team/{team_id}/webhook',
  '/v2/space/{space_id}',
  '/v2/space/{space_id}/folder',
  '/v2/space/{space_id}/list',
  '/v2/folder/{folder_id}',
  '/v2/folder/{folder_id}/list',
  '/v2/list/{list_id}',
  '/v2/list/{list_id}/field',
  '/v2/list/{list_id}/task',
  '/v2/goal/{goal_id}',
  '/v2/task/bulk_time_in_status/task_ids',
  '/v2/task/{task_id}',
  '/v2/task/{task_id}/comment',
  '/v2/task/{task_id}/field/{field_id}',
  '/v2/task/{task_id}/time',
  '/v2/webhook/{webhook_id}',
] as const
type PathTemplate = (typeof TEMPLATES)[number] | 'other'

const BY_LENGTH = Map.groupBy(
  TEMPLATES.map((template) => ({ template, segments: template.split('/') })),
  ({ segments }) => segments.length,
)

/**
 * The endpoint of a path, for logs: no id, no name and no query is ever in it, because a path that is none of these is `other`.
 *
 * @param path below the API's base, as `/v2/task/abc?include_subtasks=true`
 */
export function templateOf(path: string): PathTemplate {
  const given = (path.split('?', 1)[0] ?? '').split('/')
  const found = BY_LENGTH.get(given.length)?.find(({ segments }) =>
    segments.every((segment, i) => (segment.startsWith('{') ? given[i] !== '' : segment === given[i])),
  )
  return found?.template ?? 'other'
}
