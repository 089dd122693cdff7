/** What a subscriber imports that writes back to ClickUp: within the shared budget, checked before it is sent. */
export type { AddCommentOutcome, CommentOptions } from './add-comment.ts'
export { connectWriter, type Writer, type WriterOptions } from './connect-writer.ts'
export type { FieldInput } from './field-body.ts'
export type { SetFieldOutcome } from './set-custom-field.ts'
export type { WriteFault } from './write-fault.ts'
