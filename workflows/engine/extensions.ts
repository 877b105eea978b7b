import { taskKind, type Definition, type Extension, type Task } from '../../dsl/types.ts';
import { pointerToken } from '../../dsl/json.ts';

/** An extension in its place. */
export interface DefinedExtension {
  readonly extension: Extension;
  readonly name: string;
  /** JSON Pointer into the definition. */
  readonly reference: string;
}

/** The extensions that a definition defines, in their order. */
export function extensionsOf({ use }: Definition): readonly DefinedExtension[] {
  return (use?.extensions ?? []).flatMap((item, index) =>
    Object.entries(item).map(([name, extension]) => {
      const reference = `/use/extensions/${index}/${pointerToken(name)}`;
      return { extension, name, reference };
    }),
  );
}

/** Whether the extension is for tasks of this type; `composite` are those that do nothing but run others. */
export function extendsType({ extend }: Extension, task: Task): boolean {
  if (extend === 'all') return true;
  const kind = taskKind(task);
  return extend === 'composite' ? kind === 'do' || kind === 'fork' : extend === kind;
}
