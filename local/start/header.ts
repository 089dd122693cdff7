import { isFiltered } from '../../core/ingest/filter.ts'
import { LOCAL_FILE } from '../local-file.ts'
import type { Paint } from './paint.ts'
import type { LocalSystem } from './system.ts'

/** Relative, because every command here is for the project's folder. */
export const LOG_FILE = '.hookline/functions.log'

/** What stands above the live table: what runs here, how to send something, and how to look at what came of it. */
export function header(system: LocalSystem, { paint, taskId }: { paint: Paint; taskId: string }): string[] {
  const title = (text: string) => paint('bold', text)
  const command = (lines: string[]) => lines.map((line) => paint('cyan', `  ${line}`))
  return [
    '',
    `${title('Hookline runs on this machine.')} Ctrl-C ends it and leaves nothing running.`,
    'It is the template that `cdk deploy` deploys, on embedded queues, tables, secrets and an event bus.',
    '',
    ...facts(system),
    '',
    ...(system.clickup === null ? WARNING.map((line) => paint('yellow', line)) : []),
    `${title('Send a delivery yourself,')} signed as ClickUp signs, from a second terminal in this folder:`,
    '',
    ...command(sendCommand(taskId)),
    '',
    'It is answered with 200 and shows below, once, however often you send it. With another `id` in it,',
    'it is another change; with one byte changed after signing, it is refused with 403.',
    '',
    `${title('Look at its task,')} which is read from ClickUp when the first delivery about it comes in:`,
    '',
    ...command([`npx hookline tasks show ${taskId}`]),
    '',
    `${title('What people did,')} told from the tables; it needs no key, unless the config names a model:`,
    '',
    ...command(['npx hookline standup --since 10m']),
    '',
    `${title('What comes through,')} as a subscriber of the event bus hears it: one line for each change, however`,
    'often ClickUp told it. `ms` is the time from its first delivery to its event.',
    '',
  ]
}

function facts({ details, connected, configured, clickup }: LocalSystem): string[] {
  const rows =
    clickup === null
      ? { ClickUp: `${details.clickupUrl}, as ${connected.user.name}`, workspace: connected.workspace.name }
      : {
          ClickUp: `a fake one at ${details.clickupUrl}`,
          workspace: `${connected.workspace.name}: ${clickup.world.tasks().length} tasks, and people who work on them`,
        }
  const { connection, others } = configured
  const all = {
    ...rows,
    ...(others.length > 0 && { connection: `${connection.name}; not made here: ${others.join(', ')}` }),
    webhook: details.webhookUrl,
    ...(isFiltered(connection) && { filter: 'as configured: what it drops does not show below' }),
    details: `${LOCAL_FILE}, for programs`,
    logs: LOG_FILE,
  }
  return Object.entries(all).map(([name, text]) => `  ${name.padEnd(11)}${text}`)
}

const WARNING = [
  'Deliveries can reach a loopback address from this machine only: a ClickUp elsewhere does not get through',
  'to the webhook above, and suspends it after 100 losses. Ctrl-C deletes the webhook again.',
  '',
]

/** For a POSIX shell, with nothing but node, curl and openssl. */
const sendCommand = (taskId: string) => [
  `of() { node -p "JSON.parse(fs.readFileSync('${LOCAL_FILE}')).$1"; }`,
  `body='{"event":"taskCommentPosted","task_id":"${taskId}","history_items":[`,
  '  {"id":"1","field":"comment","date":"1767225600000","user":{"id":1,"username":"You"}}]}\'',
  'signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$(of signingSecret)" -r | cut -c1-64)',
  'curl -i "$(of webhookUrl)" -H "X-Signature: $signature" --data-binary "$body"',
]
