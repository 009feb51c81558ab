/* SPDX-License-Identifier: MIT
 *
 * Words that `init` wrote and that nobody has replaced, dealt out without knowing
 * anything or chosen by gold labels: the comments that say so are still there.
 */
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>

#include "fit.h"
#include "init_mark.h"
#include "labelled.h"
#include "say.h"
#include "setup.h"

enum { FILE_MOST = 16 << 20, SHOWN = 3 };

typedef struct search {
  const char *mark;
  ws_buffer *out;
  size_t count; // of places
  bool *lfs;    // [count of LFs] those of files with such places; NULL: not wanted
} search;

static ws_status note(search *s, const char *path, size_t line) {
  if (++s->count > SHOWN) return WS_OK;
  return ws_buffer_printf(s->out, "%s%s:%zu", s->count > 1 ? ", " : "", path, line);
}

static bool begins(ws_text line, const char *with) {
  size_t size = strlen(with);
  return line.size >= size && memcmp(line.data, with, size) == 0;
}

static bool has_mark(ws_text line, const char *mark) {
  size_t skipped = begins(line, "# ") ? 2 : begins(line, "-- ") ? 3 : 0;
  ws_text rest = {line.data + skipped, line.size - skipped};
  return skipped && begins(rest, mark);
}

static ws_status search_file(search *s, const char *path, bool lists, ws_error *err);

/* The list that `name  CLASS  @words.txt` names, as `init` writes it: beside the file. */
static ws_status search_list(search *s, const char *rules, ws_text line, ws_error *err) {
  const char *slash = strrchr(rules, '/'), *at = memchr(line.data, '@', line.size);
  if (line.size == 0 || line.data[0] == '#' || !at) return WS_OK;
  ws_text name = {at + 1, line.size - (size_t)(at + 1 - line.data)};
  while (name.size && strchr(" \t\r", name.data[name.size - 1])) name.size--;
  if (name.size == 0 || memchr(name.data, '/', name.size)) return WS_OK;
  ws_buffer path = {0};
  ws_status status = ws_buffer_printf(
      &path, "%.*s%.*s", slash ? (int)(slash - rules) + 1 : 0, rules, WS_TEXT_ARG(name));
  status = status == WS_OK ? search_file(s, path.data, false, err) : ws_error_nomem(err);
  ws_buffer_clear(&path);
  return status;
}

static ws_status search_text(search *s, const char *path, ws_text text, bool lists,
                             ws_error *err) {
  size_t number = 0;
  for (size_t at = 0; at < text.size;) {
    const char *start = text.data + at, *end = memchr(start, '\n', text.size - at);
    ws_text line = {start, end ? (size_t)(end - start) : text.size - at};
    at += line.size + 1;
    number++;
    if (has_mark(line, s->mark) && note(s, path, number) != WS_OK)
      return ws_error_nomem(err);
    if (lists) WS_TRY(search_list(s, path, line, err));
  }
  return WS_OK;
}

/* What cannot be read has no words: the labeling functions are loaded already. */
static ws_status search_file(search *s, const char *path, bool lists, ws_error *err) {
  struct stat about;
  ws_buffer bytes = {0};
  if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return WS_OK;
  ws_status status = ws_input_file(path, FILE_MOST, &bytes, NULL);
  if (status == WS_OK)
    status = search_text(s, path, ws_buffer_as_text(&bytes), lists, err);
  else if (status != WS_ENOMEM)
    status = WS_OK;
  ws_buffer_clear(&bytes);
  return status;
}

static ws_status search_all(search *s, const fit *f, ws_error *err) {
  bool found = false;
  for (size_t j = 0; j < ws_lf_set_count(f->lfs); j++) {
    const char *file = ws_lf_set_at(f->lfs, j)->file; // those of a file stand together
    bool seen = j && strcmp(ws_lf_set_at(f->lfs, j - 1)->file, file) == 0;
    size_t before = s->count;
    if (!seen) WS_TRY(search_file(s, file, ends_with(file, ".rules"), err));
    if (!seen) found = s->count > before;
    if (s->lfs) s->lfs[j] = found;
  }
  return WS_OK;
}

/* Whether records of dev are records of the data whose gold labels chose the words. Known
 * only where the data can be read again. */
static ws_status dev_is_of_data(const fit *f, bool *out, ws_error *err) {
  const part *data = &f->parts[DATA], *dev = &f->parts[DEV];
  labelled_shares found = {0};
  *out = strcmp(data->digest, dev->digest) == 0;
  if (*out || !ws_votes_has_gold(data->votes) || !is_file(data->path)) return WS_OK;
  ws_reader_options data_how = data->how, dev_how = dev->how;
  data_how.skipped = dev_how.skipped = NULL; // it was told
  WS_TRY(
      labelled_share(data->path, &data_how, dev->path, &dev_how, f->task, &found, err));
  *out = found.shared > 0;
  return WS_OK;
}

static ws_status find_chosen(fit *f, ws_buffer *places, ws_error *err) {
  search dev = {.mark = INIT_CHOSEN, .out = places};
  search data = {.mark = INIT_CHOSEN_DATA, .out = places};
  bool shared = false;
  WS_TRY(search_all(&dev, f, err));
  if (dev.count == 0) WS_TRY(search_all(&data, f, err));
  if (data.count) WS_TRY(dev_is_of_data(f, &shared, err));
  f->chosen_by_data = shared;
  f->setup.chosen_by_dev = dev.count || shared;
  return WS_OK;
}

/* Gold that chose the words would find them better than they are. */
ws_status fit_find_chosen(fit *f, ws_error *err) {
  ws_buffer places = {0};
  const ws_votes *dev = f->parts[DEV].votes;
  if (!f->lfs || !dev || !ws_votes_has_gold(dev) || f->o->no_dev_gold) return WS_OK;
  ws_status status = find_chosen(f, &places, err);
  if (f->setup.chosen_by_dev)
    say_warning("the gold labels of %s chose the words of `init` (%s): scores on %s "
                "flatter them, and the label model is fitted without these labels, until "
                "the comment %s is taken out",
                f->chosen_by_data ? "the data, those of dev among them," : "dev",
                places.data, f->chosen_by_data ? "both" : "dev",
                f->chosen_by_data ? INIT_CHOSEN_DATA : INIT_CHOSEN);
  ws_buffer_clear(&places);
  return status;
}

/* The same of scores on the data; no more hangs on these. */
static ws_status find_chosen_by_data(fit *f, ws_error *err) {
  const ws_votes *data = f->parts[DATA].votes;
  ws_buffer places = {0};
  search s = {.mark = INIT_CHOSEN_DATA, .out = &places};
  if (f->chosen_by_data || !data || !ws_votes_has_gold(data)) return WS_OK; // or said
  ws_status status = search_all(&s, f, err);
  f->chosen_by_data = status == WS_OK && s.count > 0;
  if (f->chosen_by_data)
    say_warning("the gold labels of the data chose the words of `init` (%s): scores on "
                "the data flatter them; compare on a test set, and take out the "
                "comment " INIT_CHOSEN_DATA " when the words are yours",
                places.data);
  ws_buffer_clear(&places);
  return status;
}

ws_status fit_find_placeholders(fit *f, ws_error *err) {
  size_t count = ws_lf_set_count(f->lfs);
  f->has_placeholders = ws_alloc_zero(count, sizeof *f->has_placeholders);
  if (!f->has_placeholders) return ws_error_nomem(err);
  search s = {INIT_PLACEHOLDERS, &f->placeholders, 0, f->has_placeholders};
  WS_TRY(find_chosen_by_data(f, err));
  WS_TRY(search_all(&s, f, err));
  if (s.count > SHOWN &&
      ws_buffer_printf(s.out, " and %zu more", s.count - SHOWN) != WS_OK)
    return ws_error_nomem(err);
  if (s.count)
    say_warning("the words that `init` dealt out blindly are still there, so labels mean "
                "nothing yet: put words of yours in their place, and take out the "
                "comments " INIT_PLACEHOLDERS " (%s)",
                s.out->data);
  return WS_OK;
}
