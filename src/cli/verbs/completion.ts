import { SignalboxError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import type { VerbInput } from "../verb.ts";

/** Asks the program itself for candidates, so that ids of workflows and slots complete too. */
const BASH = `_signalbox() {
  local IFS=$'\\n'
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=($(signalbox complete -- "\${words[@]}" 2>/dev/null))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); fi
}
complete -F _signalbox signalbox
`;

/** `signalbox completion bash`. */
export async function completion({ output }: Context, input: VerbInput): Promise<number> {
  const shell = input.argument(0);
  if (shell !== "bash")
    throw new SignalboxError("user", "unknown-shell", `There is no completion for ${shell ?? "this shell"}`, [
      "For bash: source <(signalbox completion bash)",
    ]);
  output.answer(BASH);
  return EXIT.done;
}
