# fish completion for bibsmith

set -l commands get add search update dedupe cache check format keys undo history export
set -l actions stats clear path export import

complete -c bibsmith -f
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a get -d 'Print entries for arXiv ids'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a add -d 'Insert entries into a .bib file'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a search -d 'Search arXiv'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a cache -d 'The cache of answers'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a update -d 'Refresh the entries of .bib files'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a dedupe -d 'The same paper under two keys'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a check -d 'What is wrong in .bib files'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a format -d 'Lay out the entries of .bib files'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a keys -d 'Rename citation keys'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a undo -d 'Take back the last change'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a history -d 'What bibsmith changed in a file'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -a export -d 'A .bib file in another format'
complete -c bibsmith -n "not __fish_seen_subcommand_from $commands" -l version -d 'Print the version'

complete -c bibsmith -s h -l help -d 'Print help'
complete -c bibsmith -l help-all -d 'Print the help of all commands'
complete -c bibsmith -l config -r -F -d 'Read this file, and not the user\'s config.toml'
complete -c bibsmith -l store -r -F -d 'Keep answers in this SQLite file'
complete -c bibsmith -l offline -d 'Answer from the cache alone'
complete -c bibsmith -l json -d 'Print one JSON document'
complete -c bibsmith -l color -x -a 'auto always never' -d 'When to colour'
complete -c bibsmith -s q -l quiet -d 'Errors only'
complete -c bibsmith -s v -l verbose -d 'Say what is done'

complete -c bibsmith -n '__fish_seen_subcommand_from get' -l format -x -a 'bibtex biblatex csl-json ris hayagriva' -d 'Format'
complete -c bibsmith -n '__fish_seen_subcommand_from get' -l encoding -x -a 'latex utf8' -d 'Characters outside ASCII'
complete -c bibsmith -n '__fish_seen_subcommand_from get' -l authors-max -x -d 'Cut longer author lists'
complete -c bibsmith -n '__fish_seen_subcommand_from get' -l no-publish -d 'The preprint, always'
complete -c bibsmith -n '__fish_seen_subcommand_from get' -l explain -d 'Say where each field came from'

complete -c bibsmith -n '__fish_seen_subcommand_from add' -l to -r -F -d 'The .bib file'

complete -c bibsmith -n '__fish_seen_subcommand_from search' -l title -x -d 'Words of the title'
complete -c bibsmith -n '__fish_seen_subcommand_from search' -l author -x -d 'An author\'s name'
complete -c bibsmith -n '__fish_seen_subcommand_from search' -l abstract -x -d 'Words of the abstract'
complete -c bibsmith -n '__fish_seen_subcommand_from search' -l category -x -d 'cs.CL, cs.*, hep-th …'
complete -c bibsmith -n '__fish_seen_subcommand_from search' -l from -x -d 'First submitted on this day or later'
complete -c bibsmith -n '__fish_seen_subcommand_from search' -l to -x -d 'First submitted on this day or before'
complete -c bibsmith -n '__fish_seen_subcommand_from search' -l max -x -d 'At most so many results'
complete -c bibsmith -n '__fish_seen_subcommand_from search' -l sort -x -a 'relevance submitted updated' -d 'Order'

complete -c bibsmith -n '__fish_seen_subcommand_from update' -l dry-run -d 'Change nothing, say what would change'
complete -c bibsmith -n '__fish_seen_subcommand_from update' -l diff -d 'Change nothing, print a diff'
complete -c bibsmith -n '__fish_seen_subcommand_from update' -l check -d 'Change nothing, tell whether a file would change'
complete -c bibsmith -n '__fish_seen_subcommand_from update' -l only -x -d 'These entries alone'
complete -c bibsmith -n '__fish_seen_subcommand_from update' -l fields -x -d 'These fields alone may change'
complete -c bibsmith -n '__fish_seen_subcommand_from update' -l keep -x -d 'These fields never change'
complete -c bibsmith -n '__fish_seen_subcommand_from update' -l no-publish -d 'Preprints stay preprints'
complete -c bibsmith -n '__fish_seen_subcommand_from update' -l overwrite -d 'Also values that you wrote'
complete -c bibsmith -n '__fish_seen_subcommand_from dedupe' -l merge -d 'Make one entry of each group'
complete -c bibsmith -n '__fish_seen_subcommand_from dedupe' -l tex -r -F -d 'TeX files that cite the entries'
complete -c bibsmith -n '__fish_seen_subcommand_from dedupe' -l dry-run -d 'Change nothing, say what would be merged'
complete -c bibsmith -n '__fish_seen_subcommand_from dedupe' -l diff -d 'Change nothing, print what would change'
complete -c bibsmith -n '__fish_seen_subcommand_from check' -l format -x -a 'text json github' -d 'How findings are printed'
complete -c bibsmith -n '__fish_seen_subcommand_from check' -l dialect -x -a 'auto bibtex biblatex' -d 'Of the files'
complete -c bibsmith -n '__fish_seen_subcommand_from check' -l only -x -d 'Show these codes alone'
complete -c bibsmith -n '__fish_seen_subcommand_from check' -l ignore -x -d 'Do not show these codes'
complete -c bibsmith -n '__fish_seen_subcommand_from format' -l check -d 'Change nothing, tell whether a file would change'
complete -c bibsmith -n '__fish_seen_subcommand_from format' -l diff -d 'Change nothing, print what would change'
complete -c bibsmith -n '__fish_seen_subcommand_from format' -l indent -x -d 'Spaces before each field, or tab'
complete -c bibsmith -n '__fish_seen_subcommand_from format' -l align -x -d 'The column of =, or none'
complete -c bibsmith -n '__fish_seen_subcommand_from format' -l delimiters -x -a 'braces quotes' -d 'Of values'
complete -c bibsmith -n '__fish_seen_subcommand_from format' -l case -x -a 'lower upper' -d 'Of types and field names'
complete -c bibsmith -n '__fish_seen_subcommand_from keys' -l pattern -x -d 'How keys are made'
complete -c bibsmith -n '__fish_seen_subcommand_from keys' -l tex -r -F -d 'TeX files that cite the entries'
complete -c bibsmith -n '__fish_seen_subcommand_from keys' -l dry-run -d 'Change nothing, print the keys'
complete -c bibsmith -n '__fish_seen_subcommand_from undo' -l dry-run -d 'Change nothing, say what would be taken back'
complete -c bibsmith -n '__fish_seen_subcommand_from undo' -l diff -d 'Change nothing, print what would change'
complete -c bibsmith -n '__fish_seen_subcommand_from export' -l format -x -a 'bibtex biblatex csl-json ris hayagriva' -d 'Format'
complete -c bibsmith -n '__fish_seen_subcommand_from update dedupe check format keys undo history export' -F

complete -c bibsmith -n "__fish_seen_subcommand_from cache; and not __fish_seen_subcommand_from $actions" -a "$actions"
complete -c bibsmith -n '__fish_seen_subcommand_from export import' -F
