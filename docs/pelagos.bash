# Completion of `pelagos` for bash: subcommands, options, decks, models. Source it, or install it as
# share/bash-completion/completions/pelagos.
_pelagos()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words=
    local -A options=(
        [run]='-o --output --set --steps --resume --overwrite --from --no-output --warm-up --seconds
               --quiet --help'
        [check]='--set --help' [plan]='--set --tiles --steps --help' [apps]='--help' [params]='--help'
        [info]='--deck --help' [compare]='--help' [machine]='--measure --threads --json --help'
        [bench]='--size --threads --steps --executor --repetitions --pitch --height --chunk --row --periodic --json --exhaustive
                 --set --list --help'
        [scale]='-o --output --threads --strong --weak --grow --places --repeat --seconds --steps --resume --overwrite --script
                 --node --set --quiet --help'
    )
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'run check apps params plan info compare machine bench scale --help --version' -- "$current")
        return
    fi
    case $previous in
    -o | --output) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    -s | --set | -t | --steps | --seconds | --warm-up | --repeat | --grow | --node | --threads | --size | --repetitions | --pitch | --height | --chunk | --row) return ;;
    --places) mapfile -t COMPREPLY < <(compgen -W 'compact spread compact,spread' -- "$current"); return ;;
    --script) mapfile -t COMPREPLY < <(compgen -W 'slurm' -- "$current"); return ;;
    --executor) mapfile -t COMPREPLY < <(compgen -W 'auto reference spatial temporal' -- "$current"); return ;;
    --exhaustive) mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X '!*.y*ml' -- "$current"); return ;;
    --tiles) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --from) mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X '!*.h5' -- "$current"); return ;;
    esac
    if [[ $current == -* ]]; then
        words=${options[$command]}
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    case $command in
    run | check | plan | scale) mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -X '!*.y*ml' -- "$current") ;;
    params) words=$("${COMP_WORDS[0]}" apps 2> /dev/null | awk '{print $1}')
            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
    bench) words=$("${COMP_WORDS[0]}" bench --list 2> /dev/null | awk '{print $1}')
            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
    info | compare) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    esac
}
complete -o filenames -F _pelagos pelagos
