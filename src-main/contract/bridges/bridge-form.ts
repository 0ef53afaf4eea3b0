import { z } from '../zod.ts';
import { bridgeSchema, type BridgeKind } from './bridge.ts';
import { describeShape } from './field-shape.ts';
import type { FieldWords } from './field-words.ts';
import type { FormField } from './form-field.ts';

/** Everything that a form of one kind of bridge shows, as its schema and the words in it say. */
export interface BridgeForm {
  readonly kind: BridgeKind;
  /** what the kind is called, and what it does; undefined where its schema does not say */
  readonly title: string | undefined;
  readonly about: string | undefined;
  readonly name: FormField;
  readonly onReturn: FormField;
  /** of `settings`, in the order of the schema */
  readonly settings: readonly FormField[];
}

type Layers = Pick<FormField, 'words' | 'fallback' | 'empty'> & {
  readonly core: z.core.$ZodTypes;
  readonly title: string | undefined;
  readonly description: string | undefined;
};

/** Every kind that a show can hold, in the order of the schema. */
export const bridgeKinds: readonly BridgeKind[] = bridgeSchema.options.map(({ shape }) => shape.kind.value);

const forms = new Map<BridgeKind, BridgeForm>();

/** The form of a kind; always the same object. */
export function bridgeForm(kind: BridgeKind): BridgeForm {
  const known = forms.get(kind) ?? makeForm(kind);
  forms.set(kind, known);
  return known;
}

function makeForm(kind: BridgeKind): BridgeForm {
  const schema = bridgeSchema.options.find(({ shape }) => shape.kind.value === kind);
  if (!schema) throw new TypeError(`no bridge of kind ${kind}`);
  const { name, onReturn, settings } = schema.shape;
  const { title, description } = layersOf(schema);
  const own = layersOf(settings);
  return {
    ...{ kind, title: title ?? own.title, about: description ?? own.description },
    name: describeField('name', name),
    onReturn: describeField('onReturn', onReturn),
    settings: describeFields(settings).map(asAddress),
  };
}

/** Where a bridge's addresses begin is an address, whatever the words of its kind say. */
function asAddress(field: FormField): FormField {
  return field.name === 'prefix' ? { ...field, words: { control: 'address', ...field.words } } : field;
}

/** The fields of an object; of a union of objects those of all, each shown while its choice is made.
 *  @returns nothing for any other schema */
export function describeFields(schema: z.core.$ZodType): FormField[] {
  const { core } = layersOf(schema);
  if (core._zod.def.type === 'object') {
    return Object.entries((core as z.core.$ZodObject)._zod.def.shape).map(([name, field]) =>
      describeField(name, field),
    );
  }
  return isTagged(core) ? taggedFields(core) : [];
}

/** @param name its key */
export function describeField(name: string, schema: z.core.$ZodType): FormField {
  const { core, title, description, words, fallback, empty } = layersOf(schema);
  return {
    ...{ name, words, fallback, empty, schema: schema as z.ZodType, onlyThen: false },
    label: title ?? wordsOf(name),
    isTitled: title !== undefined,
    help: description,
    shape: describeShape(core, words, {
      fields: describeFields,
      field: describeField,
      coreOf: (of) => layersOf(of).core,
    }),
  };
}

/** `listenPort` as `listen port`. */
function wordsOf(name: string): string {
  return name.replace(/(?<=[a-z0-9])([A-Z])/g, ' $1').toLowerCase();
}

/** Looks through what is wrapped around a type: words of outer layers go before those of inner ones. */
function layersOf(schema: z.core.$ZodType): Layers {
  let words: z.core.GlobalMeta = {};
  let fallback: unknown;
  let empty: FormField['empty'];
  for (let layer = schema as z.core.$ZodTypes; ;) {
    const { id: _id, ...said } = z.globalRegistry.get(layer) ?? {};
    words = { ...said, ...words };
    const { def } = layer._zod;
    if (def.type === 'default' || def.type === 'prefault') fallback ??= def.defaultValue;
    if (def.type === 'nullable') empty = 'null';
    if (def.type === 'optional') empty ??= 'absent';
    const inner = innerOf(layer);
    if (inner) {
      layer = inner;
      continue;
    }
    const { title, description, ...rest } = words;
    return { core: layer, title, description, words: rest satisfies FieldWords, fallback, empty };
  }
}

function innerOf(layer: z.core.$ZodTypes): z.core.$ZodTypes | undefined {
  const { def } = layer._zod;
  switch (def.type) {
    case 'default':
    case 'prefault':
    case 'nullable':
    case 'optional':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return def.innerType as z.core.$ZodTypes;
    case 'pipe':
      return (def.in._zod.def.type === 'transform' ? def.out : def.in) as z.core.$ZodTypes;
    default:
      return undefined;
  }
}

function isTagged(core: z.core.$ZodTypes): core is z.core.$ZodDiscriminatedUnion {
  return core._zod.def.type === 'union' && 'discriminator' in core._zod.def;
}

function taggedFields(union: z.core.$ZodDiscriminatedUnion): FormField[] {
  const { options, discriminator: tag } = union._zod.def;
  const { words, title, description } = layersOf(union);
  const branches = options.map((option) => {
    const { core } = layersOf(option);
    const shape = core._zod.def.type === 'object' ? (core as z.core.$ZodObject)._zod.def.shape : {};
    const values = shape[tag] ? [...(shape[tag]._zod.values ?? [])].map(String) : [];
    return { shape, values, label: layersOf(option).title };
  });
  const labels = branches.flatMap(({ values, label }) => values.map((value) => [value, label ?? value] as const));
  const choices = { ...Object.fromEntries(labels), ...words.choices };
  const schema = z
    .enum(labels.map(([value]) => value))
    .meta({ title: title ?? wordsOf(tag), choices, ...(description && { description }) });
  const fields = branches.flatMap(({ shape, values }) =>
    Object.entries(shape)
      .filter(([name]) => name !== tag)
      .map(([name, field]) => {
        const described = describeField(name, field);
        return {
          ...described,
          onlyThen: true,
          words: { ...described.words, when: { ...described.words.when, [tag]: values } },
        };
      }),
  );
  return [describeField(tag, schema), ...fields];
}
