/* SPDX-License-Identifier: MIT
 *
 * What `weaksup ask` tells: how right the answers are on dev, how many there are, and
 * what they cost.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/metrics.h>

#include "ask.h"
#include "members.h"
#include "say.h"
#include "step.h"
#include "table.h"

typedef struct counts {
  uint64_t asked, voted, abstained, unreadable, cut;
} counts;

static counts count(const ask *a) {
  counts c = {0};
  for (size_t i = 0; i < a->data.count; i++) {
    const ask_item *item = &a->data.items[i];
    if (!item->asked) continue;
    c.asked++;
    bool voted = item->answer.label != WS_ABSTAIN && item->answer.agreed >= a->least;
    c.voted += voted;
    c.abstained += !voted;
    c.unreadable += item->answer.unreadable;
    c.cut += item->answer.cut;
  }
  return c;
}

typedef struct accuracy {
  uint64_t n, right;
  double share;
  ws_interval interval;
} accuracy;

/* Of the answers on which from .. to samples agreed. */
static accuracy accuracy_of(const ask *a, unsigned from, unsigned to) {
  accuracy found = {0};
  for (unsigned agreed = from; agreed <= to; agreed++) {
    found.n += a->tally.answered[agreed];
    found.right += a->tally.right[agreed];
  }
  found.share = found.n ? (double)found.right / (double)found.n : (double)NAN;
  found.interval = ws_binomial_interval(found.right, found.n, 0.95);
  return found;
}

/* --- tables --- */

static void print_row(table *t, const char *what, accuracy found) {
  table_cell(t, "%s", what);
  table_cell(t, "%llu", (unsigned long long)found.n);
  if (found.n) {
    table_cell(t, "%.3f", found.share);
    table_cell(t, "%.3f-%.3f", found.interval.low, found.interval.high);
  } else {
    table_cell(t, "-");
    table_cell(t, "-");
  }
}

static void print_dev(const ask *a) {
  static const bool right[] = {false, true, true, true};
  table t = {.columns = 4, .right = right};
  const char *const heads[] = {"agree", "n", "accuracy", "95% interval"};
  char what[32];
  for (size_t i = 0; i < 4; i++) table_cell(&t, "%s", heads[i]);
  for (unsigned agreed = a->how.samples; agreed > 0 && a->how.samples > 1; agreed--) {
    snprintf(what, sizeof what, "%u of %u", agreed, a->how.samples);
    print_row(&t, what, accuracy_of(a, agreed, agreed));
  }
  print_row(&t, "votes", accuracy_of(a, a->least, a->how.samples));
  printf("on the %llu gold label%s of dev:\n", (unsigned long long)a->tally.records,
         a->tally.records == 1 ? "" : "s");
  table_print(&t);
}

static void print_counts(const ask *a) {
  counts c = count(a);
  printf("%llu of %zu records asked about: %llu vote%s, %llu without\n",
         (unsigned long long)c.asked, a->data.count, (unsigned long long)c.voted,
         c.voted == 1 ? "" : "s", (unsigned long long)c.abstained);
}

static void print_next(const ask *a) {
  const char *dev = a->dev.count ? a->o->dev_out : NULL;
  if (!count(a).voted) return;
  step s = step_fit_votes(&cmd_ask, a->o, a->o->out, dev);
  step_print(&s, a->o, "fit with these votes");
}

/* --- JSON --- */

static void put_accuracy(ws_json_writer *json, accuracy found) {
  json_put_uint(json, "n", found.n);
  json_put_number(json, "accuracy", found.share);
  json_put_number(json, "low", found.interval.low);
  json_put_number(json, "high", found.interval.high);
}

static void put_dev(ws_json_writer *json, const ask *a) {
  ws_json_key(json, "dev");
  if (!a->tally.records) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  json_put_uint(json, "records", a->tally.records);
  ws_json_key(json, "votes");
  ws_json_open(json, '{');
  put_accuracy(json, accuracy_of(a, a->least, a->how.samples));
  ws_json_close(json, '}');
  ws_json_key(json, "agreement");
  ws_json_open(json, '[');
  for (unsigned agreed = a->how.samples; agreed > 0; agreed--) {
    ws_json_open(json, '{');
    json_put_uint(json, "agree", agreed);
    put_accuracy(json, accuracy_of(a, agreed, agreed));
    ws_json_close(json, '}');
  }
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

static int print_json(const ask *a) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  counts c = count(a);
  ws_json_open(&json, '{');
  json_put_text(&json, "name", ws_buffer_as_text(&a->name));
  json_put_string(&json, "model", ws_chat_model(a->chat));
  json_put_uint(&json, "samples", a->how.samples);
  json_put_uint(&json, "records", a->data.count);
  json_put_uint(&json, "chosen", a->data.chosen_count);
  json_put_uint(&json, "asked", c.asked);
  json_put_uint(&json, "voted", c.voted);
  json_put_uint(&json, "unreadable", c.unreadable);
  json_put_uint(&json, "cut", c.cut);
  json_put_uint(&json, "refused", a->failed);
  json_put_bool(&json, "out_of_budget", a->out_of_budget);
  put_dev(&json, a);
  ws_json_key(&json, "account");
  ws_json_open(&json, '{');
  chat_put_account(&json, a->chat);
  ws_json_close(&json, '}');
  ws_json_close(&json, '}');
  return json_print(&json);
}

int ask_print(const ask *a) {
  if (a->o->json) return print_json(a);
  if (a->o->quiet) return EXIT_DONE;
  if (a->tally.records) print_dev(a);
  print_counts(a);
  print_next(a);
  return EXIT_DONE;
}

void ask_say(const ask *a) {
  counts c = count(a);
  if (a->out_of_budget)
    say_warning("the budget is used up: %llu of %zu records were asked about, the others "
                "have no vote (--budget-tokens, --budget-usd)",
                (unsigned long long)c.asked, a->data.chosen_count);
  if (c.unreadable)
    say_warning("%llu answers cannot be read as a label%s: to record '%s' it is '%s'%s",
                (unsigned long long)c.unreadable,
                c.cut ? ", some of them as they were cut (--max-tokens allows more)" : "",
                a->unread_id.size ? a->unread_id.data : "",
                a->unread.size ? a->unread.data : "",
                a->o->record || a->o->replay ? "" : " (--record DIR keeps all of them)");
  if (a->failed)
    say_warning("%zu record%s without an answer: a replay of this work ends there",
                a->failed, a->failed == 1 ? "" : "s");
  chat_say_account(a->o, a->chat);
}

/* --- --dry-run --- */

static ws_status add_up(ask *a, const ask_part *part, ws_chat_usage *sum,
                        ws_chat_request *request) {
  for (size_t i = 0; i < part->chosen_count; i++) {
    WS_TRY(ws_chat_labeler_request(a->labeler, part->items[part->chosen[i]].text, 0,
                                   request));
    ws_chat_usage one = ws_chat_worst_case(request);
    sum->input += one.input * a->how.samples;
    sum->output += one.output * a->how.samples;
  }
  return WS_OK;
}

/* text_print makes one line of it. */
static void print_lines(ws_text text) {
  while (text.size) {
    const char *stop = memchr(text.data, '\n', text.size);
    size_t size = stop ? (size_t)(stop - text.data) : text.size;
    text_print((ws_text){text.data, size});
    printf("\n");
    size += stop != NULL;
    text = (ws_text){text.data + size, text.size - size};
  }
}

static void say_requests(const ask *a, const char *front, size_t records,
                         const char *what, ws_chat_usage sum) {
  char usd[64];
  chat_put_cost(&a->settings, sum, usd, sizeof usd);
  say_note(a->o, "%s%llu requests%s: about %llu tokens in, at most %llu out%s", front,
           (unsigned long long)records * a->how.samples, what,
           (unsigned long long)sum.input, (unsigned long long)sum.output, usd);
}

static void say_estimate(const ask *a, ws_chat_usage dev, ws_chat_usage sum) {
  size_t of_dev = a->dev.chosen_count, of_data = a->data.chosen_count;
  say_requests(a, "", of_dev + of_data, "", sum);
  if (of_dev)
    say_requests(a, "of these ", of_dev,
                 " about dev, to tell how right it is (--dev '' saves them)", dev);
}

int ask_print_dry(ask *a) {
  ws_chat_usage dev = {0}, sum;
  ws_chat_request request;
  const ask_part *first = a->data.chosen_count ? &a->data : &a->dev;
  ws_status status = add_up(a, &a->dev, &dev, &request);
  sum = dev;
  if (status == WS_OK) status = add_up(a, &a->data, &sum, &request);
  if (status != WS_OK) return say_failure(&(ws_error){.status = WS_ENOMEM});
  if (first->chosen_count) {
    ws_text text = first->items[first->chosen[0]].text;
    if (ws_chat_labeler_request(a->labeler, text, 0, &request) != WS_OK)
      return say_failure(&(ws_error){.status = WS_ENOMEM});
    text_print(request.system);
    printf("\n\n");
    print_lines(request.prompt);
  }
  say_estimate(a, dev, sum);
  return EXIT_DONE;
}
