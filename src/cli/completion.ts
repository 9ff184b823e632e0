/**
 * The commands and their flags → what the shell functions of @oclif/plugin-autocomplete do not complete: names of interfaces;
 * and in bash the values of options, files, and flags that do not stand right behind their command.
 */
import type { Command } from '@oclif/core'

export type CompletedCommand = Pick<Command.Loadable, 'id' | 'hidden' | 'flags' | 'args'>

const listInterfaces = (netkit: string) => `$(${netkit} interfaces --format names 2>/dev/null)`

/** Text to put behind the plugin's script for bash, whose function this one calls. */
export function addToBash(bin: string, commands: readonly CompletedCommand[]): string {
  const complete = `_${bin}_complete_more`
  return `
# Added by ${bin}: what the function above does not complete.
${complete}() {
  local command="\${COMP_WORDS[1]}" cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" words word
  COMPREPLY=()
  # --flag=value is three words.
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev="\${COMP_WORDS[COMP_CWORD - 2]}"; fi
  if (( COMP_CWORD > 2 )) && [[ $cur == -* ]]; then
    # The function above knows flags right behind their command.
    local COMP_WORDS=("\${COMP_WORDS[0]}" "$command" "$cur") COMP_CWORD=2
  fi
  if (( COMP_CWORD == 1 )) || [[ $cur == -* ]]; then
    _${bin}_autocomplete
    return
  fi
  case "$command $prev" in
    ${commands.filter(isTyped).flatMap(bashCases).join('\n    ')}
    *) _${bin}_autocomplete; return ;;
  esac
  # Not compgen -W: it would run what a name has of shell in it.
  while read -r word; do
    if [[ -n $word && $word == "$cur"* ]]; then
      printf -v word %q "$word"
      COMPREPLY+=("$word")
    fi
  done <<< "$words"
}
# What has no answer here is a file.
complete -o default -F ${complete} ${bin}
`
}

/** For the word behind each flag with known values, and behind any other word where an argument is an interface. */
function bashCases({ id, flags, args }: CompletedCommand): string[] {
  const names = `words=${listInterfaces(`"\${COMP_WORDS[0]}"`)} ;;`
  const cases: string[] = []
  const unknown: string[] = []
  for (const flag of Object.values(flags)) {
    if (flag.type !== 'option') continue
    const spellings = [`'${id} --${flag.name}'`, ...(flag.char === undefined ? [] : [`'${id} -${flag.char}'`])]
    if (flag.options !== undefined) cases.push(`${spellings.join(' | ')}) words=$'${flag.options.join('\\n')}' ;;`)
    else if (flag.name === 'interface') cases.push(`${spellings.join(' | ')}) ${names}`)
    else unknown.push(...spellings)
  }
  if ('interface' in args) cases.push(`${unknown.join(' | ')}) ;;`, `'${id} '*) ${names}`)
  return cases
}

/** The plugin's script for zsh, with interfaces in place of files where a flag or an argument is one. */
export function changeForZsh(bin: string, commands: readonly CompletedCommand[], script: string): string {
  const complete = `_${bin}_interfaces`
  const body = `
${complete}() {
  local expl
  local -a names=(\${(f)"${listInterfaces(bin)}"})
  _wanted interfaces expl interface compadd -a names || _files
}
`
  const takesInterface = new Set(commands.filter((one) => isTyped(one) && 'interface' in one.args).map(({ id }) => id))
  return script
    .replace(/^#compdef .*\n/, (line) => line + body)
    .replace(/(\{-i,--interface\}"\[[^\n]*\]):file:_files"/g, (_all, flag) => `${flag}:interface:${complete}"`)
    .replace(/^([\w-]+)\)\n_arguments[\s\S]*?"\*: :_files" ;;/gm, (block, id) =>
      takesInterface.has(id) ? block.replace(/_files" ;;$/, `${complete}" ;;`) : block,
    )
}

/** Commands of one word are all that the functions above look at. */
function isTyped({ id, hidden }: CompletedCommand): boolean {
  return !hidden && !id.includes(':')
}
