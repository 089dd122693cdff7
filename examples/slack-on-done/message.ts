import type { ChangeEvent } from '../../core/publish/index.ts'

/** The line that people read, in Slack's own markup. */
export function messageOf({ task, resource, after, actor }: ChangeEvent): { text: string } {
  const name = escaped(task?.name ?? `Task ${resource.id}`)
  const title = task?.url ? `<${encodeURI(task.url)}|${name}>` : name
  const by = actor?.name ? ` by ${escaped(actor.name)}` : ''
  return { text: `:white_check_mark: *${title}* is ${escaped(nameOf(after))}${by}` }
}

/** `after` of a status is `{name, type}`, but a value that was too large to carry is not. */
function nameOf(status: ChangeEvent['after']): string {
  const isObject = status !== null && typeof status === 'object' && !Array.isArray(status)
  return isObject && typeof status['name'] === 'string' ? status['name'] : 'done'
}

/** The three characters that mean something to Slack: https://docs.slack.dev/messaging/formatting-message-text */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
