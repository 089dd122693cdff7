import { type Command, InvalidArgumentError, Option } from 'commander'
import * as z from 'zod'
import { commonOptions, nameOption, word } from '../options.ts'

export const selectionOptions = commonOptions.extend({
  class: z.string().optional(),
  id: z.array(z.string()).optional(),
  connection: z.string().optional(),
  look: z.number(),
})

/** Of the options that choose messages, as the core wants them. */
export const selectionOf = <Options extends z.infer<typeof selectionOptions>>({ id, ...options }: Options) => ({
  ...options,
  ids: id,
})

export const wholeOption = (text: string): number => {
  const number = Number(text)
  if (/^\d{1,6}$/.test(text) && number > 0) return number
  throw new InvalidArgumentError('It must be a whole number from 1 to 999999.')
}

export const lookOption = () =>
  new Option('--look <number>', 'look at no more messages than this').default(1000).argParser(wholeOption)

/** Adds the options that choose messages. */
export const withSelection = (command: Command): Command =>
  command
    .optionsGroup('Which messages:')
    .option(
      '--class <class>',
      'only of this class: malformed, invalid, unreadable, refused, expired, unknown ...',
      word,
    )
    .option('--connection <name>', 'only of this connection', nameOption)
    .addOption(
      new Option('--id <id>', 'only this message; may be given several times').argParser(
        (text: string, before: string[] | undefined) => [...(before ?? []), word(text)],
      ),
    )
    .addOption(lookOption())
