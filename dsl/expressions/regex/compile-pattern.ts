import { unionOf } from './character-set.ts';
import type { CharacterSet } from './character-set.ts';
import { checkCalls } from './check-calls.ts';
import { lookBehindBody } from './check-look-behind.ts';
import { RegexSyntaxError, unsupported, UnsupportedRegex } from './errors.ts';
import { makeMeasure } from './measure.ts';
import type { Length } from './measure.ts';
import { parsePattern } from './parse-pattern.ts';
import type { Options } from './pattern-reader.ts';
import { instruction } from './program.ts';
import type { Instruction, Operation, Program } from './program.ts';
import { searchHints } from './search-hints.ts';
import { groupsIn, hasReference, joined, singleCharacter } from './syntax-tree.ts';
import type { LookNode, Node, Pattern, RepeatNode } from './syntax-tree.ts';

// Counted repeats are written out, so this bounds {1000} of {1000} as well.
const maxInstructions = 20_000;
const maxUnion = 100;

/** Compiles a pattern. Throws RegexSyntaxError and UnsupportedRegex. */
export function compilePattern(text: string, options: Options): Program {
  const pattern = parsePattern(text, options);
  const measure = makeMeasure(pattern);
  checkCalls(pattern, measure);
  const compiler = new PatternCompiler(pattern, measure);
  try {
    return compiler.compile();
  } catch (error) {
    if (error instanceof RegexSyntaxError || error instanceof UnsupportedRegex) error.work = compiler.size;
    throw error;
  }
}

class PatternCompiler {
  readonly #pattern: Pattern;
  readonly #measure: (node: Node) => Length;
  readonly #instructions: Instruction[] = [];
  readonly #calls: Instruction[] = [];
  readonly #canRemember: boolean;
  #slots: number;
  #memos = 0;
  /** Atomic groups and assertions around, and loops around whose round may match nothing. */
  #enclosures = 0;
  #emptyLoops = 0;

  constructor(pattern: Pattern, measure: (node: Node) => Length) {
    this.#pattern = pattern;
    this.#measure = measure;
    this.#slots = 2 * pattern.groupNames.length + 3;
    // What follows depends on more than the place and the position where groups are asked for or called.
    this.#canRemember = pattern.called.size === 0 && !hasReference(pattern.root);
  }

  compile(): Program {
    const { groupNames, root, groups, called } = this.#pattern;
    this.#add(root);
    this.#emit('match');
    const entries = new Map<number, number>();
    for (const number of called) {
      entries.set(number, this.#instructions.length);
      this.#add(groups[number] ?? root);
      this.#emit('ret');
    }
    this.#instructions.forEach((each, index) => {
      const next = this.#instructions[index + 1];
      if (each.operation === 'giveBack' && next?.operation === 'text') each.to = next.text.charCodeAt(0);
    });
    for (const call of this.#calls) call.to = entries.get(call.slot) ?? 0;
    return {
      instructions: this.#instructions,
      groupNames,
      slots: Array.from({ length: this.#slots }, () => -1),
      frameSlot: 2 * groupNames.length + 2,
      memos: this.#memos,
      asksForSearchStart: this.#instructions.some((each) => each.place === 'searchStart'),
      hints: searchHints(root),
    };
  }

  /** Instructions made so far. */
  get size(): number {
    return this.#instructions.length;
  }

  #emit(operation: Operation, fields: Partial<Instruction> = {}): Instruction {
    if (this.size >= maxInstructions) unsupported('patterns that repeat so much are');
    const made = instruction(operation, fields);
    this.#instructions.push(made);
    return made;
  }

  #fork(operation: 'fork' | 'forkLazy', to = 0): Instruction {
    return this.#emit(operation, { to, memo: this.#nextMemo() });
  }

  #nextMemo(): number {
    const isSound = this.#canRemember && (this.#enclosures === 0 || this.#emptyLoops === 0);
    return isSound ? this.#memos++ : -1;
  }

  #add(node: Node): void {
    switch (node.kind) {
      case 'text':
        this.#emit('text', { text: node.text });
        return;
      case 'set':
        this.#emit('set', { set: node.set });
        return;
      case 'sequence':
        joined(node.nodes).forEach((each) => this.#add(each));
        return;
      case 'alternatives':
        this.#addAlternatives(node.nodes);
        return;
      case 'repeat':
        this.#addRepeat(node);
        return;
      case 'group':
        this.#addGroup(node.number, node.body);
        return;
      case 'options':
        this.#add(node.body);
        return;
      case 'atomic':
        this.#addEnclosed(node.body, 'commit');
        return;
      case 'look':
        this.#addLook(node);
        return;
      case 'place':
        this.#emit('place', { place: node.place });
        return;
      case 'keep':
        this.#emit('save', { slot: 0 });
        return;
      case 'reference': {
        const { groups, ignoreCase } = node;
        if (node.isCondition) this.#emit('ifSet', { groups, to: -1 });
        else this.#emit('reference', { groups, ignoreCase });
        return;
      }
      case 'call':
        this.#calls.push(this.#emit('call', { slot: node.group }));
        return;
      case 'condition':
        this.#addCondition(node.condition, node.then, node.otherwise);
    }
  }

  #addGroup(group: number, body: Node): void {
    const slot = 2 * group;
    if (!this.#pattern.called.has(group)) {
      this.#emit(this.#pattern.observed.has(group) ? 'open' : 'save', { slot });
      this.#add(body);
      this.#emit('save', { slot: slot + 1 });
      return;
    }
    // A call inside may note a start of its own, so that this one waits in a slot that calls put back.
    const own = this.#slots++;
    this.#emit('save', { slot: own });
    this.#add(body);
    this.#emit('saveBoth', { slot, min: own });
  }

  #addAlternatives(nodes: readonly Node[]): void {
    const sets = nodes
      .slice(0, maxUnion)
      .flatMap((node) => (node.kind === 'set' ? [node.set] : singleCharacter(node)));
    const union = sets.length === nodes.length ? unionOf(sets) : undefined;
    if (union !== undefined) {
      this.#emit('set', { set: union });
      return;
    }
    const ends: Instruction[] = [];
    nodes.forEach((node, index) => {
      const isLast = index === nodes.length - 1;
      const fork = isLast ? undefined : this.#fork('fork');
      this.#add(node);
      if (fork === undefined) return;
      ends.push(this.#emit('jump'));
      fork.to = this.size;
    });
    for (const end of ends) end.to = this.size;
  }

  #addRepeat({ body, min, max, isGreedy }: RepeatNode): void {
    const isEndless = max === Infinity;
    if (body.kind === 'set' && isGreedy && max > 1) {
      this.#addMany(body.set, min, max);
      return;
    }
    const start = this.size;
    for (let count = 0; count < min; count++) {
      this.#add(body);
      // Nothing, however often, stays nothing.
      if (this.size === start) break;
    }
    if (isEndless) this.#addLoop(body, isGreedy);
    else this.#addOptional(body, max - min, isGreedy);
  }

  #addMany(set: CharacterSet, min: number, max: number): void {
    // Only an endless one without a least number can be remembered.
    if (max === Infinity && min > 0) {
      this.#addMany(set, min, min);
      this.#addMany(set, 0, max);
      return;
    }
    this.#emit('many', { set, min, max, memo: max === Infinity ? this.#nextMemo() : -1 });
    this.#emit('giveBack');
  }

  /** As many as `count` more, each inside the choice of the one before. */
  #addOptional(body: Node, count: number, isGreedy: boolean): void {
    const forks: Instruction[] = [];
    for (let left = count; left > 0; left--) {
      forks.push(this.#fork(isGreedy ? 'fork' : 'forkLazy'));
      this.#add(body);
    }
    for (const fork of forks) fork.to = this.size;
  }

  #addLoop(body: Node, isGreedy: boolean): void {
    const canBeEmpty = this.#measure(body).min === 0;
    const start = this.size;
    if (canBeEmpty) this.#emptyLoops++;
    const fork = this.#fork(isGreedy ? 'fork' : 'forkLazy');
    const groups = canBeEmpty ? [...groupsIn(body)].filter((group) => this.#pattern.observed.has(group)) : [];
    const slot = this.#slots;
    if (canBeEmpty) {
      this.#slots += 1 + 2 * groups.length;
      this.#emit('loopBegin', { slot, groups });
    }
    this.#add(body);
    const end = canBeEmpty ? this.#emit('loopEnd', { slot, groups }) : undefined;
    this.#emit('jump', { to: start });
    fork.to = this.size;
    if (end === undefined) return;
    end.to = this.size;
    this.#emptyLoops--;
  }

  #newEnclosure(): number {
    this.#slots += 2;
    return this.#slots - 2;
  }

  #addEnclosed(body: Node, end: 'commit' | 'back'): void {
    const slot = this.#newEnclosure();
    this.#emit('enclose', { slot });
    this.#enclosures++;
    this.#add(body);
    this.#enclosures--;
    this.#emit(end, { slot });
  }

  #addLook(look: LookNode): void {
    let { body } = look;
    let length = 0;
    if (look.isBehind) ({ body, length } = lookBehindBody(look, this.#pattern, this.#measure));
    const slot = this.#newEnclosure();
    this.#emit('enclose', { slot });
    const fork = look.isNegative ? this.#emit('fork') : undefined;
    this.#enclosures++;
    if (length > 0) this.#emit('stepBack', { min: length });
    this.#add(body);
    this.#enclosures--;
    this.#emit(fork === undefined ? 'back' : 'reject', { slot });
    if (fork === undefined) return;
    fork.to = this.size;
    this.#emit('leave', { slot });
  }

  #addCondition(condition: Node, then: Node, otherwise: Node): void {
    let toOtherwise: Instruction;
    let slot: number | undefined;
    if (condition.kind === 'reference' && condition.isCondition) {
      toOtherwise = this.#emit('ifSet', { groups: condition.groups });
    } else {
      slot = this.#newEnclosure();
      this.#emit('enclose', { slot });
      toOtherwise = this.#emit('fork');
      this.#enclosures++;
      this.#add(condition);
      this.#enclosures--;
      this.#emit('commit', { slot });
    }
    this.#add(then);
    const end = this.#emit('jump');
    toOtherwise.to = this.size;
    if (slot !== undefined) this.#emit('leave', { slot });
    this.#add(otherwise);
    end.to = this.size;
  }
}
