import { lintSource } from '@secretlint/core'
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend'
import { clickupRule } from './clickup-rule.ts'

/** A file as it is, or as it is about to be committed. */
export type Source = { path: string; bytes: Buffer }

/** Where something secret stands and what it seems to be; never the secret itself. */
export type Finding = { path: string; line: number; column: number; what: string }

const CONFIG = { rules: [{ id: 'preset-recommend', rule: recommended }, clickupRule] }

/** What looks like a secret in a file, whoever made it. */
export async function scan({ path, bytes }: Source): Promise<Finding[]> {
  // A secret is ASCII: without its zeros UTF-16 reads like any other text, and so does what stands within a binary file.
  const content = bytes.toString('utf8').replaceAll('\0', '')
  const { messages } = await lintSource({
    source: { filePath: path, content, ext: '', contentType: 'text' },
    options: { config: CONFIG, noPhysicFilePath: true },
  })
  return messages.map(({ ruleId, ruleParentId, messageId, message, loc }) => ({
    path,
    line: loc.start.line,
    column: loc.start.column + 1,
    // The messages of other rules quote what they found; their names are enough to know what to look for.
    what: ruleParentId === undefined ? message : `${ruleId.replace(/^.*secretlint-rule-/, '')}: ${messageId}`,
  }))
}
