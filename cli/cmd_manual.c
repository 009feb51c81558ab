/* SPDX-License-Identifier: MIT
 *
 * weaksup manual: a manual page in mdoc(7), from what --help knows.
 */
#include <ctype.h>
#include <string.h>

#include <weaksup/version.h>

#include "commands.h"
#include "option_table.h"
#include "say.h"

enum { WIDTH = 76 }; // of lines, in columns

/* --- text --------------------------------------------------------------------------- */

static void print_escaped(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '\\')
      fputs("\\e", stdout);
    else
      putchar(text[i]);
  }
}

/* A line of text; one that begins like a request does not count as one. */
static void print_line(const char *text, size_t size) {
  if (size && (*text == '.' || *text == '\'')) fputs("\\&", stdout);
  print_escaped(text, size);
  putchar('\n');
}

/* Where the line that begins here ends: in front of the blank behind a sentence, or where
 * it would be too wide. */
static size_t line_size(const char *text, size_t size) {
  size_t fits = 0;
  for (size_t i = 0; i < size; i++) {
    if (text[i] != ' ') continue;
    if (i > WIDTH && fits) return fits;
    fits = i;
    if (i && strchr(".?!", text[i - 1])) return i;
  }
  return size > WIDTH && fits ? fits : size;
}

static void print_paragraph(const char *text, size_t size) {
  while (size) {
    size_t line = line_size(text, size);
    print_line(text, line);
    while (line < size && text[line] == ' ') line++;
    text += line;
    size -= line;
  }
}

/* The lines of `text` in paragraphs; indented ones stay as they are. */
static void print_text(const char *text) {
  char paragraph[4096];
  size_t filled = 0;
  for (const char *line = text; *line;) {
    size_t size = strcspn(line, "\n");
    bool literal = size && *line == ' ';
    if (literal || !size || filled + size + 1 > sizeof paragraph) {
      print_paragraph(paragraph, filled);
      filled = 0;
    }
    if (literal) {
      printf(".Dl ");
      print_line(line + strspn(line, " "), size - strspn(line, " "));
    } else {
      if (filled) paragraph[filled++] = ' ';
      memcpy(paragraph + filled, line, size);
      filled += size;
    }
    line += size + (line[size] == '\n');
  }
  print_paragraph(paragraph, filled);
}

/* --- sections ----------------------------------------------------------------------- */

static void print_upper(const char *text) {
  for (const char *c = text; *c; c++) putchar(toupper((unsigned char)*c));
}

static void print_head(const char *name, const char *summary) {
  printf(".Dd %s\n.Dt WEAKSUP", WS_VERSION_DATE);
  if (name) putchar('-');
  if (name) print_upper(name);
  printf(" 1\n.Os\n.Sh NAME\n.Nm weaksup%s%s\n.Nd ", name ? "-" : "", name ? name : "");
  print_escaped(summary, strlen(summary));
  printf("\n.Sh SYNOPSIS\n.Nm weaksup\n");
}

static void print_option(const option *o) {
  printf(".It ");
  if (o->letter) printf("Fl %c , ", o->letter);
  printf("Fl -%s", option_shown(o));
  if (o->metavar) printf(" Ar \"%s\"", o->metavar);
  putchar('\n');
  print_paragraph(o->help, strlen(o->help));
}

static void print_options(const command *self) {
  option_walk walk = {0};
  size_t group = option_group_count;
  printf(".Sh OPTIONS\n");
  for (const option *o; (o = option_next(self, &walk));) {
    if (walk.group != group) {
      if (group != option_group_count) printf(".El\n");
      printf(".Ss %s\n.Bl -tag -width Ds\n", option_groups[walk.group].title);
    }
    group = walk.group;
    print_option(o);
  }
  printf(".El\n");
}

static void print_exit(void) {
  printf(".Sh EXIT STATUS\n"
         ".Bl -tag -width Ds -compact\n"
         ".It 0\nDone.\n"
         ".It 1\nFailed; standard error says why.\n"
         ".It 2\nThe command line is wrong.\n"
         ".El\n");
}

static void print_examples(const char *examples) {
  printf(".Sh EXAMPLES\n");
  for (const char *line = examples; *line;) {
    size_t size = strcspn(line, "\n");
    if (*line == '#') {
      if (line != examples) printf(".Pp\n");
      print_paragraph(line + 2, size - 2);
    } else {
      printf(".Dl ");
      print_line(line, size);
    }
    line += size + (line[size] == '\n');
  }
}

static void print_command(const command *self) {
  print_head(self->name, self->summary);
  printf(".Cm %s\n.Op Ar option ...\n", self->name);
  if (*self->arguments) printf(".Ar \"%s\"\n", self->arguments);
  printf(".Sh DESCRIPTION\n");
  print_text(self->details);
  print_options(self);
  print_exit();
  if (self->examples) print_examples(self->examples);
  printf(".Sh SEE ALSO\n.Xr weaksup 1\n");
}

/* --- weaksup(1) --------------------------------------------------------------------- */

static const char description[] =
    "Labels text without annotators: small labeling functions vote for classes, a label "
    "model estimates from their agreements and disagreements how accurate each is, and "
    "the probabilistic labels train a classifier. The main job is weaksup fit.\n";

static const char files[] =
    ".Sh FILES\n"
    ".Bl -tag -width Ds\n"
    ".It Pa weaksup.lua\nThe task: classes, files and names of fields.\n"
    ".It Pa lfs/\nThe labeling functions, in Lua or as rules.\n"
    ".It Pa run/\nWhat a fit writes.\n"
    ".It Pa .weaksup/cache\nVotes and classifiers that are kept between runs.\n"
    ".El\n";

static void print_overview(void) {
  print_head(NULL, "weak-supervision labeling");
  printf(".Ar command\n.Op Ar option ...\n.Op Ar argument ...\n.Sh DESCRIPTION\n");
  print_text(description);
  printf(".Pp\nThe commands, each with a page of its own:\n.Bl -tag -width Ds\n");
  for (size_t i = 0; i < command_count; i++) {
    printf(".It Xr weaksup-%s 1\n", commands[i]->name);
    print_paragraph(commands[i]->summary, strlen(commands[i]->summary));
  }
  printf(".El\n");
  fputs(files, stdout);
  print_exit();
  print_examples(cmd_fit.examples);
}

static int run(const command *self, const options *o) {
  if (o->argument_count == 0 || strcmp(o->arguments[0], "help") == 0) {
    print_overview();
    return EXIT_DONE;
  }
  const command *about = command_find(o->arguments[0]);
  if (about) {
    print_command(about);
    return EXIT_DONE;
  }
  const char *meant = command_suggest(o->arguments[0]);
  say_usage(self, "expected a command, found '%s'%s%s%s", o->arguments[0],
            DID_YOU_MEAN(meant));
  return EXIT_USAGE;
}

const command cmd_manual = {
    .name = "manual",
    .arguments = "[COMMAND]",
    .summary = "a manual page",
    .details =
        "Prints the manual page of a command, or of weaksup as a whole, in mdoc. An\n"
        "installation has them all: man weaksup, man weaksup-fit.\n",
    .examples = "weaksup manual fit | man -l -\n",
    .takes = (const char *const[]){NULL},
    .least = 0,
    .most = 1,
    .run = run,
};
