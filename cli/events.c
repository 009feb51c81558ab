/* SPDX-License-Identifier: MIT
 *
 * Events on standard error.
 */
#include "events.h"

#include <math.h>
#include <stdio.h>

#include "members.h"

static bool enabled; // set once, when options are read

void events_enable(void) {
  enabled = true;
}

bool events_on(void) {
  return enabled;
}

static void begin(ws_json_writer *json, const char *kind) {
  ws_json_open(json, '{');
  json_put_string(json, "event", kind);
}

static void end(ws_json_writer *json) {
  ws_json_close(json, '}');
  if (json->status == WS_OK) fprintf(stderr, "%s\n", json->out->data);
  ws_buffer_clear(json->out);
}

void event_message(const char *kind, const char *text) {
  ws_buffer line = {0};
  ws_json_writer json = {.out = &line};
  begin(&json, kind);
  json_put_string(&json, "message", text);
  end(&json);
}

void event_progress(const ws_progress *progress, double rate, double rest) {
  ws_buffer line = {0};
  ws_json_writer json = {.out = &line};
  begin(&json, "progress");
  json_put_string(&json, "stage", progress->stage);
  json_put_uint(&json, "done", progress->done);
  ws_json_key(&json, "total");
  if (progress->total)
    ws_json_uint(&json, progress->total);
  else
    ws_json_null(&json);
  json_put_string(&json, "unit", progress->unit);
  json_put_number(&json, "rate", rate >= 0 ? rate : (double)NAN);
  json_put_number(&json, "seconds_left", rest >= 0 ? rest : (double)NAN);
  end(&json);
}

void event_done(int code, double seconds) {
  ws_buffer line = {0};
  ws_json_writer json = {.out = &line};
  begin(&json, "done");
  json_put_uint(&json, "exit", (uint64_t)code);
  json_put_number(&json, "seconds", seconds);
  end(&json);
}
