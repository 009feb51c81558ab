# Makes C arrays of lines of the default prompt and of the language card of a page:
# embed.cmake OUT PROMPT PAGE
function(as_lines name lines)
  string(REPLACE "\\" "\\\\" lines "${lines}")
  string(REPLACE "\"" "\\\"" lines "${lines}")
  string(REPLACE "?" "\\?" lines "${lines}") # no trigraphs
  string(REGEX REPLACE "([^\n]*)\n" "  \"\\1\\\\n\",\n" lines "${lines}")
  set(text "${text}\nconst char *const ws__${name}[] = {\n${lines}  NULL,\n};\n" PARENT_SCOPE)
endfunction()

set(text "/* Made of lf/templates/ and a page of docs/ by embed.cmake. */\n#include \"prompt_priv.h\"\n")
file(READ "${CMAKE_ARGV4}" prompt)
as_lines(prompt_lines "${prompt}")
file(READ "${CMAKE_ARGV5}" page)
string(FIND "${page}" "<!-- card -->\n" from)
string(FIND "${page}" "<!-- /card -->" to)
if(from LESS 0 OR to LESS from)
  message(FATAL_ERROR "${CMAKE_ARGV5}: expected <!-- card --> and <!-- /card -->")
endif()
math(EXPR from "${from} + 14") # the marker and its line end
math(EXPR size "${to} - ${from}")
string(SUBSTRING "${page}" ${from} ${size} card)
as_lines(card_lines "${card}")
file(WRITE "${CMAKE_ARGV3}" "${text}")
