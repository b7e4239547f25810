/** Documents of a history. Real ones are expensive: most histories only name their state. */

import type { WorkflowState } from "../../../src/core/workflow/state.ts";
import { createRenderer } from "../../../src/documents/renderer.ts";
import { parseStateDocument } from "../../../src/documents/state/parse-state.ts";
import type { DocumentRenderer } from "../../../src/ports/documents.ts";

export interface Documents {
  readonly documents: DocumentRenderer;
  readonly parseState: (text: string) => WorkflowState;
}

/** One history in so many has the real documents. */
const REAL_EVERY = 100;

export function documentsOf(seed: number): Documents {
  return seed % REAL_EVERY === 0 ? REAL : namedStates();
}

const REAL: Documents = {
  documents: createRenderer("0.0.0"),
  parseState: (text) => {
    const parsed = parseStateDocument(text);
    if (parsed.ok) return parsed.state;
    throw new Error(parsed.errors.join("; "));
  },
};

/** Documents that only name the state that they show. */
function namedStates(): Documents {
  const names = new WeakMap<WorkflowState, string>();
  const states = new Map<string, WorkflowState>();
  const nameOf = (state: WorkflowState): string => {
    const name = names.get(state) ?? `state ${states.size + 1} of ${state.id}\n`;
    names.set(state, name);
    states.set(name, state);
    return name;
  };
  return {
    documents: {
      render: (state) => [{ path: state.plan.layout.stateFile, content: nameOf(state) }],
      renderHandoff: (state, id) => `# ${id}\n\n${state.deliverables[id]?.handoff?.purpose ?? ""}\n`,
    },
    parseState: (text) => {
      const state = states.get(text);
      if (state === undefined) throw new Error(`no state is named ${text}`);
      return state;
    },
  };
}
